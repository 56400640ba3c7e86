"""Sums of the stock by landlord, commune, quartier and year, and what is said beside them.

A sum of estimates or of notices tells how many of its residences have none: it is a part then.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from parvis.partners.models import Organisation
from parvis.tfpb.axes import DATA
from parvis.tfpb.money import each
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.stock_models import Dwellings

PLACE = ("tax_year", "landlord_id", "commune_id", "quartier_id")
NAMES = ("landlord__name", "landlord__siren", "commune__name", "commune__code")
MORE_NAMES = ("quartier__name", "quartier__code", "quartier__kind")


@dataclass(frozen=True)
class StockSum:
    """Dwellings and amounts (euros; None: no residence has one) of some rows of the stock."""

    residences: int = 0
    dwellings: int = 0
    abated: int = 0
    exempt: int = 0
    exempt_from: date | None = None  # the first and the last end of an exemption
    exempt_until: date | None = None
    vacant: int = 0
    npnru: int = 0  # dwellings in a renewal project
    estimate: Decimal | None = None
    estimated_on: date | None = None  # the latest
    estimate_source: str = ""
    unestimated: int = 0  # residences with abated dwellings and no estimate
    real: Decimal | None = None
    real_on: date | None = None
    real_source: str = ""
    unnoticed: int = 0  # residences with abated dwellings and no notice

    @property
    def whole_real(self) -> bool:
        """Whether each residence with abated dwellings has the amount of its notice."""
        return self.real is not None and not self.unnoticed

    @property
    def abatement(self) -> Decimal | None:
        """The amount to count with: the notices' once all are there, or else the estimate."""
        return self.real if self.whole_real else self.estimate

    @property
    def whole(self) -> bool:
        """Whether that amount covers every abated dwelling."""
        return self.whole_real or (self.estimate is not None and not self.unestimated)

    @property
    def gap(self) -> Decimal | None:
        """The notices less the estimate, once both are whole."""
        if self.real is None or self.estimate is None or self.unnoticed or self.unestimated:
            return None
        return self.real - self.estimate

    @property
    def per_dwelling(self) -> Decimal | None:
        """The abatement for each abated dwelling; None as long as a part is missing."""
        return each(self.abatement, self.abated) if self.whole else None


def _columns() -> dict[str, Any]:
    without = {
        "unestimated": Q(abated__gt=0, estimate=None),
        "unnoticed": Q(abated__gt=0, real=None),
    }
    return {
        "residences": Count("pk"),
        "dwellings": Coalesce(Sum("total"), 0),
        "sum_abated": Coalesce(Sum("abated"), 0),
        "sum_exempt": Coalesce(Sum("exempt"), 0),
        "exempt_from": Min("exempt_until", filter=Q(exempt__gt=0)),
        "last_exempt": Max("exempt_until", filter=Q(exempt__gt=0)),
        "sum_vacant": Coalesce(Sum("vacant"), 0),
        "sum_npnru": Coalesce(Sum("total", filter=Q(npnru=True)), 0),
        "sum_estimate": Sum("estimate"),
        "last_estimated": Max("estimated_on"),
        "first_source": Min("estimate_source", filter=~Q(estimate_source="")),
        "last_source": Max("estimate_source", filter=~Q(estimate_source="")),
        "sum_real": Sum("real"),
        "last_real": Max("real_on"),
        "first_notice": Min("real_source", filter=~Q(real_source="")),
        "last_notice": Max("real_source", filter=~Q(real_source="")),
        **{name: Count("pk", filter=condition) for name, condition in without.items()},
    }


def _sum_of(row: dict[str, Any]) -> StockSum:
    def source(first: str | None, last: str | None) -> str:
        if not first:
            return ""
        return first if first == last else "plusieurs sources, dites par résidence"

    return StockSum(
        residences=row["residences"],
        dwellings=row["dwellings"],
        abated=row["sum_abated"],
        exempt=row["sum_exempt"],
        exempt_from=row["exempt_from"],
        exempt_until=row["last_exempt"],
        vacant=row["sum_vacant"],
        npnru=row["sum_npnru"],
        estimate=row["sum_estimate"],
        estimated_on=row["last_estimated"],
        estimate_source=source(row["first_source"], row["last_source"]),
        unestimated=row["unestimated"],
        real=row["sum_real"],
        real_on=row["last_real"],
        real_source=source(row["first_notice"], row["last_notice"]),
        unnoticed=row["unnoticed"],
    )


@dataclass(frozen=True)
class PlaceSum:
    """The stock of a landlord in one commune and one quartier, for one tax year."""

    tax_year: int
    landlord_id: int
    commune_id: int
    quartier_id: int
    landlord: str  # the name it bore on 1 January
    siren: str
    commune: str
    commune_code: str
    quartier: str
    quartier_code: str
    npnru_site: bool
    sum: StockSum

    @property
    def key(self) -> str:
        """What stands for it in an address."""
        return f"{self.tax_year}-{self.landlord_id}-{self.commune_id}-{self.quartier_id}"


def sums_by_place(rows: Any) -> list[PlaceSum]:
    """The stock of these rows by landlord, commune, quartier and year; three queries."""
    grouped = list(
        rows.order_by("-tax_year", *NAMES[::2], "quartier__name", *PLACE[1:])
        .values(*PLACE, *NAMES, *MORE_NAMES)
        .annotate(**_columns())
    )
    landlords = named_landlords({row["landlord_id"] for row in grouped})
    return [
        PlaceSum(
            tax_year=row["tax_year"],
            landlord_id=row["landlord_id"],
            commune_id=row["commune_id"],
            quartier_id=row["quartier_id"],
            landlord=landlords[row["landlord_id"]].name_on(date(row["tax_year"], 1, 1)),
            siren=row["landlord__siren"] or "",
            commune=row["commune__name"],
            commune_code=row["commune__code"],
            quartier=row["quartier__name"],
            quartier_code=row["quartier__code"],
            npnru_site=row["quartier__kind"] == "npnru",
            sum=_sum_of(row),
        )
        for row in grouped
    ]


def named_landlords(ids: Iterable[int]) -> dict[int, Organisation]:
    """These organisations with the names they bore; two queries."""
    rows = Organisation.objects.filter(pk__in=list(ids)).prefetch_related("past_names")
    return {one.pk: one for one in rows}


def sum_of(rows: Any) -> StockSum:
    """All of these rows together; one query."""
    return _sum_of(rows.order_by().aggregate(**_columns()))


def rows_of(programme: Programme) -> Any:
    """The stock that a programme is about: that of its landlord, and of those merged into it which
    have no programme of their own there that year."""
    of_their_own = Programme.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        commune_id=programme.commune_id,
        quartier_id=programme.quartier_id,
        year=programme.year,
    )
    merged = Q(landlord__successor_id=programme.landlord_id) & ~Exists(of_their_own)
    return Dwellings.objects.filter(
        Q(landlord_id=programme.landlord_id) | merged,
        commune_id=programme.commune_id,
        quartier_id=programme.quartier_id,
        tax_year=programme.year,
    )


def stock_of(programme: Programme) -> StockSum:
    """The sums of the stock of a programme, to stand beside its head; one query.

    The caller answers for the right to see them: whoever follows the programme may.
    """
    return sum_of(rows_of(programme))


@dataclass(frozen=True)
class Benchmark:
    """An amount by dwelling and year beside which a stock is read, in euros."""

    code: str
    label: str
    amount: Decimal
    kind: str  # "abatement" or "spending"
    reference: str
    confirmed: bool


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """The known ones, in the order of data/benchmarks.toml."""
    found = tomllib.loads((DATA / "benchmarks.toml").read_text(encoding="utf-8"))["benchmark"]
    return tuple(Benchmark(**{**line, "amount": Decimal(line["amount"])}) for line in found)
