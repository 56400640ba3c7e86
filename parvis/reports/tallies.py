"""How many reports pass the filters of a list, told at its head at a cost that stays the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, Sum
from django.utils import timezone

from parvis.reports.models import CellCount
from parvis.reports.workflow import OPEN

STILL_OPEN = "state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN))
LATE = f"{STILL_OPEN} AND due_on < %s"
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


def tally(rows: Any, kept: Any = None, *, few: bool = False) -> Tally:
    """What these rows are in all, open and late. `kept`: the counters of the city map that answer
    for the same rows, when there are any: they give exact numbers. `few`: the rows are some
    thousands at most, and are read once for all the counts. Two queries at most."""
    if kept is None:
        return Tally(*_counts(rows, "1 = 1", STILL_OPEN, LATE, few=few))
    total, still = kept.aggregate(
        total=Sum("count", default=0), open=Sum("count", filter=Q(state__in=OPEN), default=0)
    ).values()
    return Tally(Count(total), Count(still), *_counts(rows, LATE))


def kept_counts(state: Q, family: str, commune: str) -> Any:
    """The counters of the city map for public reports of a state, a family and a commune."""
    rows = CellCount.objects.filter(state)
    if family:
        rows = rows.filter(family__code=family)
    if commune:
        rows = rows.filter(commune__code=commune)
    return rows


def _counts(rows: Any, *conditions: str, few: bool = False) -> list[Count]:
    """The number of rows that meet each condition, up to `MOST`; one query for all.

    The rows are named once and written into each count by the database: with all its rights, their
    query takes longer to make than to run.
    """
    try:
        sql, params = rows.order_by().values("pk", "state", "due_on").query.sql_with_params()
    except EmptyResultSet:  # nothing can pass
        return [Count(0) for _ in conditions]
    some = f"SELECT 1 FROM found WHERE {{}} LIMIT {MOST + 1}"  # noqa: S608
    counts = [f"(SELECT COUNT(*) FROM ({some.format(one)}) AS counted)" for one in conditions]  # noqa: S608
    values = [*params]
    for condition in conditions:
        values += [timezone.localdate()] * condition.count("%s")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS {'' if few else 'NOT '}MATERIALIZED ({sql}) SELECT {', '.join(counts)}",
            values,
        )
        return [Count(min(number, MOST), number > MOST) for number in cursor.fetchone()]
