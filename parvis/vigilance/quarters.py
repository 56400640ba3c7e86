"""Quarters of a year: their first day, their address ("2026-T3") and their name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_CODE = re.compile(r"(2\d{3})-T([1-4])")
_NAMES = ("1er", "2e", "3e", "4e")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months; `start` is their first day."""

    start: date

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds this day."""
        return cls(date(day.year, day.month - (day.month - 1) % 3, 1))

    @classmethod
    def read(cls, code: str) -> Quarter | None:
        """The quarter of an address, or None when it names none."""
        found = _CODE.fullmatch(code)
        return cls(date(int(found[1]), 3 * int(found[2]) - 2, 1)) if found else None

    @property
    def number(self) -> int:
        return (self.start.month + 2) // 3

    @property
    def code(self) -> str:
        return f"{self.start.year}-T{self.number}"

    @property
    def label(self) -> str:
        return f"{_NAMES[self.number - 1]} trimestre {self.start.year}"

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next().start - timedelta(days=1)

    def next(self) -> Quarter:
        return Quarter.of(self.start + timedelta(days=100))

    def before(self) -> Quarter:
        return Quarter.of(self.start - timedelta(days=1))

    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it, in local time."""
        return (_midnight(self.start), _midnight(self.next().start))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def finished(today: date, many: int) -> list[Quarter]:
    """The last quarters that are over, the latest first."""
    found = [Quarter.of(today).before()]
    while len(found) < many:
        found.append(found[-1].before())
    return found
