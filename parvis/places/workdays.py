"""Working days: Monday to Friday without the French public holidays, in local time."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from dateutil.easter import easter
from django.conf import settings
from django.utils import timezone

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_FILE = Path(__file__).parent / "data" / "public_holidays.toml"


def is_working_day(day: date) -> bool:
    """True from Monday to Friday, but on a public holiday."""
    day = _local(day)
    return day.weekday() < _SATURDAY and day not in _holidays(day.year, settings.HOLIDAYS_ZONE)


def add_working_days(day: date, count: int) -> date:
    """The count-th working day after that day (before it when negative).

    With zero, the day itself, or the next working day when it is none.
    """
    day = _local(day)
    if count == 0:
        while not is_working_day(day):
            day += _ONE_DAY
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after the first day, up to the second included; negative when it comes first."""
    start, end = _local(start), _local(end)
    if end < start:
        return -working_days_between(end, start)
    zone = settings.HOLIDAYS_ZONE
    whole = sum(_worked(year, zone)[-1] for year in range(start.year, end.year))
    return whole + _worked_by(end, zone) - _worked_by(start, zone)


def _worked_by(day: date, zone: str) -> int:
    """Working days of the day's year up to it, itself included."""
    return _worked(day.year, zone)[day.toordinal() - date(day.year, 1, 1).toordinal()]


def _local(day: date) -> date:
    # A moment counts for the day that people lived, not for the one of the server's clock.
    if isinstance(day, datetime):
        return timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return day


@lru_cache(maxsize=1)
def _law() -> list[dict[str, Any]]:
    return list(tomllib.loads(_FILE.read_text(encoding="utf-8"))["holiday"])


@lru_cache(maxsize=64)
def _worked(year: int, zone: str) -> tuple[int, ...]:
    """Working days of a year up to each of its days: pages ask for thousands of delays at once."""
    off = _holidays(year, zone)
    numbers = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    days = map(date.fromordinal, numbers)
    return tuple(accumulate(day.weekday() < _SATURDAY and day not in off for day in days))


@lru_cache(maxsize=64)
def _holidays(year: int, zone: str) -> frozenset[date]:
    """The days off of a year, everywhere and in that zone."""
    return frozenset(
        easter(year) + timedelta(days=one["after_easter"])
        if "after_easter" in one
        else date(year, one["month"], one["day"])
        for one in _law()
        if one.get("zone", "") in ("", zone)
    )
