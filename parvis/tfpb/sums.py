"""Sums of lines and of what was spent on them, by any cut, in one query each.

Every sum of this room comes from here, so that each page, export and paper agrees to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, ExtractQuarter, ExtractYear

from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.money import each, percent, times, to_cents
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


@dataclass
class Announced:
    """What sheets (programmes) announce together; each counts once. Euros to the cent."""

    sheets: int = 0
    unknown: int = 0  # sheets whose abatement is not known
    forecast: Decimal = ZERO
    real: Decimal = ZERO
    abatement: Decimal = ZERO  # the tax notice's, or else the forecast
    dwellings: int = 0  # abated ones
    # Of the sheets on which something was spent.
    told_abatement: Decimal = ZERO
    told_dwellings: int = 0

    def __add__(self, other: Announced) -> Announced:
        return Announced(
            **{name: value + getattr(other, name) for name, value in vars(self).items()}
        )


@dataclass
class Consolidated:
    """Sums of many sheets beside what they announce.

    A ratio never sets what was spent here against an abatement there: what was spent is measured
    against the sheets that tell spending, and a sheet whose abatement (or number of dwellings) is
    not known is left out of both sides.
    """

    sums: Sums = field(default_factory=Sums)
    announced: Announced = field(default_factory=Announced)
    covered: Sums = field(default_factory=Sums)  # of the sheets whose abatement is known
    housed: Sums = field(default_factory=Sums)  # of the sheets whose abated dwellings are known

    def __add__(self, other: Consolidated) -> Consolidated:
        return Consolidated(
            *(
                mine + theirs
                for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True)
            )
        )

    @property
    def told(self) -> bool:
        """Whether something was spent; until then, ratios are those planned."""
        return bool(self.sums.spent)

    @property
    def used(self) -> Decimal | None:
        """Part of the abatement that the valued lines plan to use, per cent; may pass 100."""
        return percent(self.covered.valued, self.announced.abatement)

    @property
    def utilisation(self) -> Decimal | None:
        """Taux d’utilisation: valued and spent / abatement, per cent; None until then."""
        if not self.told:
            return None
        return percent(self.covered.spent_valued, self.announced.told_abatement)

    @property
    def coverage(self) -> Decimal | None:
        """Taux de couverture: abatement / spending, per cent."""
        if self.told:
            return percent(self.announced.told_abatement, self.covered.spent)
        return percent(self.announced.abatement, self.covered.spending)

    @property
    def per_dwelling(self) -> Decimal | None:
        """Spending for each abated dwelling and each year, in euros."""
        if self.told:
            return each(self.housed.spent, self.announced.told_dwellings)
        return each(self.housed.spending, self.announced.dwellings)


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


def consolidated_by(programmes: Any, lines: Any, *by: str) -> dict[tuple[Any, ...], Consolidated]:
    """The sums of these lines beside what these programmes announce, for each value of `by`,
    columns of the programme ("landlord_id", "commune__epci_siren"); three queries.

    By axis there is no such thing: the abatement of a programme is one amount, that axes share."""
    found: dict[tuple[Any, ...], Consolidated] = {}
    for key, announced in _announced(programmes, by):
        found[key] = Consolidated(announced=announced)
    planned = _grouped(
        lines, [f"programme__{column}" for column in by], PLANNED, _subsets("programme__", PLANNED)
    )
    spent = Spending.objects.filter(line__in=lines.order_by().values("pk"))
    done = _grouped(
        spent,
        [f"line__programme__{column}" for column in by],
        DONE,
        _subsets("line__programme__", DONE),
    )
    for first, rows in ((0, planned), (len(PLANNED), done)):
        for key, amounts in rows:
            one = found.setdefault(key, Consolidated())
            for number, sums in enumerate((one.sums, one.covered, one.housed)):
                size = len(PLANNED)
                part = amounts[number * size : (number + 1) * size]
                for name, amount in zip(list(vars(sums))[first:], part, strict=False):
                    setattr(sums, name, amount)
    return found


def _subsets(path: str, columns: Sequence[str]) -> dict[str, Any]:
    """The same columns, of the sheets whose abatement, then whose dwellings, are known."""
    known = Q(**{f"{path}forecast__isnull": False}) | Q(**{f"{path}real__isnull": False})
    housed = Q(**{f"{path}dwellings__gt": 0})
    return {
        f"{name}_{column}": Sum(column, filter=condition)
        for name, condition in (("covered", known), ("housed", housed))
        for column in columns
    }


def _announced(programmes: Any, by: Sequence[str]) -> list[tuple[tuple[Any, ...], Announced]]:
    told = Exists(Spending.objects.filter(line__programme=OuterRef("pk")))
    abatement = Coalesce("real", "forecast")
    columns = {
        "sheets": Count("pk"),
        "unknown": Count("pk", filter=Q(forecast=None, real=None)),
        "forecast": Sum("forecast"),
        "real": Sum("real"),
        "abatement": Sum(abatement),
        "dwellings": Sum("dwellings"),
        "told_abatement": Sum(abatement, filter=Q(told=True)),
        "told_dwellings": Sum("dwellings", filter=Q(told=True)),
    }
    sums = {f"sum_{name}": column for name, column in columns.items()}
    rows = programmes.order_by().annotate(told=told)
    grouped = rows.values(*by).annotate(**sums) if by else [rows.aggregate(**sums)]
    found = []
    for row in grouped:
        values: dict[str, Any] = {}
        for name in columns:
            value = row[f"sum_{name}"] or 0
            counts = isinstance(getattr(Announced, name), int)
            values[name] = int(value) if counts else to_cents(Decimal(value))
        found.append((tuple(row[column] for column in by), Announced(**values)))
    return found


def _grouped(
    rows: Any, by: Sequence[str], columns: Sequence[str], more: dict[str, Any] | None = None
) -> list[tuple[tuple[Any, ...], tuple[Decimal, ...]]]:
    """Sums to the cent: SQLite adds up binary numbers, which may miss it by a hair."""
    sums = {f"sum_{name}": Sum(name) for name in columns} | (more or {})
    if not by:
        return [((), _cents(rows.order_by().aggregate(**sums), sums))]
    grouped = rows.order_by().values(*by).annotate(**sums)
    return [(tuple(row[column] for column in by), _cents(row, sums)) for row in grouped]


def _cents(row: dict[str, Any], names: Any) -> tuple[Decimal, ...]:
    return tuple(to_cents(row[name] or ZERO) for name in names)
