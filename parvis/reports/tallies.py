"""How many reports pass the filters of a list, told at its head at a cost that stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, Sum
from django.utils import timezone

from parvis.reports.models import CellCount
from parvis.reports.workflow import OPEN

MOST = 1000  # counted one by one; beyond it, "plus de 1 000"


@dataclass(frozen=True)
class Count:
    """A number of reports; `more`: there are others, that were not counted."""

    number: int
    more: bool = False

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Tally:
    total: Count
    open: Count
    late: Count


def tally(rows: Any, kept: Any = None) -> Tally:
    """What these rows are in all, open and late. `kept`: the counters of the city map that answer
    for the same rows, when there are any: they give exact numbers. Two queries at most."""
    late = rows.filter(state__in=OPEN, due_on__lt=timezone.localdate())
    if kept is None:
        return Tally(*_counts([rows, rows.filter(state__in=OPEN), late]))
    total, still = kept.aggregate(
        total=Sum("count", default=0), open=Sum("count", filter=Q(state__in=OPEN), default=0)
    ).values()
    return Tally(Count(total), Count(still), *_counts([late]))


def kept_counts(state: Q, family: str, commune: str) -> Any:
    """The counters of the city map for public reports of a state, a family and a commune."""
    rows = CellCount.objects.filter(state)
    if family:
        rows = rows.filter(family__code=family)
    if commune:
        rows = rows.filter(commune__code=commune)
    return rows


def _counts(each: Sequence[Any]) -> list[Count]:
    """The number of rows of each queryset, up to `MOST`; one query for all."""
    asked, values = [], []
    for rows in each:
        try:
            sql, params = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:  # nothing can pass
            sql, params = "SELECT 1 WHERE 1 = 0", ()
        asked.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - made by the ORM
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", values)
        return [Count(min(number, MOST), number > MOST) for number in cursor.fetchone()]
