"""Every visible line as a table: one row each, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from parvis.tfpb.axes import axis_of, units
from parvis.tfpb.models import Line, Spending
from parvis.tfpb.money import percent, to_cents
from parvis.tfpb.sums import ZERO
from parvis.tfpb.workflow import ProgrammeState

MOST = 1_048_575  # rows that a sheet of a spreadsheet program holds under its header
_AT_ONCE = 2_000  # rows read at a time
_COLUMNS: dict[str, str] = {
    "Bailleur": "programme__landlord__name",
    "Commune": "programme__commune__name",
    "Code INSEE": "programme__commune__code",
    "Quartier": "programme__quartier__name",
    "Code du quartier": "programme__quartier__code",
    "Année": "programme__year",
    "État": "programme__state",
    "Axe": "axis",
    "Nature": "nature",
    "Action": "title",
    "Localisation": "place",
    "Quantité": "quantity",
    "Unité": "unit",
    "Coût unitaire (€)": "unit_cost",
    "Dépense prévue (€)": "spending",
    "Financement du bailleur (€)": "own_funding",
    "Autre financement (€)": "other_funding",
    "Autres financeurs": "other_funder",
    "Valorisé prévu (€)": "valued",
}
_ADDED = ("Taux de valorisation (%)", "Dépense réalisée (€)", "Valorisé réalisé (€)")
HEADER = [*_COLUMNS, *_ADDED]


def rows_of(lines: Any) -> Iterator[list[Any]]:
    """The rows of these lines under HEADER, programme by programme; one query, read as it goes."""
    words = {
        "programme__state": dict(ProgrammeState.choices),
        "nature": dict(Line.Nature.choices),
        "unit": units(),
    }
    names = list(_COLUMNS.values())
    worded = [(names.index(name), known) for name, known in words.items()]
    axis, spending, valued = (names.index(name) for name in ("axis", "spending", "valued"))
    found = lines.annotate(done=_spent("amount"), counted=_spent("valued"))
    found = found.order_by("programme_id", "pk").values_list(*names, "done", "counted")
    for row in found.iterator(chunk_size=_AT_ONCE):
        cells: list[Any] = list(row[:-2])
        for place, known in worded:
            cells[place] = known.get(cells[place], cells[place])
        one = axis_of(cells[axis])
        cells[axis] = f"{one.number}. {one.label}" if one.number else one.label
        spent = [to_cents(amount) if amount is not None else ZERO for amount in row[-2:]]
        yield [*cells, percent(cells[valued], cells[spending]), *spent]


def _spent(column: str) -> Subquery:
    """That column of what was spent on the line, all its periods together."""
    own = Spending.objects.filter(line=OuterRef("pk")).order_by().values("line")
    return Subquery(own.annotate(sum=Sum(column)).values("sum"))
