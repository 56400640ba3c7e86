"""How many reports pass the filters of a list, told at its head at a cost that stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as CountOf
from django.db.models import Q, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from parvis.reports.models import CellCount
from parvis.reports.workflow import OPEN

STILL_OPEN = "state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN))
LATE = f"{STILL_OPEN} AND due_on < %s"
MOST = 1000  # counted one by one; beyond it, "plus de 1 000"
TALLIED = ("in_all", "in_course", "in_delay")


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
        late, still, total = _counts(rows, LATE, STILL_OPEN, "1 = 1", few=few)
        return Tally(total, still, late)
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


def with_tally(rows: Any, order: Sequence[str]) -> Any:
    """The same rows in this order, some thousands at most, each told the tally of all: `tallied`
    reads it from the first of them, so that it costs no query of its own."""
    still = Q(state__in=OPEN)
    return rows.annotate(
        # Their place is known once all are read: PostgreSQL would else walk all the reports there
        # are in this order, and hope to find some of these few early.
        place=Window(RowNumber(), order_by=order),
        in_all=Window(CountOf("pk")),
        in_course=Window(CountOf("pk", filter=still)),
        in_delay=Window(CountOf("pk", filter=still & Q(due_on__lt=timezone.localdate()))),
    ).order_by("place")


def tallied(first: Any) -> Tally:
    """The tally that a row of `with_tally` bears."""
    return Tally(*(_up_to(getattr(first, name)) for name in TALLIED))


def _up_to(number: int) -> Count:
    return Count(min(number, MOST), number > MOST)


def _counts(rows: Any, *conditions: str, few: bool = False) -> list[Count]:
    """The number of rows that meet each condition, up to `MOST`; one query for all. Each condition
    holds wherever the one before does: where that one is met too often to be counted, so is this.

    The rows are named once and written into each count by the database: with all its rights, their
    query takes longer to make than to run.
    """
    try:
        sql, params = rows.order_by().values("pk", "state", "due_on").query.sql_with_params()
    except EmptyResultSet:  # nothing can pass
        return [Count(0) for _ in conditions]
    steps = [f"found AS {'' if few else 'NOT '}MATERIALIZED ({sql})"]
    values = [*params]
    known = ""
    for place, condition in enumerate(conditions):
        some = f"SELECT COUNT(*) FROM (SELECT 1 FROM found WHERE {condition} LIMIT {MOST + 1}) AS s"  # noqa: S608
        if place:
            before = f"number{place - 1}"
            some = f"{known}, CASE WHEN {before} > {MOST} THEN {before} ELSE ({some}) END"
            some = f"SELECT {some} FROM step{place - 1}"  # noqa: S608
        known = ", ".join(f"number{one}" for one in range(place + 1))
        steps.append(f"step{place} ({known}) AS MATERIALIZED ({some})")
        values += [timezone.localdate()] * condition.count("%s")
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(steps)} SELECT {known} FROM step{place}", values)  # noqa: S608
        return [_up_to(number) for number in cursor.fetchone()]
