"""The figures of a consolidation: rows of the chosen cut, bars by axis and year, benchmarks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from parvis.search.words import fold
from parvis.tfpb.axes import axis_of, families
from parvis.tfpb.overview_forms import CUTS, OverviewForm
from parvis.tfpb.sums import Consolidated, Sums, consolidated_by, sums_by
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import NBSP, euros_in_words, grouped

FILE = Path(__file__).parent / "data" / "overview.toml"
THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class Row:
    """One row: what it is about, its sums, and the address that opens it."""

    label: str
    value: str  # of the filter that keeps it alone
    query: str
    of: Consolidated
    rank: Any = ""  # its place by name or number


@dataclass(frozen=True)
class Overview:
    """What the page and its export show."""

    rows: list[Row]
    total: Consolidated
    partial: bool  # without any abatement: see `OverviewForm.partial`


def consolidate(form: OverviewForm) -> Overview:
    """The rows of the cut, in the order that was asked; two or three queries."""
    cut = CUTS[form.cut_code]
    found: dict[str, Consolidated] = {}
    if form.partial:
        by = cut.column if cut.column == "axis" else f"programme__{cut.column}"
        for (key,), sums in sums_by(form.lines(), by).items():
            value = axis_of(key).family if form.cut_code == "family" else str(key)
            found[value] = found.get(value, Consolidated()) + Consolidated(sums=sums)
    else:
        for (key,), whole in consolidated_by(form.programmes(), form.lines(), cut.column).items():
            found[str(key)] = whole
    rows = []
    for value, whole in found.items():
        label, rank = _named(form, value)
        query = form.query(**{cut.filter: value, "cut": cut.then})
        rows.append(Row(label, value, query, whole, rank))
    rows.sort(key=lambda row: (row.rank, row.value))
    if order := ORDERED.get(form.value("tri")):
        rows.sort(key=lambda row: order(row.of) or Decimal(-1), reverse=True)
    return Overview(rows, sum(found.values(), Consolidated()), form.partial)


ORDERED: dict[str, Callable[[Consolidated], Decimal | None]] = {
    "spending": lambda one: one.sums.spending,
    "spent": lambda one: one.sums.spent,
    "valued": lambda one: one.sums.valued,
    "utilisation": lambda one: one.utilisation,
}


def _named(form: OverviewForm, value: str) -> tuple[str, Any]:
    """The name of a row, and its place by name or number."""
    if form.cut_code == "axis":
        axis = axis_of(value)
        return (f"{axis.number}. {axis.label}" if axis.number else axis.label), axis.number
    if form.cut_code == "family":
        return families().get(value, "Sans famille"), [*families(), value].index(value)
    if form.cut_code == "year":
        return value, int(value)
    label = form.names[form.cut_code].get(value, value)
    return label, fold(label)


# --- Export: exactly what is shown -------------------------------------------------------------

_MONEY: list[tuple[str, Callable[[Consolidated], Any]]] = [
    ("Dépense prévue (€)", lambda one: one.sums.spending),
    ("Valorisé prévu (€)", lambda one: one.sums.valued),
    ("Dépense réalisée (€)", lambda one: one.sums.spent),
    ("Valorisé réalisé (€)", lambda one: one.sums.spent_valued),
]
_SHEETS: list[tuple[str, Callable[[Consolidated], Any]]] = [
    ("Fiches", lambda one: one.announced.sheets),
    ("Fiches sans abattement connu", lambda one: one.announced.unknown),
    ("Logements abattus (comptés chaque année)", lambda one: one.announced.dwellings),
    ("Abattement prévisionnel (€)", lambda one: one.announced.forecast),
    ("Abattement réel (€)", lambda one: one.announced.real),
]
_RATIOS: list[tuple[str, Callable[[Consolidated], Any]]] = [
    ("Part de l’abattement prévue (%)", lambda one: one.used),
    ("Taux d’utilisation (%)", lambda one: one.utilisation),
    ("Taux de couverture (%)", lambda one: one.coverage),
]
_LEVERAGE: tuple[str, Callable[[Consolidated], Any]] = (
    "Effet levier",
    lambda one: one.sums.leverage,
)
_EACH: tuple[str, Callable[[Consolidated], Any]] = (
    "€ par logement abattu et par an",
    lambda one: one.per_dwelling,
)
_BASIS: tuple[str, Callable[[Consolidated], Any]] = (
    "Couverture, levier et € par logement",
    lambda one: "réalisés" if one.told else "prévus",
)


def table(form: OverviewForm, overview: Overview) -> tuple[list[str], list[list[Any]]]:
    """The table of the page as a header and rows, its total last."""
    if overview.partial:
        columns = [*_MONEY, _LEVERAGE]
    else:
        columns = [*_SHEETS, *_MONEY, *_RATIOS, _LEVERAGE, _EACH, _BASIS]
    header = [CUTS[form.cut_code].head, *(head for head, _ in columns)]
    lines = [(row.label, row.of) for row in overview.rows] + [("En tout", overview.total)]
    return header, [[label, *(value(one) for _, value in columns)] for label, one in lines]


# --- Small multiples ---------------------------------------------------------------------------


def charts(form: OverviewForm) -> list[Chart]:
    """One small chart for each axis, a bar for each year, all on one scale; two queries. A bar is
    what was spent, or what is planned as long as nothing was."""
    found = sums_by(form.lines(), "axis", "programme__year")
    years = sorted({year for _, year in found})
    codes = sorted({code for code, _ in found}, key=lambda code: (axis_of(code).number, code))
    most = max((_shown(one) for one in found.values()), default=Decimal(0))
    return [
        _chart(code, {year: found.get((code, year), Sums()) for year in years}, most)
        for code in codes
        if most
    ]


def _shown(sums: Sums) -> Decimal:
    return sums.spent or sums.spending


def _chart(code: str, sums: dict[int, Sums], most: Decimal) -> Chart:
    axis = axis_of(code)
    title = f"{axis.number}. {axis.label}" if axis.number else axis.label

    def bars(told: bool) -> tuple[Bar, ...]:
        return tuple(
            Bar(
                str(year),
                float(_shown(one) * 100 / most),  # a length, not an amount
                short(_shown(one)),
                second=not told,
            )
            for year, one in sums.items()
            if bool(one.spent) is told and _shown(one)
        )

    whole = sum(sums.values(), Sums())
    groups = (BarGroup("Dépensé", bars(True)), BarGroup("Prévu", bars(False)))
    return Chart(
        title=title,
        text=(
            f"En tout {euros_in_words(whole.spent)} dépensés, "
            f"pour {euros_in_words(whole.spending)} prévus."
        ),
        groups=tuple(group for group in groups if group.bars),
        heads=("Année", "Prévu", "Dépensé", "Valorisé"),
        rows=tuple(
            (
                str(year),
                euros_in_words(one.spending),
                euros_in_words(one.spent),
                euros_in_words(one.spent_valued if one.spent else one.valued),
            )
            for year, one in sums.items()
        ),
        ident=f"axe-{code}",
    )


def short(amount: Decimal) -> str:
    """« 12 k€ », to the nearest thousand (half to even); below one, the euros."""
    if amount < THOUSAND:
        return f"{grouped(str(round(amount)))}{NBSP}€"
    return f"{grouped(str(round(amount / THOUSAND)))}{NBSP}k€"


# --- Benchmarks --------------------------------------------------------------------------------


@cache
def benchmarks() -> dict[str, list[dict[str, Any]]]:
    """What was measured elsewhere, by the figure that it stands beside (data/overview.toml)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in tomllib.loads(FILE.read_text(encoding="utf-8"))["benchmark"]:
        found.setdefault(line["figure"], []).append(line)
    return found
