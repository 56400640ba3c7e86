"""Several people at once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from parvis.notices.models import Message as OutboxMessage
from parvis.partners.actors import NOBODY
from parvis.reports import acts
from parvis.reports.followup import greet_voices
from parvis.reports.models import Callback, Message, Part, Report, Voice
from parvis.reports.workflow import Forbidden
from tests.cast import Cast
from tests.reports.scene import codes, filed, only_part

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads that start together; what each gave or raised."""
    start = Barrier(count)

    def run(number: int) -> Any:
        start.wait(10)
        try:
            return act(number)
        except Forbidden as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_ten_people_join_and_each_is_counted_once(town: Cast) -> None:
    report = filed().report
    joined = at_once(
        10,
        lambda number: acts.join_report(report, actor=NOBODY, email=f"voisin{number}@exemple.test"),
    )
    assert all(isinstance(voice, Voice) for voice in joined)
    assert Report.objects.get().voice_count == 11
    assert Voice.objects.count() == 11
    assert codes(report).count("joined") == 10


def test_two_people_settle_and_one_is_told_so(town: Cast) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.join_report(voice.report, actor=NOBODY, phone="06 12 34 56 78")
    karim = town.actor(town.karim)
    part = only_part(voice.report)
    done = at_once(
        2,
        lambda number: acts.advance_part(
            Part.objects.get(pk=part.pk), "settle", actor=karim, answer=f"Fait {number}."
        ),
    )
    assert sorted(type(one).__name__ for one in done) == ["Forbidden", "Part"]
    assert codes(voice.report).count("settle") == 1
    assert codes(voice.report).count("closed") == 1
    assert Message.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
    assert Callback.objects.count() == 1


def test_two_organisations_settle_the_last_two_parts_and_the_report_closes_once(town: Cast) -> None:
    report = filed(email="jeanne@exemple.test").report
    claire = town.actor(town.claire)
    acts.assign_part(report, actor=claire, organisation=town.landlord)
    parts = list(Part.objects.order_by("pk"))
    at_once(
        2,
        lambda number: acts.advance_part(
            parts[number], "settle", actor=claire, answer=f"Fait {number}."
        ),
    )
    report.refresh_from_db()
    assert report.state == "settled"
    assert codes(report).count("closed") == 1
    assert OutboxMessage.objects.count() == 1


def test_an_organisation_gets_one_part_from_two_clicks(town: Cast) -> None:
    report = filed().report
    claire = town.actor(town.claire)
    at_once(2, lambda number: acts.assign_part(report, actor=claire, organisation=town.landlord))
    assert Part.objects.filter(organisation=town.landlord).count() == 1


def test_two_follow_ups_send_one_receipt(town: Cast) -> None:
    filed(email="jeanne@exemple.test")
    at_once(2, lambda number: greet_voices())
    assert OutboxMessage.objects.count() == 1
