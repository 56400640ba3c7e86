"""A period as people and accounts write it: a quarter, a month, a year, a day, two days."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from parvis.places.importing.columns import fold
from parvis.ui.words import MONTH_NAMES, NBSP, day_in_words

_MONTHS = {fold(name): number for number, name in enumerate(MONTH_NAMES, start=1)}
_DAY = r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
_QUARTERS = (
    r"t([1-4])[ \-/]*(\d{4})",
    r"([1-4])(?:er|e|eme|ème)? ?t(?:rim(?:estre)?)?\.?[ \-/]*(\d{4})",
    r"(\d{4})[ \-/]*t([1-4])",
)
Period = tuple[date, date]


def period_of(value: Any) -> Period:
    """First and last day; ValidationError when it is no period.

    « T1 2026 », « 1er trimestre 2026 », « mars 2026 », « 03/2026 », « 2026-03 », « 2026 »,
    « 15/03/2026 », « 01/01/2026 - 31/03/2026 ».
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split()).lower()
    with suppress(ValueError):
        if found := _days(text) or _quarter(text) or _month(text):
            return found
        if re.fullmatch(r"(19|20)\d{2}", text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
    raise ValidationError("ce n’est pas une période (exemples : T1 2026, mars 2026, 15/03/2026)")


def _days(text: str) -> Period | None:
    days = [_day(one) for one in re.findall(_DAY, text)]
    left = re.sub(_DAY, "", text)
    if (
        not days
        or len(days) > 2
        or not re.fullmatch(r"(du )?[ \-–à]*(au )?[ \-–]*(t?00:00:00)?", left)
    ):
        return None
    if days[-1] < days[0]:
        raise ValidationError("la fin de la période précède son début")
    return days[0], days[-1]


def _day(text: str) -> date:
    if "-" in text:
        return date.fromisoformat(text)
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def _quarter(text: str) -> Period | None:
    for place, form in enumerate(_QUARTERS):
        if found := re.fullmatch(form, text):
            first, second = found.groups()
            quarter, year = (second, first) if place == 2 else (first, second)
            last = int(quarter) * 3
            return date(int(year), last - 2, 1), _end(int(year), last)
    return None


def _month(text: str) -> Period | None:
    if found := re.fullmatch(r"(\d{1,2})[/\-](\d{4})", text):
        month, year = int(found[1]), int(found[2])
    elif found := re.fullmatch(r"(\d{4})[/\-](\d{1,2})", text):
        month, year = int(found[2]), int(found[1])
    elif (found := re.fullmatch(r"(\D+?)\.? ?(\d{4})", text)) and fold(found[1]) in _MONTHS:
        month, year = _MONTHS[fold(found[1])], int(found[2])
    else:
        return None
    return date(year, month, 1), _end(year, month)


def period_in_words(start: date, end: date) -> str:
    """« janvier à mars 2026 », « mars 2026 », « 2026 », « du 3 mars au 5 mars »."""
    whole = start.day == 1 and end == _end(end.year, end.month) and start.year == end.year
    if not whole:
        if start == end:
            return day_in_words(start)
        return f"du {day_in_words(start)} au {day_in_words(end)}"
    first, last = MONTH_NAMES[start.month - 1], MONTH_NAMES[end.month - 1]
    if (start.month, end.month) == (1, 12):
        return str(start.year)
    return f"{first if first == last else f'{first} à {last}'}{NBSP}{start.year}"


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
