"""A programme as plain data, as it is kept when it is sent, and what is read back from it.

Amounts and figures are texts ("12.00"), days are ISO; each line keeps its key, so that two versions
are compared line by line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from parvis.tfpb.axes import axis_of, units, usual_domains
from parvis.tfpb.money import percent, to_cents
from parvis.tfpb.programme_models import Line, Programme, UsualMeans

FORM = 1  # of the data below; a form in use is never changed, the next one has another number
ZERO = Decimal("0.00")
AMOUNTS = ("spending", "own_funding", "other_funding", "valued")


def snapshot_of(programme: Programme) -> dict[str, Any]:
    """The programme as it stands, with its lines and its table of droit commun; four queries."""
    lines = programme.lines.select_related("usual_means", "action", "split")
    means = UsualMeans.objects.filter(landlord=programme.landlord_id, year=programme.year)
    agreement = programme.convention.agreement if programme.convention else None
    return {
        "form": FORM,
        "landlord": {"name": programme.landlord.name, "siren": programme.landlord.siren or ""},
        "commune": {"code": programme.commune.code, "name": programme.commune.name},
        "quartier": {"code": programme.quartier.code, "name": programme.quartier.name},
        "year": programme.year,
        "convention": {"code": agreement.code, "title": agreement.title} if agreement else None,
        "dwellings": programme.dwellings,
        "forecast": _amount(programme.forecast),
        "forecast_on": _day(programme.forecast_on),
        "forecast_source": programme.forecast_source,
        "without_usual_means": programme.without_usual_means,
        "usual_means": [_means(one) for one in means],
        "lines": [_line(one) for one in lines.prefetch_related("residences")],
    }


def _line(line: Line) -> dict[str, Any]:
    action, split, means = line.action, line.split, line.usual_means
    return {
        "key": str(line.key),
        "axis": line.axis,
        "nature": line.nature,
        "title": line.title,
        "description": line.description,
        "place": line.place,
        "residences": sorted(
            ({"code": one.code, "name": one.name} for one in line.residences.all()),
            key=lambda one: one["code"],
        ),
        "starts_on": _day(line.starts_on),
        "ends_on": _day(line.ends_on),
        "quantity": _amount(line.quantity),
        "unit": line.unit,
        "unit_cost": _amount(line.unit_cost),
        "beyond": _amount(line.beyond),
        **{name: _amount(getattr(line, name)) for name in AMOUNTS},
        "other_funder": line.other_funder,
        "justification": line.justification,
        "usual_means": means.indicator if means else "",
        "action": {"reference": action.reference, "title": action.title} if action else None,
        "split": {
            "title": split.title,
            "total": _amount(split.total),
            "percent": None if line.split_percent is None else f"{line.split_percent:.4f}",
        }
        if split
        else None,
    }


def _means(means: UsualMeans) -> dict[str, Any]:
    figures = ("outside", "inside", "outside_cost", "inside_cost")
    return {
        "domain": means.domain,
        "indicator": means.indicator,
        **{name: _amount(getattr(means, name)) for name in figures},
        "note": means.note,
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else str(to_cents(Decimal(value)))


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


# --- Reading back ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetLine:
    """A line as it was sent; amounts in euros."""

    key: str
    axis: str
    nature: str
    title: str
    description: str
    place: str
    residences: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    quantity: Decimal | None
    unit: str
    unit_cost: Decimal | None
    beyond: Decimal | None
    spending: Decimal
    own_funding: Decimal
    other_funding: Decimal
    valued: Decimal
    other_funder: str
    justification: str
    usual_means: str
    action: str
    split: str

    @property
    def axis_label(self) -> str:
        """The axis, in words."""
        return axis_of(self.axis).label

    @property
    def nature_label(self) -> str:
        """Its nature, in words."""
        return dict(Line.Nature.choices).get(self.nature, self.nature)

    @property
    def unit_label(self) -> str:
        """The unit, in words."""
        return units().get(self.unit, self.unit)

    @property
    def rate(self) -> Decimal | None:
        """Taux de valorisation: valued / spending, in per cent."""
        return percent(self.valued, self.spending)


@dataclass(frozen=True)
class Totals:
    """The sums of some lines, in euros."""

    spending: Decimal = ZERO
    own_funding: Decimal = ZERO
    other_funding: Decimal = ZERO
    valued: Decimal = ZERO

    @property
    def rate(self) -> Decimal | None:
        """Taux de valorisation: valued / spending, in per cent."""
        return percent(self.valued, self.spending)


@dataclass(frozen=True)
class UsualRow:
    """A row of the table of droit commun, as it was joined."""

    domain: str
    indicator: str
    outside: Decimal | None
    inside: Decimal | None
    outside_cost: Decimal | None
    inside_cost: Decimal | None
    note: str

    @property
    def gap(self) -> Decimal | None:
        """What a dwelling of the QPV costs more each year, in euros."""
        if self.inside_cost is None or self.outside_cost is None:
            return None
        return self.inside_cost - self.outside_cost


@dataclass(frozen=True)
class Sheet:
    """A programme as it was sent, or as it stands now."""

    landlord: str
    commune: str
    quartier: str
    year: int
    convention: str
    dwellings: int | None
    forecast: Decimal | None
    forecast_on: date | None
    forecast_source: str
    without_usual_means: str
    usual_means: tuple[UsualRow, ...]
    lines: tuple[SheetLine, ...]

    @property
    def totals(self) -> Totals:
        """The sums of all its lines."""
        return totals_of(self.lines)

    @property
    def used(self) -> Decimal | None:
        """Part of the abatement that its lines plan to use, per cent; may pass 100."""
        return percent(self.totals.valued, self.forecast)

    @property
    def by_axis(self) -> list[tuple[str, list[SheetLine], Totals]]:
        """Its lines under each axis, in the order of the axes, with their sums."""
        ordered = sorted(self.lines, key=lambda one: (axis_of(one.axis).number, one.axis))
        groups = [(axis, list(some)) for axis, some in groupby(ordered, lambda one: one.axis)]
        return [(axis_of(axis).label, some, totals_of(some)) for axis, some in groups]


def totals_of(lines: Iterable[SheetLine]) -> Totals:
    """The sums of these lines, to the cent."""
    some = list(lines)
    return Totals(*(sum((getattr(one, name) for one in some), ZERO) for name in AMOUNTS))


def sheet_of(content: dict[str, Any]) -> Sheet:
    """What a snapshot says, as values; ValueError for a form that is not known."""
    if content.get("form") != FORM:
        raise ValueError(f"no snapshot has the form {content.get('form')!r}")
    return Sheet(
        landlord=content["landlord"]["name"],
        commune=content["commune"]["name"],
        quartier=content["quartier"]["name"],
        year=content["year"],
        convention=(content["convention"] or {}).get("title", ""),
        dwellings=content["dwellings"],
        forecast=_decimal(content["forecast"]),
        forecast_on=_date(content["forecast_on"]),
        forecast_source=content["forecast_source"],
        without_usual_means=content["without_usual_means"],
        usual_means=tuple(_usual_row(one) for one in content["usual_means"]),
        lines=tuple(_sheet_line(one) for one in content["lines"]),
    )


def _sheet_line(line: dict[str, Any]) -> SheetLine:
    action, split = line["action"], line["split"]
    return SheetLine(
        **{
            name: line[name]
            for name in ("key", "axis", "nature", "title", "description", "place", "unit")
        },
        residences=tuple(one["name"] for one in line["residences"]),
        starts_on=_date(line["starts_on"]),
        ends_on=_date(line["ends_on"]),
        quantity=_decimal(line["quantity"]),
        unit_cost=_decimal(line["unit_cost"]),
        beyond=_decimal(line["beyond"]),
        spending=Decimal(line["spending"]),
        own_funding=Decimal(line["own_funding"]),
        other_funding=Decimal(line["other_funding"]),
        valued=Decimal(line["valued"]),
        other_funder=line["other_funder"],
        justification=line["justification"],
        usual_means=line["usual_means"],
        action=f"{action['reference']} {action['title']}" if action else "",
        split=f"{split['title']} ({split['percent']} %)" if split else "",
    )


def _usual_row(row: dict[str, Any]) -> UsualRow:
    figures = ("outside", "inside", "outside_cost", "inside_cost")
    return UsualRow(
        domain=usual_domains().get(row["domain"], row["domain"]),
        indicator=row["indicator"],
        **{name: _decimal(row[name]) for name in figures},
        note=row["note"],
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
