"""Every URL of the house with objects behind it, and who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db import transaction
from django.test import Client
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.actors import NOBODY
from tests.access.test_every_url import BY_LINK, OTHERWISE, URLS, Worlds, arguments, expected

OFFICE = "/redaction/"
# A link that opens its own thing, where the world of the walk has made one.
OWN_LINKS = ("reports:follow",)
# Tables are drawn in each of these, where their page offers it.
FORMS = ("csv", "xlsx", "ods", "geojson")


@dataclass(frozen=True)
class Stop:
    """One URL, opened by one person on the objects of one side."""

    name: str
    who: str
    whose: str
    url: str


def addresses(worlds: Worlds) -> Iterator[tuple[str, str, str, Any]]:
    """(name, side, address, what lies there): every URL on every side."""
    for name, parameters in URLS:
        if name in OTHERWISE or name.startswith("demo:"):
            continue
        if name in BY_LINK and name not in OWN_LINKS:
            continue
        door = rights.doors()[name]
        sides = worlds.sides.get(name.partition(":")[0], worlds.sides[""])
        for whose, side in sides.items():
            if name in OWN_LINKS:
                given: dict[str, Any] = {"token": side.token}
            else:
                given = arguments(name, parameters, door, side)
            unnamed = given.pop("*", ())
            for form in FORMS if "form" in given else ("",):
                wanted = given | {"form": form} if form else given
                url = reverse(name, args=unnamed, kwargs=wanted)
                if not url.startswith(OFFICE):
                    yield name, whose, url, side
            if not parameters:
                break


def stops(worlds: Worlds, *, everybody: bool) -> Iterator[Stop]:
    """For each address those it opens to: a stranger where it is open, and one of the cast by
    turns, or everybody."""
    order = list(worlds.sides[""])
    for name, whose, url, side in addresses(worlds):
        door = rights.doors()[name]
        if not everybody and order.index(whose) not in {0, 1 + crc32(name.encode()) % 3}:
            continue
        open_to = [
            who
            for who, (_, _, actor) in worlds.browsers.items()
            if expected(worlds, door, actor, side) == "open"
        ]
        if not everybody and open_to:
            people = [who for who in open_to if who != "a stranger"] or open_to
            chosen = {people[crc32(f"{name} {whose}".encode()) % len(people)]}
            if "a stranger" in open_to and whose == next(iter(worlds.sides[""])):
                chosen.add("a stranger")
            open_to = sorted(chosen)
        for who in open_to:
            yield Stop(name, who, whose, url)


def client_of(worlds: Worlds, who: str) -> Client:
    """That person's browser, with the cookies it began with."""
    client, carried, _ = worlds.browsers[who]
    client.cookies.clear()
    client.cookies.load(carried)
    return client


def actor_of(worlds: Worlds, who: str) -> Any:
    return worlds.browsers[who][2] if who in worlds.browsers else NOBODY


def opened(
    worlds: Worlds, who: str, url: str, method: str = "get", **sent: Any
) -> tuple[Any, bytes]:
    """The answer and all its bytes; whatever it wrote is undone."""
    with transaction.atomic():
        response = getattr(client_of(worlds, who), method)(url, **sent)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, content


def once_each(worlds: Worlds) -> Iterator[Stop]:
    """Each URL once by a stranger and once by somebody of the cast, on the first side that opens
    it to them: what the suite has time for. The drill walks further."""
    seen: set[tuple[str, str, bool]] = set()
    for stop in stops(worlds, everybody=False):
        form = next((one for one in FORMS if stop.url.endswith((f".{one}", f"/{one}/"))), "")
        kind = (stop.name, form, stop.who == "a stranger")
        if kind not in seen:
            seen.add(kind)
            yield stop
