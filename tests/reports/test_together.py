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


def raised(done: list[Any]) -> list[str]:
    return [str(one) for one in done if isinstance(one, Forbidden)]


def test_twenty_people_join_take_and_close_and_nothing_is_lost(town: Cast) -> None:
    """Twenty "moi aussi", twenty takes, twenty closings, each all at once on one report."""
    voice = filed(email="jeanne@exemple.test")
    report, part = voice.report, only_part(voice.report)
    karim, sofia = town.actor(town.karim), town.actor(town.sofia)
    joined = at_once(
        20,
        lambda number: acts.join_report(report, actor=NOBODY, email=f"voisin{number}@exemple.test"),
    )
    assert raised(joined) == []
    assert Report.objects.get().voice_count == Voice.objects.count() == 21

    def step(code: str, number: int, **given: Any) -> Part:
        actor = (karim, sofia)[number % 2]
        return acts.advance_part(Part.objects.get(pk=part.pk), code, actor=actor, **given)

    taken = at_once(20, lambda number: step("take", number))
    assert len(raised(taken)) == 19
    assert codes(report).count("take") == 1
    closed = at_once(20, lambda number: step("settle", number, answer=f"Fait {number}."))
    assert len(raised(closed)) == 19
    assert codes(report).count("settle") == codes(report).count("closed") == 1
    assert Message.objects.count() == 1
    told = OutboxMessage.objects.filter(event__startswith="report.closed:")
    assert told.count() == told.values("person").distinct().count() == 21


def test_two_reports_united_both_ways_are_united_one_way(town: Cast) -> None:
    one, other = filed(email="lea@exemple.test"), filed(email="jeanne@exemple.test")
    claire = town.actor(town.claire)
    both = [(one.report, other.report), (other.report, one.report)]
    done = at_once(10, lambda number: acts.merge_reports(*reread(*both[number % 2]), actor=claire))
    assert len(raised(done)) == 9
    assert Report.objects.filter(merged_into=None).count() == 1
    home = Report.objects.get(merged_into=None)
    assert home.voice_count == 2
    assert OutboxMessage.objects.count() == 1


def reread(*reports: Report) -> list[Report]:
    return [Report.objects.get(pk=report.pk) for report in reports]


def test_a_ring_of_merges_leaves_no_cycle(town: Cast) -> None:
    """A into B, B into C, C into A, several times each at once: whoever comes late is told so."""
    ring = [filed(email=f"voisin{number}@exemple.test").report for number in range(3)]
    claire = town.actor(town.claire)

    def unite(number: int) -> Report:
        source, target = reread(ring[number % 3], ring[(number + 1) % 3])
        return acts.merge_reports(source, target, actor=claire)

    done = at_once(9, unite)
    assert len(raised(done)) >= 7
    alone = Report.objects.filter(merged_into=None)
    assert sum(report.voice_count for report in alone) == 3
    for merged in Report.objects.exclude(merged_into=None).select_related("merged_into"):
        assert merged.merged_into is not None
        assert merged.merged_into.merged_into_id is None
    people = OutboxMessage.objects.values_list("event", "person")
    assert len(people) == len(set(people))


def test_a_merge_and_a_closing_at_once_tell_everybody_once(town: Cast) -> None:
    source, target = filed(email="lea@exemple.test"), filed(email="jeanne@exemple.test")
    claire, karim = town.actor(town.claire), town.actor(town.karim)
    part = only_part(target.report)

    def act(number: int) -> Any:
        if number % 2:
            return acts.merge_reports(*reread(source.report, target.report), actor=claire)
        return acts.advance_part(
            Part.objects.get(pk=part.pk), "settle", actor=karim, answer="Fait."
        )

    at_once(6, act)
    united = Report.objects.get(pk=source.report_id).merged_into_id is not None
    closings = OutboxMessage.objects.filter(event__startswith="report.closed:")
    told = {row.person for row in closings}
    assert told == (
        {f"voice:{source.pk}", f"voice:{target.pk}"} if united else {f"voice:{target.pk}"}
    )
    assert closings.count() == len(told)
    assert codes(target.report).count("closed") == 1


def test_words_said_while_reports_are_united_are_all_there(town: Cast) -> None:
    source, target = filed(email="lea@exemple.test"), filed(email="jeanne@exemple.test")
    claire = town.actor(town.claire)

    def act(number: int) -> Any:
        if number == 0:
            return acts.merge_reports(*reread(source.report, target.report), actor=claire)
        if number % 2:
            return acts.speak(source, text=f"Mot {number}.")
        return acts.join_report(source.report, actor=NOBODY)

    assert raised(at_once(11, act)) == []
    home = Report.objects.get(pk=target.report_id)
    assert set(Message.objects.values_list("report", flat=True)) == {home.pk}
    assert Message.objects.count() == 5
    assert home.voice_count == Voice.objects.count() == 7
