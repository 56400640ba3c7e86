from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.reports import acts
from parvis.reports.figures import of_quartier, settled_lately
from parvis.reports.models import Photo, Report
from tests.cast import IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.reports.scene import at_point, filed, make_public, only_part, photo


def settled(town: Cast, days: int, **given: Any) -> Report:
    """A public report settled after so many days; filed on a Monday."""
    start = datetime(2026, 9, 7, 8, tzinfo=UTC)
    report = filed(now=start, **given).report
    acts.advance_part(
        only_part(report),
        "settle",
        actor=town.actor(town.karim),
        answer="Fait.",
        now=start + timedelta(days=days),
    )
    return make_public(report)


def test_the_usual_delay_is_the_median_in_working_days(town: Cast) -> None:
    for days in (1, 2, 7, 28, 35):  # 1, 2, 5, 20 and 25 working days
        settled(town, days)
    delays = of_quartier(NOBODY, town.rives.pk).delays
    assert (delays.median_days, delays.count) == (5, 5)


def test_under_five_reports_no_delay_is_told(town: Cast) -> None:
    for _ in range(4):
        settled(town, 1)
    delays = of_quartier(NOBODY, town.rives.pk).delays
    assert (delays.median_days, delays.count, delays.minimum) == (None, 4, 5)


def test_other_quartiers_and_unseen_reports_do_not_count(town: Cast) -> None:
    for _ in range(5):
        settled(town, 1)
        settled(town, 1, place=at_point(IN_ANZIN_OUTSIDE_RIVES))
    Report.objects.filter(pk__in=Report.objects.values("pk")[:1]).update(public=False)
    assert of_quartier(NOBODY, town.faubourg.pk).delays.count == 0
    assert of_quartier(NOBODY, town.rives.pk).delays.count in (4, 5)
    assert of_quartier(town.actor(town.karim), town.rives.pk).delays.count == 5


def test_what_was_settled_more_than_a_year_ago_does_not_count(town: Cast) -> None:
    for _ in range(5):
        settled(town, 1)
    Report.objects.update(closed_at=timezone.now() - timedelta(days=366))
    assert of_quartier(NOBODY, town.rives.pk).delays.count == 0


def test_you_said_it_is_done(town: Cast, django_assert_num_queries: Any) -> None:
    report = filed(photos=[photo()]).report
    acts.join_report(report, actor=NOBODY)
    acts.assign_part(report, actor=town.actor(town.claire), organisation=town.landlord)
    first, second = report.parts.order_by("pk")
    acts.advance_part(first, "settle", actor=town.actor(town.karim))
    acts.advance_part(
        second, "settle", actor=town.actor(town.luc), answer="Fait.", photos=[photo("blue")]
    )
    make_public(report)
    settled(town, 3)
    with django_assert_num_queries(3):
        newest, other = settled_lately(NOBODY, 5)
    assert newest.report == report
    assert newest.people == 2
    assert newest.organisations == ("Ville d’Anzin", "Escaut Habitat")
    assert newest.after == Photo.objects.get(moment="after")
    assert newest.before is None  # not reviewed
    assert newest.label == "Trou dans la route ou le trottoir"
    assert other.working_days == 3


def test_only_public_settled_reports_are_told(town: Cast) -> None:
    make_public(settled(town, 1), public=False)
    make_public(filed().report)
    dropped = filed().report
    acts.advance_part(
        only_part(dropped), "drop", actor=town.actor(town.karim), reason="Rien", answer="Rien."
    )
    make_public(dropped)
    assert settled_lately(NOBODY) == []
    assert settled_lately(town.actor(town.karim)) == []


@pytest.mark.parametrize("limit", [1, 3])
def test_as_many_as_asked_newest_first(town: Cast, limit: int) -> None:
    reports = [settled(town, days) for days in (1, 2, 3)]
    expected = reports[::-1][:limit]
    assert [one.report for one in settled_lately(NOBODY, limit)] == expected
    told = of_quartier(NOBODY, town.rives.pk, told=limit)
    assert [one.report for one in told.settled] == expected
    assert (told.open_count, told.closed_count) == (0, 3)
    assert of_quartier(NOBODY, town.faubourg.pk).settled == []


def test_a_quartier_tells_its_open_reports_newest_first_and_counts_the_others(town: Cast) -> None:
    reports = [make_public(filed().report) for _ in range(4)]
    settled(town, 1)
    filed()  # nobody has read it
    make_public(filed(at_point(IN_ANZIN_OUTSIDE_RIVES)).report)
    told = of_quartier(NOBODY, town.rives.pk, shown=3)
    assert told.open == reports[::-1][:3]
    assert (told.open_count, told.closed_count) == (4, 1)
