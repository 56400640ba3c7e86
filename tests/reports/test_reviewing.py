from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts
from parvis.reports.models import Message, Photo, Report
from parvis.reports.workflow import Forbidden
from tests.cast import Cast
from tests.reports.scene import filed, in_hall, photo


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def reviewed(report: Report, actor: Actor, **given: object) -> Report:
    values = {"public": True, "text_shown": True, "shown_photos": set(), "shown_messages": set()}
    return acts.review(report, actor=actor, **{**values, **given})


def test_only_what_was_chosen_is_shown(town: Cast, claire: Actor) -> None:
    voice = filed(text="Un trou", photos=[photo(), photo()])
    acts.speak(voice, text="Un mot")
    acts.speak(voice, text="Un nom")
    good, bad = Photo.objects.order_by("pk")
    word, name = Message.objects.order_by("pk")
    reviewed(voice.report, claire, shown_photos={good.pk}, shown_messages={word.pk})
    report = Report.objects.get()
    assert report.public
    assert report.text_shown
    assert report.reviewed_at is not None
    assert list(Photo.objects.filter(shown=True)) == [good]
    assert list(Message.objects.filter(shown=True)) == [word]
    assert not Photo.objects.filter(reviewed_at=None).exists()
    assert not Message.objects.filter(reviewed_at=None).exists()
    assert set(Photo.objects.visible_to(NOBODY)) == {good}
    assert set(Message.objects.visible_to(NOBODY)) == {word}
    assert {bad, name}


def test_a_photo_of_another_report_is_not_shown_by_mistake(town: Cast, claire: Actor) -> None:
    mine, other = filed(photos=[photo()]), filed(photos=[photo()])
    wrong = Photo.objects.get(report=other.report)
    reviewed(mine.report, claire, shown_photos={wrong.pk})
    assert not Photo.objects.filter(shown=True).exists()


def test_what_is_published_can_be_taken_back(town: Cast, claire: Actor) -> None:
    report = filed(text="Un trou").report
    reviewed(report, claire)
    reviewed(report, claire, public=False, text_shown=False)
    assert not Report.objects.visible_to(NOBODY).exists()
    assert not Report.objects.get().text_shown


@pytest.mark.parametrize("code", ["chauffage", "bruit", "tag_injurieux"])
def test_some_categories_are_never_public(town: Cast, claire: Actor, code: str) -> None:
    report = filed(in_hall(town), code).report
    with pytest.raises(ValidationError, match="jamais public") as refused:
        reviewed(report, claire)
    assert list(refused.value.message_dict) == ["public"]
    reviewed(report, claire, public=False)
    assert Report.objects.get().reviewed_at is not None


def test_a_withdrawn_report_is_not_reviewed(town: Cast, claire: Actor) -> None:
    voice = filed()
    acts.withdraw(voice)
    with pytest.raises(Forbidden, match="a été retiré"):
        reviewed(voice.report, claire)


@pytest.mark.parametrize("values", [{"public": True}, {"text_shown": True}, {"state": "settled"}])
def test_the_database_itself_refuses_what_was_not_reviewed_or_dated(
    town: Cast, values: dict
) -> None:
    filed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(**values)


def test_the_database_itself_refuses_to_show_an_unread_photo(town: Cast) -> None:
    filed(photos=[photo()])
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(shown=True)
