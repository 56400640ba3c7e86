"""A programme during its year: planned, moved, spent and left, line by line and quarter by
quarter. Every figure comes from `sums`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from textwrap import shorten
from typing import Any

from parvis.tfpb.axes import axis_of
from parvis.tfpb.money import percent
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.sums import ZERO, Against, Sums, moved_by_line, spent_by_quarter, sums_by
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import NBSP, THIN, euros_in_words, number_in_words

QUARTERS = (1, 2, 3, 4)


def numbered(lines: Iterable[Line]) -> list[tuple[int, Line]]:
    """The lines of a programme in the order of their axes, numbered from 1: the number by which an
    accounting extract may name them."""
    order = sorted(lines, key=lambda one: (axis_of(one.axis).number, one.position, one.pk))
    return list(enumerate(order, start=1))


@dataclass
class Row:
    """Money of a line, of an axis or of the whole programme, in euros."""

    label: str
    sums: Sums = field(default_factory=Sums)
    moved: Decimal = ZERO  # by transfers: what came less what went
    quarters: dict[int, Sums] = field(default_factory=lambda: {one: Sums() for one in QUARTERS})
    line: Line | None = None
    number: int = 0

    @property
    def planned(self) -> Decimal:
        """What is planned once the transfers are counted."""
        return self.sums.spending + self.moved

    @property
    def left(self) -> Decimal:
        """Planned less spent; negative when more was spent."""
        return self.planned - self.sums.spent

    @property
    def done(self) -> Decimal | None:
        """What was spent, per cent of what is planned after transfers; may pass 100."""
        return percent(self.sums.spent, self.planned)

    @property
    def by_quarter(self) -> list[Sums]:
        """What was spent in each quarter."""
        return [self.quarters[one] for one in QUARTERS]

    def add(self, other: Row) -> None:
        """Count another row in this one."""
        self.sums += other.sums
        self.moved += other.moved
        for one in QUARTERS:
            self.quarters[one] += other.quarters[one]


@dataclass
class Axis:
    """An axis of the programme, its lines and their sum."""

    code: str
    label: str
    rows: list[Row]
    total: Row


@dataclass
class Money:
    """The money of a programme: its axes in order, and all of them together."""

    axes: list[Axis]
    total: Row
    against: Against

    @property
    def rows(self) -> list[Row]:
        """Every line."""
        return [row for axis in self.axes for row in axis.rows]


def money_of(programme: Programme) -> Money:
    """The money of a programme; five queries, however many lines."""
    return moneys_of([programme])[programme.pk]


def moneys_of(programmes: Iterable[Programme]) -> dict[int, Money]:
    """The money of these programmes, by programme; five queries for all of them."""
    wanted = {one.pk: one for one in programmes}
    rows: Any = Line.objects.filter(programme__in=wanted)
    sums = sums_by(rows, "pk")
    moved, spent = moved_by_line(rows), spent_by_quarter(rows)
    quarters: dict[tuple[int, int], dict[int, Sums]] = {}
    for (pk, year, quarter), some in spent.items():
        quarters.setdefault((pk, year), {})[quarter] = some
    lines: dict[int, list[Line]] = {pk: [] for pk in wanted}
    for line in rows.order_by("pk"):
        lines[line.programme_id].append(line)
    return {pk: _money(one, lines[pk], sums, moved, quarters) for pk, one in wanted.items()}


def _money(
    programme: Programme,
    lines: list[Line],
    sums: dict[tuple[Any, ...], Sums],
    moved: dict[int, Decimal],
    quarters: dict[tuple[int, int], dict[int, Sums]],
) -> Money:
    axes: dict[str, Axis] = {}
    for number, line in numbered(lines):
        row = Row(line.title, sums[line.pk,], moved.get(line.pk, ZERO), line=line, number=number)
        row.quarters |= quarters.get((line.pk, programme.year), {})
        label = line.axis_label
        axis = axes.setdefault(line.axis, Axis(line.axis, label, [], Row(label)))
        axis.rows.append(row)
        axis.total.add(row)
    total = Row("En tout")
    for axis in axes.values():
        total.add(axis.total)
    against = Against(total.sums, programme.abatement, programme.dwellings)
    return Money(list(axes.values()), total, against)


def chart_of(money: Money) -> Chart | None:
    """Planned and spent on each axis, side by side; nothing without an axis."""
    if not money.axes:
        return None
    rows = [axis.total for axis in money.axes]
    largest = max((max(row.planned, row.sums.spent) for row in rows), default=ZERO)
    groups, table = [], []
    for row in rows:
        bars = (
            Bar("prévu", _share(row.planned, largest), in_euros(row.planned)),
            Bar("dépensé", _share(row.sums.spent, largest), in_euros(row.sums.spent), True),
        )
        groups.append(BarGroup(short(row.label), bars))
        done = "" if row.done is None else f"{row.done}{NBSP}%".replace(".", ",")
        table.append((row.label, euros_in_words(row.planned), euros_in_words(row.sums.spent), done))
    return Chart(
        title="Prévu et dépensé, axe par axe",
        text="Dépense prévue, virements comptés, et dépense réalisée ; à l’euro près.",
        groups=tuple(groups),
        heads=("Axe", "Prévu", "Dépensé", "Dépensé sur prévu"),
        rows=tuple(table),
        ident="axes",
    )


def short(label: str) -> str:
    """A label that holds on one line of a drawing, on a phone; the table has it whole."""
    return shorten(label, 38, placeholder=" …")


def in_euros(amount: Decimal) -> str:
    """An amount for a drawing, rounded to the euro (half up); the table has its cents."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{number_in_words(int(whole))}{THIN}€"


def _share(amount: Decimal, largest: Decimal) -> float:
    """The length of a bar, in per cent of the longest: drawn, never counted with."""
    return float(amount * 100 / largest) if largest else 0.0
