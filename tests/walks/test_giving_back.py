"""What was seen on the spot returns once to the thing checked, with its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.thread import register
from parvis.thread.models import Event
from parvis.thread.register import Checking, Seen, kind_of
from parvis.walks.giving_back import give_back_answers, give_back_walk, occasion_of
from parvis.walks.models import Answer, Check, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, a_picture, again, answered, walking
from tests.walks.test_receiving import answer_to, post, url_of
from tests.walks.test_receiving_pictures import taken
from tests.walks.test_receiving_pictures import url_of as photo_url_of

pytestmark = pytest.mark.django_db
Kept = list[tuple[Actor, int, Seen]]
WORDS = {"seen": "toujours là", "unseen": "plus là"}  # not "worse"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """What a kind that is checked on the spot was told."""
    told: Kept = []
    checking = Checking(
        words=WORDS,
        offered=lambda *_: Walk.objects.values("pk"),
        keep=lambda actor, pk, seen: told.append((actor, pk, seen)),
    )
    monkeypatch.setitem(register._kinds, "walk", replace(kind_of("walk"), checking=checking))
    return told


def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def keep(*_: Any) -> None:
        raise error

    checking = Checking(words=WORDS, offered=lambda *_: Walk.objects.values("pk"), keep=keep)
    monkeypatch.setitem(register._kinds, "walk", replace(kind_of("walk"), checking=checking))


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walking(cast)


@pytest.fixture
def check(cast: Cast, walk: Walk) -> Check:
    return a_check(walk, ("walk", walk.pk), cast)


@pytest.fixture
def karim(cast: Cast, client: Client) -> Client:
    client.force_login(cast.karim)
    return client


def test_without_pictures_it_returns_at_once_in_the_name_of_who_asked(
    cast: Cast, walk: Walk, check: Check, karim: Client, kept: Kept
) -> None:
    post(karim, url_of(walk), [answer_to(check.pk, note="Derrière le banc.")])
    ((actor, pk, seen),) = kept
    assert (actor.organisation_id, actor.user_id) == (cast.agglomeration.pk, None)
    assert (pk, seen.result, seen.note, seen.pictures) == (walk.pk, "seen", "Derrière le banc.", ())
    assert (seen.organisation_id, seen.on) == (cast.agglomeration.pk, timezone.localdate())
    assert seen.where == occasion_of(walk)
    answer = Answer.objects.get()
    assert (answer.returned_at is not None, answer.not_kept) == (True, "")
    told = Event.objects.get(code="seen_on_foot")
    assert (told.new, told.public, told.concerns_id) == ("seen", False, cast.agglomeration.pk)


def test_with_pictures_it_waits_for_the_last_and_nobody_is_recognised(
    walk: Walk, check: Check, karim: Client, kept: Kept
) -> None:
    post(karim, url_of(walk), [answer_to(check.pk, pictures=2)])
    answer = Answer.objects.get()
    karim.post(photo_url_of(walk), taken(answer, people="1"))
    assert kept == []
    karim.post(photo_url_of(walk), taken(answer))
    ((_, _, seen),) = kept
    assert len(seen.pictures) == 1  # not the one on which somebody is recognised
    assert seen.pictures[0].startswith(b"\xff\xd8")


def test_it_returns_once(check: Check, kept: Kept) -> None:
    answer = answered(check)
    assert give_back_answers([answer.pk, answer.pk]) == 1
    assert give_back_answers([answer.pk]) == 0
    assert len(kept) == 1


def test_the_desk_asks_for_those_whose_pictures_never_came(
    cast: Cast, walk: Walk, check: Check, kept: Kept
) -> None:
    answer = answered(check, pictures_told=3)
    a_picture(answer)
    assert give_back_answers([answer.pk]) == 0
    assert give_back_walk(walk, cast.actor(cast.bruno)) == 0  # another agglomération's
    assert give_back_walk(walk, cast.actor(cast.claire)) == 1
    assert give_back_walk(walk, cast.actor(cast.claire)) == 0
    assert len(kept[0][2].pictures) == 1


def test_what_the_thing_does_not_take_says_why_and_may_be_asked_again(
    cast: Cast, walk: Walk, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, ValidationError(["Ce signalement", "est clos."]))
    answer = answered(check)
    assert give_back_answers([answer.pk]) == 0
    answer.refresh_from_db()
    assert (answer.returned_at, answer.not_kept) == (None, "Ce signalement est clos.")
    assert not Event.objects.filter(code="seen_on_foot").exists()
    refusing(monkeypatch, ValidationError("x" * 900))
    assert give_back_walk(walk, cast.actor(cast.claire)) == 0
    answer.refresh_from_db()
    assert len(answer.not_kept) == 300


def test_once_taken_the_reason_of_before_is_gone(check: Check, kept: Kept) -> None:
    answer = answered(check, not_kept="Réessayez.")
    give_back_answers([answer.pk])
    answer.refresh_from_db()
    assert (answer.not_kept, answer.returned_at is not None) == ("", True)


@pytest.mark.parametrize("error", [Walk.DoesNotExist(), RuntimeError("broken"), ValueError()])
def test_a_room_that_fails_loses_nothing(
    error: Exception, walk: Walk, check: Check, karim: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, error)
    item = answer_to(check.pk)
    assert post(karim, url_of(walk), [item]).json()["kept"] == [item["uid"]]
    answer = Answer.objects.get()
    assert answer.returned_at is None
    assert answer.not_kept.endswith(".")


@pytest.mark.parametrize("result", ["worse", "seen"])
def test_a_kind_that_has_no_such_word_or_is_not_checked(
    result: str, cast: Cast, walk: Walk, kept: Kept
) -> None:
    thing = ("walk", walk.pk) if result == "worse" else ("meeting", 1)
    answer = answered(a_check(walk, thing, cast), result)
    assert give_back_answers([answer.pk]) == 0
    answer.refresh_from_db()
    assert "sur place" in answer.not_kept
    assert kept == []


@pytest.mark.parametrize(
    ("day", "words"), [("2026-03-03", "3 mars 2026"), ("2027-08-01", "1er août 2027")]
)
def test_the_occasion_is_said_with_its_year(day: str, words: str, walk: Walk) -> None:
    moments = {"starts_at": f"{day}T10:00:00+01:00", "ends_at": f"{day}T12:00:00+01:00"}
    Gathering.objects.filter(pk=walk.gathering_id).update(**moments)
    assert occasion_of(again(walk)) == f"Diagnostic en marchant du {words}"


def test_what_was_tried_on_the_eve_waits_for_the_desk(
    cast: Cast, walk: Walk, check: Check, kept: Kept
) -> None:
    answer = answered(check, noted_at=walk.gathering.starts_at - timedelta(days=1))
    assert give_back_answers([answer.pk]) == 0
    assert kept == []
    assert give_back_walk(walk, cast.actor(cast.claire)) == 1
    assert len(kept) == 1
