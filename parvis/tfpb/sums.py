"""Sums of lines and of what was spent on them, by any cut, in one query each.

Every sum of this room comes from here, so that each page, export and paper agrees to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractQuarter, ExtractYear

from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.money import each, percent, times
from parvis.tfpb.programme_models import Transfer

PLANNED = ("spending", "own_funding", "other_funding", "valued")
DONE = ("amount", "own_funding", "other_funding", "valued")
ZERO = Decimal("0.00")


@dataclass
class Sums:
    """Euros, to the cent: what was planned, and what was really spent."""

    spending: Decimal = ZERO
    own_funding: Decimal = ZERO
    other_funding: Decimal = ZERO
    valued: Decimal = ZERO
    spent: Decimal = ZERO
    spent_own: Decimal = ZERO
    spent_other: Decimal = ZERO
    spent_valued: Decimal = ZERO

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(mine + theirs for mine, theirs in zip(_all(self), _all(other), strict=True)))

    @property
    def rate(self) -> Decimal | None:
        """Taux de valorisation planned: valued / spending, per cent."""
        return percent(self.valued, self.spending)

    @property
    def done_rate(self) -> Decimal | None:
        """Taux de valorisation really had, per cent."""
        return percent(self.spent_valued, self.spent)

    @property
    def done_share(self) -> Decimal | None:
        """What was spent, per cent of what was planned."""
        return percent(self.spent, self.spending)

    @property
    def leverage(self) -> Decimal | None:
        """Effet levier: spent / valued; planned as long as nothing was spent."""
        if self.spent:
            return times(self.spent, self.spent_valued)
        return times(self.spending, self.valued)


@dataclass
class Against:
    """Sums beside the abatement that pays them (euros; None: not known) and its dwellings."""

    sums: Sums
    abatement: Decimal | None = None
    dwellings: int | None = None  # abated ones

    @property
    def used(self) -> Decimal | None:
        """Part of the abatement that the valued lines plan to use, per cent; may pass 100."""
        return percent(self.sums.valued, self.abatement)

    @property
    def utilisation(self) -> Decimal | None:
        """Taux d’utilisation: valued and spent / abatement, per cent."""
        return percent(self.sums.spent_valued, self.abatement)

    @property
    def coverage(self) -> Decimal | None:
        """Taux de couverture: abatement / spending, per cent; planned until something is spent."""
        return percent(self.abatement, self.sums.spent or self.sums.spending)

    @property
    def left(self) -> Decimal | None:
        """Abatement less what is valued (planned): negative when the lines go beyond it."""
        return None if self.abatement is None else self.abatement - self.sums.valued

    @property
    def per_dwelling(self) -> Decimal | None:
        """Spending for each abated dwelling: spent, or planned until something is."""
        return each(self.sums.spent or self.sums.spending, self.dwellings)


def _all(sums: Sums) -> tuple[Decimal, ...]:
    return (
        sums.spending,
        sums.own_funding,
        sums.other_funding,
        sums.valued,
        sums.spent,
        sums.spent_own,
        sums.spent_other,
        sums.spent_valued,
    )


def sums_by(lines: Any, *by: str) -> dict[tuple[Any, ...], Sums]:
    """The sums of these lines (a queryset of Line) for each value of `by`, columns of the line
    ("axis", "programme__commune_id"); two queries. Without `by`, one sum under ()."""
    found: dict[tuple[Any, ...], Sums] = {}
    for key, amounts in _grouped(lines, by, PLANNED):
        found[key] = Sums(*amounts)
    spent = Spending.objects.filter(line__in=lines.order_by().values("pk"))
    for key, amounts in _grouped(spent, [f"line__{column}" for column in by], DONE):
        one = found.setdefault(key, Sums())
        one.spent, one.spent_own, one.spent_other, one.spent_valued = amounts
    return found


def total_of(sums: dict[Any, Sums]) -> Sums:
    """All of them together."""
    return sum(sums.values(), Sums())


def spent_by_quarter(lines: Any) -> dict[tuple[int, int, int], Sums]:
    """What was spent on each of these lines, by (line, year, quarter): a spending counts whole in
    the quarter in which its period ends, so that no cent is parted; one query."""
    spent = Spending.objects.filter(line__in=lines.order_by().values("pk"))
    spent = spent.annotate(year=ExtractYear("ends_on"), quarter=ExtractQuarter("ends_on"))
    return {
        (line, year, quarter): Sums(
            spent=amounts[0], spent_own=amounts[1], spent_other=amounts[2], spent_valued=amounts[3]
        )
        for (line, year, quarter), amounts in _grouped(spent, ("line_id", "year", "quarter"), DONE)
    }


def moved_by_line(lines: Any) -> dict[int, Decimal]:
    """What transfers during the year brought to each of these lines (negative: took from it), in
    euros; one query. Over a programme they sum to nothing."""
    kept = lines.order_by().values("pk")
    moved: dict[int, Decimal] = {}
    rows = Transfer.objects.filter(source__in=kept) | Transfer.objects.filter(target__in=kept)
    for source, target, amount in rows.order_by().values_list("source_id", "target_id", "amount"):
        moved[source] = moved.get(source, ZERO) - amount
        moved[target] = moved.get(target, ZERO) + amount
    return moved


def _grouped(
    rows: Any, by: Sequence[str], columns: Sequence[str]
) -> list[tuple[tuple[Any, ...], tuple[Decimal, ...]]]:
    sums = {f"sum_{name}": Sum(name) for name in columns}
    if not by:
        one = rows.order_by().aggregate(**sums)
        return [((), tuple(one[name] or ZERO for name in sums))]
    grouped = rows.order_by().values(*by).annotate(**sums)
    return [
        (tuple(row[column] for column in by), tuple(row[name] or ZERO for name in sums))
        for row in grouped
    ]
