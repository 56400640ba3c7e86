"""What telephones send arrives once, item by item; what cannot be kept says why."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from parvis.gatherings.models import Gathering, Registration
from parvis.thread.models import Event
from parvis.walks.links import token_of
from parvis.walks.models import Answer, Observation, Presence, Stop, Walk
from parvis.walks.planning import remove_stop
from parvis.walks.receiving import NOT_THIS_CHECK
from tests.cast import IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.reports.scene import filed, make_public
from tests.walks.scene import a_check, a_walk, again, called, first_stop, walked, walking

pytestmark = pytest.mark.django_db


def noted(**fields: Any) -> dict[str, Any]:
    """A finding as a telephone writes it."""
    return {
        "kind": "observation",
        "uid": str(uuid4()),
        "noted_at": timezone.now().isoformat(),
        "stop": None,
        "theme": "proprete",
        "strength": False,
        "severity": 2,
        "note": "Des papiers partout.",
        "lat": None,
        "lon": None,
        "pictures": 0,
        **fields,
    }


def answer_to(check: int, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "answer",
        "uid": str(uuid4()),
        "noted_at": timezone.now().isoformat(),
        "check": check,
        "result": "seen",
        "note": "",
        "pictures": 0,
        **fields,
    }


def present(**fields: Any) -> dict[str, Any]:
    now = timezone.now().isoformat()
    return {"kind": "presence", "uid": str(uuid4()), "noted_at": now, **fields}


def post(client: Client, url: str, items: Any, sent_at: datetime | None = None) -> Any:
    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "items": items}
    return client.post(url, json.dumps(body), content_type="application/json")


def url_of(walk: Walk) -> str:
    return f"/diagnostics/{walk.pk}/sur-place/envoi/"


def link_of(walk: Walk) -> str:
    return f"/diagnostics/avec/{token_of(walk)}/envoi/"


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walking(cast)


@pytest.fixture
def karim(cast: Cast, client: Client) -> Client:
    """Of the town, which was called."""
    client.force_login(cast.karim)
    return client


def test_a_finding_is_kept_with_its_place_and_who_answers_there(
    cast: Cast, walk: Walk, karim: Client
) -> None:
    stop = first_stop(walk)
    Stop.objects.filter(pk=stop.pk).update(residence=cast.tilleuls, kind="hall")
    item = noted(stop=stop.pk, theme="proprete", pictures=2)
    said = post(karim, url_of(walk), [item]).json()
    assert (said["kept"], said["refused"]) == ([item["uid"]], {})
    kept = Observation.objects.get(uid=item["uid"])
    assert kept.title == "Propreté · Pied des Tilleuls"
    assert (kept.walk, kept.stop, kept.note) == (walk, stop, "Des papiers partout.")
    assert (kept.latitude, kept.longitude) == (stop.latitude, stop.longitude)
    assert (kept.commune, kept.residence) == (cast.anzin, cast.tilleuls)
    assert list(kept.quartiers.all()) == [cast.rives]
    assert kept.manager == cast.landlord  # inside the building its holder answers
    assert (kept.by, kept.organisation) == (cast.karim, cast.town)
    assert (kept.outcome, kept.shown, kept.pictures_told) == ("to_sort", False, 2)


def test_its_own_point_comes_before_the_stops(cast: Cast, walk: Walk, karim: Client) -> None:
    north, east = IN_ANZIN_OUTSIDE_RIVES
    item = noted(stop=first_stop(walk).pk, lat=north, lon=east)
    post(karim, url_of(walk), [item])
    kept = Observation.objects.get()
    assert (kept.latitude, kept.longitude) == (north, east)
    assert (list(kept.quartiers.all()), kept.manager) == ([], cast.town)


def test_without_stop_nor_point_it_is_where_the_walk_is(
    cast: Cast, walk: Walk, karim: Client
) -> None:
    post(karim, url_of(walk), [noted()])
    kept = Observation.objects.get()
    assert (kept.latitude, kept.commune, kept.manager) == (None, cast.anzin, cast.town)
    assert list(kept.quartiers.all()) == [cast.rives]
    assert kept.title == "Propreté · en chemin"


def test_the_link_is_enough_to_note(cast: Cast, walk: Walk, client: Client) -> None:
    item = noted(stop=first_stop(walk).pk, strength=True, severity=None)
    assert post(client, link_of(walk), [item]).json()["kept"] == [item["uid"]]
    kept = Observation.objects.get()
    assert (kept.by, kept.organisation, kept.strength) == (None, None, True)


def test_a_link_that_was_closed_says_that_all_stays_on_the_telephone(
    walk: Walk, client: Client
) -> None:
    url = link_of(walk)
    Walk.objects.filter(pk=walk.pk).update(nonce="autre")
    response = post(client, url, [noted()])
    assert response.status_code == 404
    assert "reste sur ce téléphone" in response.json()["error"]


def test_another_agglomeration_cannot_note(cast: Cast, walk: Walk, client: Client) -> None:
    for stranger in (cast.bruno, cast.nadia, cast.paul):
        client.force_login(stranger)
        assert post(client, url_of(walk), [noted()]).status_code == 404
    assert not Observation.objects.exists()


def test_an_expired_session_is_led_to_the_sign_in(walk: Walk, client: Client) -> None:
    response = post(client, url_of(walk), [noted()])
    assert (response.status_code, response["Location"][:11]) == (302, "/connexion/")


def test_sent_again_in_another_order_nothing_changes(walk: Walk, karim: Client) -> None:
    items = [noted(note=str(number)) for number in range(5)]
    first = post(karim, url_of(walk), items).json()
    assert first["kept"] == [one["uid"] for one in items]
    again_ = post(karim, url_of(walk), [*reversed(items), {**items[2], "note": "autre"}]).json()
    assert sorted(again_["kept"]) == sorted(first["kept"])
    assert Observation.objects.count() == 5
    assert Observation.objects.get(uid=items[2]["uid"]).note == "2"
    assert [one.new for one in Event.objects.filter(code="received")] == ["5"]


def test_twice_in_one_batch_is_kept_once(walk: Walk, karim: Client) -> None:
    item = noted()
    assert post(karim, url_of(walk), [item, item]).json()["kept"] == [item["uid"]]
    assert Observation.objects.count() == 1


def test_a_number_of_another_walk_is_refused(cast: Cast, walk: Walk, karim: Client) -> None:
    other = walking(cast)
    item, new = noted(), noted()
    post(karim, url_of(other), [item])
    said = post(karim, url_of(walk), [item, new]).json()
    assert said["kept"] == [new["uid"]]
    assert "autre diagnostic" in said["refused"][item["uid"]]


def test_what_is_of_another_walk_is_refused_and_the_rest_kept(
    cast: Cast, walk: Walk, karim: Client
) -> None:
    other = walking(cast)
    check = a_check(other, ("walk", walk.pk), cast)
    guest = other.gathering.guests.get(organisation=cast.town)
    wrong = [
        noted(stop=first_stop(other).pk),
        answer_to(check.pk),
        answer_to(10**9),
        present(guest=guest.pk, came=True),
    ]
    right = noted(stop=first_stop(walk).pk)
    said = post(karim, url_of(walk), [*wrong, right]).json()
    assert said["kept"] == [right["uid"]]
    assert set(said["refused"]) == {one["uid"] for one in wrong}


def test_a_finding_at_a_stop_that_was_taken_away_meanwhile_is_kept(
    cast: Cast, walk: Walk, karim: Client
) -> None:
    stop = first_stop(walk)
    number = stop.pk
    remove_stop(stop, actor=cast.actor(cast.claire))
    item = noted(stop=number)
    assert post(karim, url_of(walk), [item]).json()["kept"] == [item["uid"]]
    assert Observation.objects.get().stop is None


WRONG = {
    "theme": [None, 3, "inventé", ["proprete"], {"a": 1}],
    "strength": [None, 0, 1, "oui", []],
    "severity": [None, 0, 4, -1, True, 2.0, "2", 10**30, [2]],
    "note": ["x" * 1001, 3, ["a"], {"b": []}],
    "pictures": [6, -1, True, "1", 1.0, None, 10**25],
    "stop": ["1", True, -1, 0, 10**30, [1], 1.5],
    "noted_at": [None, 3, "", "hier", "2026-13-45T10:00:00Z", "2026-03-03T10:00:00", "2026", []],
    "kind": [None, "autre", 3, []],
    "lat": [50.3, True, "50.3", 91, 10**30, []],  # without its longitude
}


@pytest.mark.parametrize("field", WRONG)
def test_each_wrong_value_is_refused_in_words_and_the_rest_kept(
    field: str, walk: Walk, karim: Client
) -> None:
    wrong = [noted(**{field: value}) for value in WRONG[field]]
    right = noted()
    response = post(karim, url_of(walk), [*wrong, right])
    said = response.json()
    assert said["kept"] == [right["uid"]], said["refused"]
    assert all(words.endswith((".", "?")) for words in said["refused"].values())
    assert len(said["refused"]) == len(wrong)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "true"])
def test_a_point_that_is_no_number_is_refused_and_the_rest_kept(
    number: str, walk: Walk, karim: Client
) -> None:
    right = noted()
    body = json.dumps(
        {"sent_at": timezone.now().isoformat(), "items": [noted(lat="LAT", lon=3.5), right]}
    ).replace('"LAT"', number)
    said = karim.post(url_of(walk), body, content_type="application/json").json()
    assert said["kept"] == [right["uid"]]
    assert len(said["refused"]) == 1


def test_a_strength_does_not_weigh(walk: Walk, karim: Client) -> None:
    said = post(karim, url_of(walk), [noted(strength=True, severity=2)]).json()
    assert list(said["refused"].values()) == ["Un point fort ne gêne pas."]


@pytest.mark.parametrize("item", [None, 3, "x", [], {}, {"uid": 3}, {"uid": "x" * 500}, [[[]]]])
def test_junk_among_items_is_told_by_its_place(item: Any, walk: Walk, karim: Client) -> None:
    right = noted()
    said = post(karim, url_of(walk), [item, right]).json()
    assert said["kept"] == [right["uid"]]
    assert len(said["refused"]) == 1
    assert all(len(name) <= 64 for name in said["refused"])


@pytest.mark.parametrize("uid", ["{0}", "urn:uuid:0", " 0", "0" * 36, "00000000", "\x00", "é" * 36])
def test_a_number_must_be_one(uid: str, walk: Walk, karim: Client) -> None:
    said = post(karim, url_of(walk), [noted(uid=uid)]).json()
    assert (said["kept"], len(said["refused"])) == ([], 1)


def test_a_note_keeps_no_control_character(walk: Walk, karim: Client) -> None:
    written = " Trou\x00 là\x1b[31m\r\nà côté\ud83d \x85 "
    body = json.dumps({"sent_at": timezone.now().isoformat(), "items": [noted(note=written)]})
    karim.post(url_of(walk), body, content_type="application/json")
    assert Observation.objects.get().note == "Trou là[31m\nà côté"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"items": []}',
        b'{"sent_at": "2026-03-03T10:00:00Z"}',
        b'{"sent_at": "2026-03-03T10:00:00Z", "items": {}}',
        b'{"sent_at": 3, "items": []}',
        b'{"sent_at": "0001-01-01T00:00:00+14:00x", "items": []}',
        b'{"sent_at": "2026-03-03T10:00:00Z", "items": [' + b"[" * 100_000,
    ],
)
def test_an_unreadable_sending_is_told(body: bytes, walk: Walk, karim: Client) -> None:
    response = karim.post(url_of(walk), body, content_type="application/json")
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_a_sending_cut_half_way_changes_nothing(walk: Walk, karim: Client) -> None:
    body = json.dumps({"sent_at": timezone.now().isoformat(), "items": [noted() for _ in range(9)]})
    for end in range(0, len(body) - 1, 97):
        response = karim.post(url_of(walk), body[:end], content_type="application/json")
        assert response.status_code == 400
    assert not Observation.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(kind: str, walk: Walk, karim: Client) -> None:
    body = json.dumps({"sent_at": timezone.now().isoformat(), "items": [noted()]})
    assert karim.post(url_of(walk), body, content_type=kind).status_code == 400


def test_an_empty_sending_is_no_fault(walk: Walk, karim: Client) -> None:
    said = post(karim, url_of(walk), []).json()
    assert (said["kept"], said["refused"]) == ([], {})
    assert not Event.objects.filter(code="received").exists()


def test_too_many_or_too_heavy_is_told(walk: Walk, karim: Client) -> None:
    assert post(karim, url_of(walk), [noted() for _ in range(501)]).status_code == 413
    heavy = karim.post(url_of(walk), b" " * 3_000_000, content_type="application/json")
    assert heavy.status_code == 413
    assert post(karim, url_of(walk), [noted() for _ in range(500)]).status_code == 200


@pytest.mark.parametrize("days", [2, -2])
def test_a_clock_two_days_off_is_put_right(days: int, walk: Walk, karim: Client) -> None:
    wrong = timezone.now() + timedelta(days=days)
    item = noted(noted_at=(wrong - timedelta(minutes=30)).isoformat())
    post(karim, url_of(walk), [item], sent_at=wrong)
    kept = Observation.objects.get()
    assert abs(timezone.now() - timedelta(minutes=30) - kept.noted_at) < timedelta(minutes=1)


def test_a_clock_that_is_right_is_believed(walk: Walk, karim: Client) -> None:
    hour = timezone.now() - timedelta(minutes=17)
    post(karim, url_of(walk), [noted(noted_at=hour.isoformat())])
    assert Observation.objects.get().noted_at == hour


@pytest.mark.parametrize("written", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00-14:00"])
def test_an_hour_long_before_the_walk_is_its_beginning(
    written: str, walk: Walk, karim: Client
) -> None:
    post(karim, url_of(walk), [noted(noted_at=written)])
    assert Observation.objects.get().noted_at == walk.gathering.starts_at


@pytest.mark.parametrize("written", ["2999-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_no_hour_lies_in_the_future(written: str, walk: Walk, karim: Client) -> None:
    said = post(karim, url_of(walk), [noted(noted_at=written)]).json()
    for one in Observation.objects.filter(uid__in=said["kept"]):
        assert one.noted_at == one.received_at


class TestWhen:
    def test_the_day_before_people_try(self, cast: Cast, karim: Client) -> None:
        walk = called(cast, days=1)
        assert len(post(karim, url_of(walk), [noted()]).json()["kept"]) == 1

    def test_long_before_it_is_said_from_when(self, cast: Cast, karim: Client) -> None:
        walk = called(cast, days=7)
        item = noted()
        said = post(karim, url_of(walk), [item]).json()
        assert "à partir de la veille" in said["refused"][item["uid"]]

    def test_after_the_account_was_sent_it_comes_to_be_sorted(
        self, cast: Cast, karim: Client
    ) -> None:
        walk = walked(cast)
        Walk.objects.filter(pk=walk.pk).update(sent_at=timezone.now())
        post(karim, url_of(walk), [noted()])
        assert Observation.objects.get().outcome == "to_sort"

    def test_a_cancelled_walk_takes_nothing_more_and_keeps_what_came(
        self, walk: Walk, karim: Client
    ) -> None:
        before, after = noted(), noted()
        post(karim, url_of(walk), [before])
        Gathering.objects.filter(pk=walk.gathering_id).update(cancelled_at=timezone.now())
        said = post(karim, url_of(walk), [before, after]).json()
        assert said["kept"] == [before["uid"]]
        assert "annulé" in said["refused"][after["uid"]]


class TestPresence:
    def test_the_latest_hour_counts_and_all_are_kept(
        self, cast: Cast, walk: Walk, karim: Client
    ) -> None:
        guest = walk.gathering.guests.get(organisation=cast.landlord)
        now = timezone.now()
        early, late = ((now - timedelta(minutes=minutes)).isoformat() for minutes in (20, 10))
        post(karim, url_of(walk), [present(guest=guest.pk, came=True, noted_at=late)])
        post(karim, url_of(walk), [present(guest=guest.pk, came=False, noted_at=early)])
        guest.refresh_from_db()
        assert guest.came is True
        assert Presence.objects.count() == 2

    def test_names_are_for_who_organises(self, cast: Cast, walk: Walk, client: Client) -> None:
        person = Registration.objects.create(
            gathering=walk.gathering, state="seated", rank=1, at=timezone.now()
        )
        item = present(person=person.pk, came=True)
        client.force_login(cast.karim)
        assert list(post(client, url_of(walk), [item]).json()["refused"]) == [item["uid"]]
        client.force_login(cast.claire)
        assert post(client, url_of(walk), [item]).json()["kept"] == [item["uid"]]
        person.refresh_from_db()
        assert person.came is True

    def test_the_link_notes_nobodys_presence(self, cast: Cast, walk: Walk, client: Client) -> None:
        guest = walk.gathering.guests.get(organisation=cast.town)
        said = post(client, link_of(walk), [present(guest=guest.pk, came=True)]).json()
        assert len(said["refused"]) == 1

    def test_how_many_more_came(self, walk: Walk, karim: Client) -> None:
        said = post(karim, url_of(walk), [present(count=12), present(count=-1)]).json()
        assert (len(said["kept"]), len(said["refused"])) == (1, 1)
        assert Presence.objects.get().count == 12

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"guest": 1},
            {"guest": 1, "came": 1},
            {"guest": 1, "count": 2},
            {"count": True},
            {"count": 10**30},
            {"person": "1", "came": True},
        ],
    )
    def test_junk_is_refused(self, fields: dict[str, Any], walk: Walk, karim: Client) -> None:
        assert len(post(karim, url_of(walk), [present(**fields)]).json()["refused"]) == 1


class TestTheDoor:
    def test_without_the_secret_nothing_is_done(self, cast: Cast, walk: Walk) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.karim)
        response = post(client, url_of(walk), [noted()])
        assert (response.status_code, "error" in response.json()) == (403, True)
        assert not Observation.objects.exists()
        secret = client.cookies["csrftoken"].value  # came with the refusal
        body = json.dumps({"sent_at": timezone.now().isoformat(), "items": [noted()]})
        sent = client.post(
            url_of(walk), body, content_type="application/json", headers={"X-CSRFToken": secret}
        )
        assert sent.status_code == 200

    def test_thirty_telephones_behind_one_address_are_heard_and_a_flood_is_not(
        self, walk: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from parvis.walks import receive_views

        assert receive_views.SENDINGS_AN_HOUR >= 30 * 40
        monkeypatch.setattr(receive_views, "SENDINGS_AN_HOUR", 2)
        answers = [post(client, link_of(walk), [noted()]).status_code for _ in range(3)]
        assert answers == [200, 200, 429]

    def test_the_queries_do_not_grow_with_the_findings(
        self, cast: Cast, walk: Walk, karim: Client, django_assert_max_num_queries: Any
    ) -> None:
        stop = first_stop(walk).pk
        post(karim, url_of(walk), [noted(stop=stop)])
        with django_assert_max_num_queries(60):  # SQLite inserts some thirty rows at a time
            post(karim, url_of(walk), [noted(stop=stop) for _ in range(300)])
        assert Observation.objects.count() == 301


def test_a_walk_that_nobody_was_called_to_is_noted_by_who_leads_it(
    cast: Cast, client: Client
) -> None:
    walk = again(a_walk(cast, days=0))
    client.force_login(cast.claire)
    assert len(post(client, url_of(walk), [noted()]).json()["kept"]) == 1


def test_the_link_answers_what_its_page_shows_and_nothing_else(
    cast: Cast, walk: Walk, client: Client
) -> None:
    hidden = a_check(walk, ("report", filed().report_id), cast)
    told = a_check(walk, ("report", make_public(filed().report).pk), cast)
    sent = post(client, link_of(walk), [answer_to(hidden.pk), answer_to(told.pk)]).json()
    assert (len(sent["kept"]), list(sent["refused"].values())) == (1, [NOT_THIS_CHECK])
    assert Answer.objects.get().about == told
    client.force_login(cast.karim)
    assert post(client, url_of(walk), [answer_to(hidden.pk)]).json()["kept"]


@pytest.mark.parametrize("kind", ["finding", "answer", "presence"])
def test_a_link_cannot_fill_the_walk_with_anything(
    kind: str, cast: Cast, walk: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.walks.receiving.BY_LINK_AT_MOST", 1)
    check = a_check(walk, ("report", make_public(filed().report).pk), cast).pk
    make = {
        "finding": noted,
        "answer": lambda: answer_to(check),
        "presence": lambda: present(count=3),
    }[kind]
    for _ in range(2):
        assert post(client, link_of(walk), [make()]).json()["kept"]
    assert len(post(client, link_of(walk), [make()]).json()["refused"]) == 1


def test_a_link_cannot_fill_the_walk_and_partners_still_note(
    cast: Cast, walk: Walk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.walks.receiving.BY_LINK_AT_MOST", 1)
    for _ in range(2):
        post(client, link_of(walk), [noted()])
    assert len(post(client, link_of(walk), [noted()]).json()["refused"]) == 1
    client.force_login(cast.karim)
    assert len(post(client, url_of(walk), [noted()]).json()["kept"]) == 1
