"""What every room says of the personal data it keeps: until when (`Retention`), and whose it is
(`Holding`).

A room puts `RETENTIONS` in its `retention.py` and `HOLDINGS` in its `holdings.py`, as it puts its
doors in `access.py`: the pages and the command that show and run them all are above, and find them.
They stand down here because addresses that wait in the outbox are kept too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone


@dataclass(frozen=True)
class Due:
    """How many rows are to be erased now, and the day of the oldest of them, if it is known."""

    count: int = 0
    oldest: date | None = None

    def __add__(self, other: Due) -> Due:
        days = [day for day in (self.oldest, other.oldest) if day is not None]
        return Due(self.count + other.count, min(days, default=None))


@dataclass(frozen=True)
class Retention:
    """One thing that is erased once it has served. `due` only reads; `erase` tells how many rows it
    erased, and does nothing a second time. Both are asked about a moment, now."""

    code: str  # "reports": unique, what a processing of the register names
    label: str  # what is erased, in French
    due: Callable[[datetime], Due]
    erase: Callable[[datetime], int]


@dataclass(frozen=True)
class Held:
    """One thing that is kept of a person, in words for that person."""

    pk: int
    title: str
    facts: tuple[tuple[str, str], ...] = ()  # (what, its value), as the person gave them
    kept: str = ""  # until when, or what erases it
    standing: str = ""  # why it is not erased on request; empty when it is
    url: str = ""  # a page of theirs on which more can be done, absolute
    files: tuple[Any, ...] = ()  # stored files that are theirs too


@dataclass(frozen=True)
class Holding:
    """What a room keeps of whoever reads the mail of an address. `find` only reads; `erase` erases
    what may be and tells how many things that was. The address comes in lower case."""

    code: str  # also the kind under which a reading of it is logged
    label: str  # "Mes signalements"
    find: Callable[[str], list[Held]]
    erase: Callable[[str], int]


def facts(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """These facts without those that say nothing."""
    return tuple((label, value) for label, value in pairs if value)


def due_among(rows: Any, by: str) -> Due:
    """What these rows make due; `by` is the column that says how old each is. One query."""
    found = rows.order_by().aggregate(count=Count("pk", distinct=True), oldest=Min(by))
    return Due(found["count"], _day(found["oldest"]))


def due_together(parts: Iterable[Due]) -> Due:
    """Several kinds of rows that go at once."""
    return sum(parts, Due())


def _day(value: date | datetime | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value
