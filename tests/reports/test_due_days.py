"""The day by which something is expected, as people in this country count it: over the nights of
the clock, public holidays, a pause over a week-end, and where Good Friday is not worked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from parvis.reports import acts
from parvis.reports.models import Category, Part
from tests.cast import Cast
from tests.reports.scene import filed, only_part

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def filed_at(*moment: int, days: int = 2) -> Part:
    """A report filed at that moment of Paris, in a category that gives so many working days."""
    Category.objects.filter(code="trou_chaussee").update(delay_days=days)
    at = datetime(*moment, tzinfo=PARIS)  # type: ignore[misc, arg-type]
    with time_machine.travel(at, tick=False):
        return only_part(filed().report)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # The night that has 23 hours: before, in the hour that follows the lost one, after.
        ((2026, 3, 27, 23, 30), date(2026, 3, 31)),
        ((2026, 3, 29, 3, 10), date(2026, 3, 31)),
        ((2026, 3, 30, 0, 5), date(2026, 4, 1)),
        # The night that has 25 hours: the hour lived twice is one day.
        ((2026, 10, 25, 2, 30), date(2026, 10, 27)),
        ((2026, 10, 25, 23, 59), date(2026, 10, 27)),
        ((2026, 10, 26, 0, 1), date(2026, 10, 28)),
        # 1 May, a Friday; Easter Monday; 14 July, a Tuesday.
        ((2026, 4, 29, 10, 0), date(2026, 5, 4)),
        ((2026, 4, 3, 10, 0), date(2026, 4, 8)),
        ((2026, 7, 13, 10, 0), date(2026, 7, 16)),
    ],
)
def test_a_part_is_due_two_working_days_later(
    town: Cast, moment: tuple[int, ...], expected: date
) -> None:
    assert filed_at(*moment).due_on == expected


def test_the_hour_lived_twice_is_due_the_same_day_both_times(town: Cast) -> None:
    first = datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=PARIS)
    again = first.replace(fold=1)
    assert first.utcoffset() != again.utcoffset()
    days = set()
    for at in (first, again):
        with time_machine.travel(at, tick=False):
            days.add(only_part(filed().report).due_on)
    assert len(days) == 1


def test_good_friday_counts_but_in_alsace_and_moselle(town: Cast, settings: Any) -> None:
    assert filed_at(2026, 4, 2, 10, 0).due_on == date(2026, 4, 7)
    settings.HOLIDAYS_ZONE = "Alsace-Moselle"
    assert filed_at(2026, 4, 2, 10, 0).due_on == date(2026, 4, 8)


def test_a_pause_over_a_weekend_puts_off_by_its_working_days_alone(town: Cast) -> None:
    part = filed_at(2026, 6, 11, 10, 0, days=5)  # a Thursday
    assert part.due_on == date(2026, 6, 18)
    with time_machine.travel(datetime(2026, 6, 12, 9, 0, tzinfo=PARIS), tick=False):
        acts.pause_part(
            part,
            actor=town.actor(town.karim),
            starts_on=date(2026, 6, 13),  # Saturday
            ends_on=date(2026, 6, 14),  # Sunday
            reason="Attente de la clé",
        )
    part.refresh_from_db()
    assert part.due_on == date(2026, 6, 18)


def test_a_pause_from_friday_to_monday_puts_off_by_two_days(town: Cast) -> None:
    part = filed_at(2026, 6, 11, 10, 0, days=5)
    with time_machine.travel(datetime(2026, 6, 12, 9, 0, tzinfo=PARIS), tick=False):
        acts.pause_part(
            part,
            actor=town.actor(town.karim),
            starts_on=date(2026, 6, 12),
            ends_on=date(2026, 6, 15),
            reason="Attente d’une pièce",
        )
    part.refresh_from_db()
    assert part.due_on == date(2026, 6, 22)
