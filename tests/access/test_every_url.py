"""Every URL, tried by every member of the cast and by a stranger, on one's own object and on a
neighbour's. What is expected comes from the policies; the policies have tests of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.partners import rights
from parvis.partners.actors import NOBODY
from tests.access.world import make_world
from tests.cast import make_cast
from tests.rooms import NEWER, room_module

pytestmark = pytest.mark.usefixtures("undrawn")


def named_urls(resolver: Any = None, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, parameters) of every URL of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:  # without a name there is no door
            yield f"{space}{entry.name}", tuple(entry.pattern.converters)


ALL_URLS = sorted(set(named_urls()))
# What the editor's library brings and nobody here uses: tried at once, by everybody.
SHUT = {name for name, door in rights.doors().items() if door.opens_to == rights.NOBODY_AT_ALL}
URLS = [row for row in ALL_URLS if row[0] not in SHUT]

# How the objects of a side stand in each URL that names one; "*" for parameters without a name.
ARGUMENTS: dict[str, Any] = {
    "portal:sitemap_of": lambda side: {"kind": "sheet", "number": 1},
    "ui:language": lambda side: {"code": "fr"},
    "portal:quartier": lambda side: {"code": side.quartier.code},
    "partners:agreement": lambda side: {"code": side.agreement.code},
    "partners:edit_agreement": lambda side: {"code": side.agreement.code},
    "partners:organisation": lambda side: {"pk": side.organisation.pk},
    "partners:edit_organisation": lambda side: {"pk": side.organisation.pk},
    "partners:letters": lambda side: {"pk": side.organisation.pk},
    "partners:letters_pdf": lambda side: {"pk": side.organisation.pk},
    "partners:invite": lambda side: {"pk": side.organisation.pk},
    "partners:trust": lambda side: {"pk": side.organisation.pk},
    "partners:withdraw_invitation": lambda side: {"pk": side.invitation.pk},
    "partners:end_mandate": lambda side: {"pk": side.mandate.pk},
    "partners:restore_mandate": lambda side: {"pk": side.mandate.pk},
    "upkeep:revoke_phone": lambda side: {"pk": side.lodge.pk, "phone": side.phone.pk},
    "upkeep:remove_caretaker": lambda side: {"pk": side.lodge.pk, "caretaker": side.caretaker.pk},
    "partners:remove_factors": lambda side: {"pk": side.mandate.pk},
    "mfa_remove": lambda side: {"pk": 0},
    "reports:photo": lambda side: {"pk": side.photo.pk, "size": "small"},
    "reports:export": lambda side: {"form": "csv"},
    "reports:tick": lambda side: {"pk": side.callback.pk},
    "reports:contacts": lambda side: {"reference": side.report.reference},
    "reports:see_number": lambda side: {"pk": side.callback.pk},
    "reports:blackspot": lambda side: {"pk": side.blackspot.pk},
    "reports:plan_blackspot": lambda side: {"pk": side.blackspot.pk},
    "reports:decide_blackspot": lambda side: {"pk": side.blackspot.pk, "code": "close"},
    "demo:enter": lambda side: {"account": "mairie"},
    "demo:letter": lambda side: {"pk": 0},
    "reports:advance": lambda side: {"pk": side.part.pk, "code": "take"},
}
BY_RESOURCE: dict[str, Any] = {
    "reports.report": lambda side: {"reference": side.report.reference},
    "reports.part": lambda side: {"pk": side.part.pk},
    "reports.route": lambda side: {"pk": side.route.pk},
    "reports.commitment": lambda side: {"pk": side.commitment.pk},
    "upkeep.managedarea": lambda side: {"pk": side.area.pk},
    "partners.lodge": lambda side: {"pk": side.lodge.pk},
    "reports.answertemplate": lambda side: {"pk": side.template.pk},
    "reports.photo": lambda side: {"pk": side.photo.pk},
    "reports.savedview": lambda side: {"pk": side.view.pk},
}
OBJECTS = {
    "reports.report": "report",
    "reports.part": "part",
    "reports.photo": "photo",
    "reports.callback": "callback",
    "reports.contact": "contact",
    "reports.blackspot": "blackspot",
    "reports.answertemplate": "template",
    "reports.savedview": "view",
    "reports.commitment": "commitment",
    "reports.route": "route",
    "partners.organisation": "organisation",
    "partners.mandate": "mandate",
    "partners.invitation": "invitation",
    "partners.agreement": "agreement",
    "upkeep.managedarea": "area",
    "partners.lodge": "lodge",
}
# Rooms that bring their own objects, in `tests/<room>/world.py`: ARGUMENTS, BY_RESOURCE and
# OBJECTS as above, and `side(cast, *, ours, public)`, which makes them and gives them by name.
ROOMS = {room: module for room in NEWER if (module := room_module(room, "world"))}
for module in ROOMS.values():
    ARGUMENTS |= module.ARGUMENTS
    BY_RESOURCE |= module.BY_RESOURCE
    OBJECTS |= module.OBJECTS
# URLs that a signed link opens: the link is the right, whoever holds it.
BY_LINK = {name for name, parameters in URLS if "token" in parameters}
REFUSED = {403, 404}


def test_every_url_has_a_door_and_every_door_a_url() -> None:
    assert {name for name, _ in ALL_URLS} == set(rights.doors())


@pytest.mark.django_db
def test_what_nobody_uses_is_shut_to_everybody(worlds: Worlds) -> None:
    addresses = [reverse(name) for name, parameters in ALL_URLS if name in SHUT and not parameters]
    assert len(addresses) > 20
    for client, carried, _ in worlds.browsers.values():
        client.cookies.load(carried)
        assert {client.get(address).status_code for address in addresses} == {403}


def test_every_door_names_a_policy_and_an_action_that_exist() -> None:
    actions = {policy.resource: policy.actions() for policy in rights.policies()}
    for name, door in rights.doors().items():
        if door.resource:
            assert door.action in actions[door.resource], name


def make_room_world(cast: Any, module: Any) -> dict[str, Any]:
    """That room's objects, ours and the neighbour's, each published and not."""
    return {
        f"{'ours' if ours else 'theirs'}, {'public' if public else 'unreviewed'}": SimpleNamespace(
            **module.side(cast, ours=ours, public=public)
        )
        for ours in (True, False)
        for public in (True, False)
    }


@dataclass
class Worlds:
    """Who tries (a browser, its cookies and an actor, by name), and on what (by room)."""

    browsers: dict[str, tuple[Client, dict[str, str], Any]]
    sides: dict[str, dict[str, Any]]
    answers: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def allow(self, resource: str, actor: Any, action: str, pk: int) -> bool:
        """Whether the policy lets this actor do this: asked once, many URLs want to know."""
        key = (resource, actor, action, pk)
        if key not in self.answers:
            rows = apps.get_model(resource).objects.allowed(actor, action)
            self.answers[key] = rows.filter(pk=pk).exists()
        return self.answers[key]


def expected(worlds: Worlds, door: rights.Door, actor: Any, side: Any) -> str:
    """ "sign in", "forbidden", "missing" or "open"."""
    if door.opens_to != rights.EVERYONE:
        if actor.user_id is None:
            return "sign in"
        if door.opens_to == rights.PARTNERS and not actor.is_partner:
            return "forbidden"
        if door.roles and actor.role not in door.roles:
            return "forbidden"
    if not door.resource:
        return "open"
    pk = getattr(side, OBJECTS[door.resource]).pk
    if not worlds.allow(door.resource, actor, door.sees, pk):
        return "missing"
    return "open" if worlds.allow(door.resource, actor, door.action, pk) else "forbidden"


def got(response: Any) -> str:
    if response.status_code == 404:
        return "missing"
    if response.status_code == 403:
        return "forbidden"
    if response.status_code == 302 and response["Location"].startswith("/connexion/"):
        return "sign in"
    assert response.status_code < 500, response
    return "open"


def arguments(
    name: str, parameters: tuple[str, ...], door: rights.Door, side: Any
) -> dict[str, Any]:
    if name in ARGUMENTS:
        return dict(ARGUMENTS[name](side))
    if not parameters:
        return {}
    if door.resource in BY_RESOURCE:
        return dict(BY_RESOURCE[door.resource](side))
    raise AssertionError(f"say in ARGUMENTS which object {name} shows")


@pytest.fixture(scope="module")
def worlds(kept: None) -> Worlds:
    """The world of each room, made when it is first asked for; the requests of every test are
    undone. And everybody of the cast at a browser of their own."""
    cast = make_cast()
    browsers = {}
    for who, person in {"a stranger": None, **cast.people}.items():
        client = Client(headers={"sec-fetch-site": "same-origin"})  # as a browser on our pages
        if person:
            client.force_login(person)
        carried = {name: one.value for name, one in client.cookies.items()}
        browsers[who] = (client, carried, cast.actor(person) if person else NOBODY)
    sides = {room: make_room_world(cast, module) for room, module in ROOMS.items()}
    return Worlds(browsers, {**sides, "": make_world(cast)})


def in_turn(worlds: Worlds, name: str) -> list[str]:
    """Who tries this URL: a fifth of the cast, by turns, and a stranger always. `make drill` lets
    everybody try each of them."""
    stranger, *people = worlds.browsers
    return [stranger, *people[crc32(name.encode()) % 5 :: 5]]


def wrong_answers(
    name: str, parameters: tuple[str, ...], worlds: Worlds, people: Iterable[str]
) -> list[str]:
    """What these people get at this URL, on each object, where something else is due to them."""
    door = rights.doors()[name]
    sides = worlds.sides.get(name.partition(":")[0], worlds.sides[""])
    methods = {"get", "post"}
    wrong = []
    for who in people:
        client, carried, actor = worlds.browsers[who]
        for whose, side in sides.items():
            given = arguments(name, parameters, door, side)
            url = reverse(name, args=given.pop("*", ()), kwargs=given)
            wanted = expected(worlds, door, actor, side)
            for method in sorted(methods):
                client.cookies.clear()  # the request before may have signed out
                client.cookies.load(carried)
                with transaction.atomic():
                    response = getattr(client, method)(url)
                    answer = got(response)
                    if response.streaming:
                        b"".join(response.streaming_content)  # and the file is closed
                    transaction.set_rollback(True)
                if response.status_code == 405:
                    methods.discard(method)
                    continue
                if name not in OTHERWISE and answer != wanted:
                    wrong.append(
                        f"{method} {name} {who} ({whose}): {wanted} was due, {answer} came"
                    )
            if not parameters:
                break
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "parameters"), [row for row in URLS if row[0] not in BY_LINK])
def test_a_url_opens_to_those_its_door_says_and_to_no_other(
    name: str, parameters: tuple[str, ...], worlds: Worlds
) -> None:
    wrong = wrong_answers(name, parameters, worlds, in_turn(worlds, name))
    assert not wrong, "\n".join(wrong)


@pytest.mark.drill
@pytest.mark.django_db
def test_everybody_tries_every_url(worlds: Worlds) -> None:
    wrong = [
        line
        for name, parameters in URLS
        if name not in BY_LINK
        for line in wrong_answers(name, parameters, worlds, worlds.browsers)
    ]
    assert not wrong, "\n".join(wrong)


# Pages of signing in answer by the state of the sign-in itself, a lodge's page by what a telephone
# carries; the demonstration is not loaded.
OTHERWISE = {name for name, _ in URLS if name.startswith(("account_", "mfa_", "oidc_", "demo:"))}
OTHERWISE.add("partners:lodge")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BY_LINK))
def test_a_link_that_nobody_made_opens_nothing(name: str, worlds: Worlds, client: Any) -> None:
    parameters = dict(URLS)[name]
    other = {"pk": 1, "size": "small", "token": "1-inventé", "code": "take", "name": "agenda"}
    answer = client.get(reverse(name, kwargs={key: other[key] for key in parameters}))
    assert answer.status_code in (404, 405, 410) or (answer.status_code == 200 and not parameters)
