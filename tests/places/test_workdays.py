"""Working days: French public holidays, weekends, both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.places.workdays import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(-60, 60)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
        date(2026, 7, 14),
        date(2027, 8, 16) - timedelta(days=1),  # 15 August, a Sunday
        date(2027, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
        date(2027, 3, 29),  # Easter Monday, on another date each year
        date(2026, 3, 7),  # Saturday
        date(2026, 3, 8),  # Sunday
    ],
)
def test_public_holidays_and_weekends_are_not_worked(day: date) -> None:
    assert not is_working_day(day)


def test_good_friday_is_worked_but_in_alsace_and_moselle(settings: Any) -> None:
    assert is_working_day(date(2026, 4, 3))
    settings.HOLIDAYS_ZONE = "Alsace-Moselle"
    assert not is_working_day(date(2026, 4, 3))
    assert not is_working_day(date(2025, 12, 26))


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("971", date(2026, 5, 27)),
        ("972", date(2026, 5, 22)),
        ("973", date(2026, 6, 10)),
        ("974", date(2027, 12, 20)),
        ("976", date(2026, 4, 27)),
    ],
)
def test_each_overseas_department_has_its_own_holiday(settings: Any, zone: str, day: date) -> None:
    assert is_working_day(day)
    settings.HOLIDAYS_ZONE = zone
    assert not is_working_day(day)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 4, 30), 1, date(2026, 5, 4)),  # over 1 May, a Friday, and a weekend
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 7, 13), 1, date(2026, 7, 15)),  # over 14 July
        (date(2026, 5, 13), 2, date(2026, 5, 18)),  # over Ascension
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # over the night that has 23 hours
        (date(2026, 10, 23), 1, date(2026, 10, 26)),  # over the night that has 25 hours
        (date(2026, 5, 4), -1, date(2026, 4, 30)),
        (date(2026, 5, 1), 0, date(2026, 5, 4)),
        (date(2026, 5, 4), 0, date(2026, 5, 4)),
    ],
)
def test_working_days_are_added_over_holidays(start: date, count: int, expected: date) -> None:
    assert add_working_days(start, count) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Half past midnight in Paris on 30 March: already summer time there.
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 29, 21, 30, tzinfo=UTC), date(2026, 3, 30)),
        # The same hours in the night of 26 October: winter time.
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 27)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_moment_counts_for_its_day_in_paris(moment: datetime, expected: date) -> None:
    assert add_working_days(moment, 1) == expected


def test_a_moment_without_a_zone_counts_for_the_day_it_names() -> None:
    assert add_working_days(datetime(2026, 4, 30, 23, 59), 1) == date(2026, 5, 4)


def test_working_days_between_two_dates_leave_the_first_out() -> None:
    assert working_days_between(date(2026, 4, 30), date(2026, 5, 4)) == 1
    assert working_days_between(date(2026, 4, 30), date(2026, 4, 30)) == 0
    assert working_days_between(date(2026, 5, 4), date(2026, 4, 30)) == -1


def test_the_last_day_that_can_be_typed_is_counted_too() -> None:
    assert working_days_between(date(9999, 12, 24), date(9999, 12, 31)) == 5


@given(DAYS, COUNTS.filter(bool))
def test_adding_ends_on_a_working_day_and_counting_gives_the_number_back(
    day: date, count: int
) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    if count > 0:
        assert working_days_between(day, end) == count


@given(DAYS, st.integers(1, 60))
def test_a_later_start_or_a_greater_count_never_ends_earlier(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert add_working_days(day + timedelta(days=1), count) >= end
    assert add_working_days(day, count + 1) > end


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_counts_add_up(day: date, first: int, second: int) -> None:
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    whole = working_days_between(day, end)
    assert whole == working_days_between(day, middle) + working_days_between(middle, end)
    assert working_days_between(end, day) == -whole


@given(DAYS)
def test_a_week_never_has_more_than_five_working_days(day: date) -> None:
    assert 0 <= working_days_between(day, day + timedelta(days=7)) <= 5
