"""Two telephones at once: each thing stands once, nothing is lost, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from parvis.thread import register
from parvis.thread.models import Event
from parvis.thread.register import Checking, kind_of
from parvis.walks.models import Answer, Observation, Picture, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, answered, first_stop, found, walking
from tests.walks.test_receiving import answer_to, link_of, noted, post, present, url_of
from tests.walks.test_receiving_pictures import files, taken
from tests.walks.test_receiving_pictures import url_of as photo_url_of

PHONES = 6
pytestmark = pytest.mark.django_db(transaction=True)


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each answers, all begun in one moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(20)
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def telephones(cast: Cast) -> list[Client]:
    found = []
    for _ in range(PHONES):
        client = Client()
        client.force_login(cast.karim)
        found.append(client)
    return found


def test_the_same_findings_sent_by_all_stand_once(cast: Cast) -> None:
    walk = walking(cast)
    check = a_check(walk, ("walk", walk.pk), cast)
    guest = walk.gathering.guests.get(organisation=cast.town)
    items = [noted() for _ in range(20)]
    items += [answer_to(check.pk), present(guest=guest.pk, came=True)]

    def send(client: Client) -> Any:
        return post(client, url_of(walk), items).json()

    said = together([lambda one=one: send(one) for one in telephones(cast)])
    uids = [one["uid"] for one in items]
    assert [one["kept"] for one in said] == [uids] * PHONES
    assert (Observation.objects.count(), Answer.objects.count()) == (20, 1)
    assert [one.new for one in Event.objects.filter(code="received")] == ["21"]


def test_telephones_at_one_stop_lose_nothing(cast: Cast) -> None:
    walk = walking(cast)
    stop = first_stop(walk).pk

    def send(client: Client) -> Any:
        url = url_of(walk) if client.cookies else link_of(walk)
        return post(client, url, [noted(stop=stop) for _ in range(30)]).json()

    phones = [*telephones(cast), Client(), Client()]
    said = together([lambda one=one: send(one) for one in phones])
    assert [len(one["kept"]) for one in said] == [30] * len(phones)
    assert Observation.objects.filter(stop=stop).count() == 30 * len(phones)


def test_one_number_on_two_walks_stands_once_and_the_other_is_told(cast: Cast) -> None:
    walks = [walking(cast), walking(cast)]
    item, others = noted(), [noted(), noted()]

    def send(client: Client, number: int) -> Any:
        return post(client, url_of(walks[number]), [item, others[number]]).json()

    first, second, *_ = telephones(cast)
    said = together([lambda: send(first, 0), lambda: send(second, 1)])
    assert Observation.objects.filter(uid=item["uid"]).count() == 1
    assert Observation.objects.count() == 3
    assert sorted(len(one["refused"]) for one in said) == [0, 1]


def test_one_picture_sent_by_all_stands_once(cast: Cast) -> None:
    walk = walking(cast)
    finding = found(cast, walk, pictures_told=5)
    sent = taken(finding)
    jpeg = sent.pop("file").read()

    def send(client: Client) -> int:
        picture = {**taken(finding), **sent}
        assert picture["file"].read() == jpeg
        picture["file"].seek(0)
        return client.post(photo_url_of(walk), picture).status_code

    assert together([lambda one=one: send(one) for one in telephones(cast)]) == [200] * PHONES
    assert (Picture.objects.count(), len(files())) == (1, 2)


def test_the_last_pictures_together_give_back_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    checking = Checking(
        words={"seen": "vu"},
        offered=lambda *_: Walk.objects.values("pk"),
        keep=lambda *seen: told.append(seen),
    )
    monkeypatch.setitem(register._kinds, "walk", replace(kind_of("walk"), checking=checking))
    walk = walking(cast)
    answer = answered(a_check(walk, ("walk", walk.pk), cast), pictures_told=3)

    def send(client: Client) -> int:
        return client.post(photo_url_of(walk), taken(answer)).status_code

    said = together([lambda one=one: send(one) for one in telephones(cast)])
    assert sorted(said) == [200] * 3 + [422] * (PHONES - 3)
    assert (len(told), len(files())) == (1, 6)
    assert Answer.objects.get().returned_at is not None
