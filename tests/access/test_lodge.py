"""Every URL, tried by a caretaker with a lodge's telephone in hand, on the lodge's objects and on
those of the next one, of the same landlord."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.lodges import actors_on_shift
from tests.access.test_every_url import (
    BY_LINK,
    OTHERWISE,
    ROOMS,
    URLS,
    Worlds,
    arguments,
    expected,
    got,
)
from tests.access.world import make_lodges
from tests.cast import Cast
from tests.partners.lodging import enrol, take

pytestmark = pytest.mark.usefixtures("undrawn")


def due(worlds: Worlds, door: rights.Door, actor: Any, side: Any) -> str:
    """What pages of one's own account answer is "forbidden": the telephone is shared."""
    if door.opens_to == rights.SIGNED_IN:
        return "forbidden"
    return expected(worlds, door, actor, side)


def by_turns(name: str) -> bool:
    """A third of the addresses, and all those of the reports that a lodge is for."""
    return name.startswith("reports:") or crc32(name.encode()) % 3 == 0


def test_a_caretaker_opens_what_the_lodge_gives_and_nothing_else(cast: Cast) -> None:
    walk(cast, [row for row in URLS if by_turns(row[0])])


@pytest.mark.drill
def test_a_caretaker_tries_every_url(cast: Cast) -> None:
    walk(cast, URLS)


def walk(cast: Cast, urls: list[Any]) -> None:
    """Try these addresses with the telephone of a lodge in hand."""
    world = make_lodges(cast)
    telephone = Client(headers={"sec-fetch-site": "same-origin"})
    lodge = world["Les Tilleuls"].lodge
    enrol(telephone, lodge)
    take(telephone, lodge, cast.ines)
    (actor,) = actors_on_shift(telephone.get("/").wsgi_request)
    carried = {name: one.value for name, one in telephone.cookies.items()}
    newer = {
        room: {"the landlord's": SimpleNamespace(**module.side(cast, ours=True, public=False))}
        for room, module in ROOMS.items()
    }
    asked = Worlds({}, {})
    wrong, opened = [], 0
    for name, parameters in urls:
        door = rights.doors()[name]
        if name in BY_LINK or name in OTHERWISE:
            continue
        for whose, side in newer.get(name.partition(":")[0], world).items():
            given = arguments(name, parameters, door, side)
            url = reverse(name, args=given.pop("*", ()), kwargs=given)
            wanted = due(asked, door, actor, side)
            for method in ("get", "post"):
                client = Client(headers={"sec-fetch-site": "same-origin"})
                client.cookies.load(carried)
                with transaction.atomic():
                    response = getattr(client, method)(url)
                    answer = got(response)
                    if response.streaming:
                        b"".join(response.streaming_content)
                    transaction.set_rollback(True)
                if response.status_code != 405 and answer != wanted:
                    wrong.append(f"{method} {name} ({whose}): {wanted} was due, {answer} came")
                opened += answer == "open" and bool(door.resource)
    assert not wrong, "\n".join(wrong)
    assert opened > 5  # reports of its own are reached
