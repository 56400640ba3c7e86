"""The page on foot: who opens it, what a telephone is given, what it keeps to open alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from parvis.gatherings.models import Gathering, Guest, Registration, RegistrationContact
from parvis.partners.models import Organisation
from parvis.ui import keeping
from parvis.walks import links, offline, planning
from parvis.walks.models import Check, Stop, Walk
from tests.cast import Cast
from tests.walks.foot import foot_of, joined_of
from tests.walks.scene import a_check, a_picture, a_walk, called, found, walked, walking

WORKER, SHELL = "/diagnostics/sw.js", "/diagnostics/hors-ligne/"


def data(client: Client, page: str) -> dict[str, Any]:
    """What a telephone is given below that page."""
    answer = client.get(f"{page}donnees.json")
    assert answer.status_code == 200, answer
    told: dict[str, Any] = answer.json()
    return told


def register(walk: Walk, name: str) -> Registration:
    """Somebody who will come."""
    rank = walk.gathering.registrations.count() + 1
    made = Registration.objects.create(
        gathering=walk.gathering, state="seated", rank=rank, at=timezone.now()
    )
    RegistrationContact.objects.create(registration=made, name=name, phone="0612345678")
    return made


# --- What a telephone is given --------------------------------------------------------------------


def test_a_telephone_is_given_the_walk_and_its_stops(cast: Cast, client: Client) -> None:
    walk = walking(cast)
    client.force_login(cast.claire)
    told = data(client, foot_of(walk))
    assert told["walk"]["id"] == walk.pk
    assert told["walk"]["title"] == "Diagnostic des Rives"
    assert (told["walk"]["return"], told["walk"]["over"]) == (False, False)
    assert [stop["number"] for stop in told["stops"]] == [1, 2, 3]
    first = told["stops"][0]
    assert first["title"] == "Pied des Tilleuls"
    assert first["kind"] == "Pied d’immeuble"
    assert set(first["looks"][0]) == {"theme", "label"}
    assert first["looks"][0]["theme"] in dict(told["themes"])
    assert [value for value, _ in told["severities"]] == [1, 2, 3]


def test_a_check_says_what_its_answers_mean(cast: Cast, client: Client) -> None:
    walk = walking(cast)
    check = a_check(walk, ("observation", found(cast, walk).pk), cast)
    client.force_login(cast.claire)
    [told] = data(client, foot_of(walk))["stops"][0]["checks"]
    assert told["id"] == check.pk
    assert set(told["words"]) == {"seen", "unseen", "worse"}
    assert told["title"].startswith("Encombrants")


def test_a_thing_that_one_may_not_see_is_not_among_the_checks(cast: Cast, client: Client) -> None:
    walk, other = walking(cast), walked(cast, organiser=cast.town, actor=cast.actor(cast.karim))
    a_check(walk, ("observation", found(cast, other).pk), cast)
    a_check(walk, ("nothing such", 1), cast)
    client.force_login(cast.claire)
    assert len(data(client, foot_of(walk))["stops"][0]["checks"]) == 1
    client.force_login(cast.luc)  # his landlord was called to the first walk, and to the second
    Guest.objects.filter(gathering=other.gathering).delete()
    assert data(client, foot_of(walk))["stops"][0]["checks"] == []


def test_organisations_are_told_to_partners_and_names_to_those_who_hold_the_sheet(
    cast: Cast, client: Client
) -> None:
    walk = walking(cast)
    register(walk, "Léa Martin")
    client.force_login(cast.claire)
    told = data(client, foot_of(walk))
    assert [one["name"] for one in told["people"]] == ["Léa Martin"]
    assert len(told["guests"]) == 3
    client.force_login(cast.luc)
    told = data(client, foot_of(walk))
    assert told["people"] == []
    assert len(told["guests"]) == 3
    told = data(Client(), joined_of(walk))
    assert (told["guests"], told["people"]) == ([], [])
    assert "Léa" not in Client().get(joined_of(walk)).content.decode()


def test_a_walk_is_over_the_day_after(cast: Cast, client: Client) -> None:
    walk = walking(cast)
    client.force_login(cast.claire)
    now = timezone.now()
    # An hour late, the group still walks.
    Gathering.objects.filter(pk=walk.gathering_id).update(
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(minutes=1)
    )
    late = timezone.localtime(now).date() == timezone.localtime(now - timedelta(minutes=1)).date()
    assert data(client, foot_of(walk))["walk"]["over"] is not late
    Gathering.objects.filter(pk=walk.gathering_id).update(ends_at=now - timedelta(days=1))
    assert data(client, foot_of(walk))["walk"]["over"] is True


def test_what_is_given_costs_as_much_with_many_stops_checks_and_people(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    walk = walking(cast)
    a_check(walk, ("observation", found(cast, walk).pk), cast)
    register(walk, "Léa Martin")
    client.force_login(cast.claire)
    data(client, foot_of(walk))
    with django_assert_num_queries(QUERIES):
        data(client, foot_of(walk))
    many(cast, walk)
    with django_assert_num_queries(QUERIES):
        told = data(client, foot_of(walk))
    assert len(told["stops"]) == 103
    assert sum(len(stop["checks"]) for stop in told["stops"]) == 101
    assert len(told["guests"]) > 100
    assert len(told["people"]) == 101


QUERIES = 13


def many(cast: Cast, walk: Walk) -> None:
    """A hundred more of everything that a telephone is given."""
    stops = Stop.objects.bulk_create(
        Stop(walk=walk, position=10 + number, kind="rue", title=f"Rue {number}")
        for number in range(100)
    )
    for stop in stops:
        thing = found(cast, walk, stop=stop, uid=uuid4())
        Check.objects.create(
            stop=stop,
            thing_kind="observation",
            thing_id=thing.pk,
            organisation=cast.agglomeration,
        )
    for number in range(100):
        register(walk, f"Personne {number}")
        association = Organisation.objects.create(name=f"Association {number}", kind="association")
        Guest.objects.create(gathering=walk.gathering, organisation=association)


def test_the_picture_of_an_earlier_finding_is_told_to_those_who_may_open_it(
    cast: Cast, client: Client
) -> None:
    walk, finding = walking(cast), found(cast, walked(cast))
    a_picture(finding, people=True)
    a_picture(finding, people=False)
    a_check(walk, ("observation", finding.pk), cast)
    client.force_login(cast.claire)
    for browser, page in ((client, foot_of(walk)), (Client(), joined_of(walk))):
        [check] = data(browser, page)["stops"][0]["checks"]
        assert browser.get(check["photo"]).status_code == 200
    finding.pictures.filter(people=False).delete()
    [check] = data(Client(), joined_of(walk))["stops"][0]["checks"]
    assert check["photo"] is None


def test_an_organisation_that_is_only_chosen_is_told_to_who_prepares_the_walk(
    cast: Cast, client: Client
) -> None:
    walk = walking(cast)
    walk.gathering.guests.create(organisation=cast.other_landlord)
    for person, told in ((cast.claire, True), (cast.luc, False)):
        client.force_login(person)
        names = [one["name"] for one in data(client, foot_of(walk))["guests"]]
        assert (cast.other_landlord.name in names) is told
        page = client.get(f"/diagnostics/{walk.pk}/").content.decode()
        assert (cast.other_landlord.name in page) is told


# --- Who opens it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "donnees.json"])
def test_the_page_opens_to_those_who_observe_and_to_no_neighbour(
    name: str, cast: Cast, client: Client
) -> None:
    address = f"{foot_of(called(cast))}{name}"
    assert client.get(address).status_code == 302
    for person, status in ((cast.claire, 200), (cast.luc, 200), (cast.bruno, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status, person
    client.force_login(cast.paul)  # the other landlord was not called
    assert client.get(address).status_code in (403, 404)


@pytest.mark.parametrize("name", ["", "donnees.json"])
def test_the_link_opens_to_everybody_and_tells_its_address_to_nobody(
    name: str, cast: Cast, client: Client
) -> None:
    walk = called(cast)
    answer = client.get(f"{joined_of(walk)}{name}")
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert "csrftoken" in answer.cookies


@pytest.mark.parametrize("name", ["", "donnees.json"])
def test_a_wrong_or_closed_link_opens_nothing(name: str, cast: Cast, client: Client) -> None:
    walk, other = called(cast), called(cast)
    page = joined_of(walk)
    swapped = page.replace(f"/{walk.pk}.", f"/{other.pk}.")
    assert client.get(f"{swapped}{name}").status_code == 404
    Walk.objects.filter(pk=walk.pk).update(nonce="another")
    assert client.get(f"{page}{name}").status_code == 404


def test_the_address_for_telephones_is_whole(cast: Cast, settings: Any) -> None:
    settings.SITE_URL = "https://parvis.exemple.test"
    walk = called(cast)
    assert links.address_of(walk) == f"https://parvis.exemple.test{joined_of(walk)}"


def test_the_link_sees_of_a_walk_what_it_looks_at_again(cast: Cast) -> None:
    earlier = walked(cast)
    walk = planning.plan_walk(
        actor=cast.actor(cast.claire),
        organiser=cast.agglomeration,
        title="Retour aux Rives",
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=2),
        quartiers=[cast.rives],
        before=earlier,
    )
    planning.add_stop(walk, actor=cast.actor(cast.claire), kind="rue", title="Rue des Lilas")
    a_check(walk, ("observation", found(cast, earlier).pk), cast)
    told = data(Client(), joined_of(walk))
    assert told["walk"]["return"] is True
    assert len(told["stops"][0]["checks"]) == 1


# --- What is kept to open alone -------------------------------------------------------------------


def told(client: Client) -> dict[str, Any]:
    """What the worker is told to keep."""
    line = client.get(WORKER).content.decode().splitlines()[0]
    read: dict[str, Any] = json.loads(line.removeprefix("self.parvis = ").removesuffix(";"))
    return read


def needed(name: str) -> set[str]:
    """A script and all that it imports, as files below static/."""
    names = {name}
    path = finders.find(name)
    assert path, name
    for other in re.findall(r'from "(\.{1,2}/[\w/-]+\.js)"', Path(path).read_text()):
        names |= needed(str((Path("/") / name).parent.joinpath(other).resolve())[1:])
    return names


def test_everything_that_the_page_asks_for_is_kept(cast: Cast, client: Client) -> None:
    html = client.get(SHELL).content.decode()
    kept = told(client)["files"]
    asked = re.findall(r'(?:src|href)="(/static/[^"]+|/marque.css)"', html)
    assert asked
    assert set(asked) <= set(kept)
    wanted = needed("walks/foot.js")
    assert "reports/photos.js" in wanted
    assert {f"/static/{name}" for name in wanted} <= set(kept)
    assert {name for name in offline.FILES if name.startswith("walks/")} <= wanted


def test_a_brand_of_its_own_is_kept_too(cast: Cast, client: Client, settings: Any) -> None:
    settings.BRAND = {**settings.BRAND, "slate": "#123456", "logo": "ui/favicon.svg"}
    assert {"/marque.css", "/static/ui/favicon.svg"} <= set(told(client)["files"])


def test_the_kept_page_tells_nothing_of_a_walk_nor_of_whoever_opens_it(
    cast: Cast, client: Client
) -> None:
    before = told(client)["version"]
    walking(cast)
    client.force_login(cast.claire)
    assert told(client)["version"] == before
    page = Client().get(SHELL)
    assert "Rives" not in page.content.decode()
    assert not page.cookies
    kept = told(client)
    assert kept["page"] == SHELL
    assert all(one.startswith("/static/") for one in kept["files"])


def test_a_change_of_a_file_is_a_new_version(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(client)["version"]
    monkeypatch.setattr(keeping, "_digest", lambda names: "other")
    assert told(client)["version"] != first


def test_the_worker_may_not_be_kept_by_caches_and_rules_walks_alone(client: Client) -> None:
    answer = client.get(WORKER)
    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer


@pytest.mark.parametrize(
    ("script", "address", "name"),
    [
        ("foot.js", "/diagnostics/sw.js", "walks:worker"),
        ("foot-waiting.js", "/diagnostics/hors-ligne/", "walks:unconnected"),
    ],
)
def test_scripts_name_addresses_that_exist(script: str, address: str, name: str) -> None:
    path = finders.find(f"walks/{script}")
    assert path
    assert f'"{address}' in Path(path).read_text()
    assert resolve(address).view_name == name


def test_the_worker_knows_the_pages_on_foot_and_no_other(cast: Cast) -> None:
    path = finders.find("walks/foot-worker.js")
    assert path
    line = re.search(r"ON_FOOT = /(.+)/;", Path(path).read_text())
    assert line
    pattern = re.compile(line[1].replace("\\/", "/"))
    walk = a_walk(cast)
    for page in (foot_of(walk), joined_of(walk), SHELL):
        assert pattern.match(page), page
    for page in ("/diagnostics/", f"/diagnostics/{walk.pk}/", f"{foot_of(walk)}donnees.json"):
        assert not pattern.match(page), page
