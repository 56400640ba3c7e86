"""The lines of programmes as open data: what whoever asks may see, line by line, as they come.

The fields are told in docs/tfpb-data.md; they are the same in csv and in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.tfpb.axes import axis_of
from parvis.tfpb.programme_models import Line
from parvis.tfpb.sums import Sums, sums_by

LINES_AT_ONCE = 1000
_AMOUNTS = {
    "depense_prevue": "spending",
    "financement_bailleur_prevu": "own_funding",
    "autre_financement_prevu": "other_funding",
    "valorisation_prevue": "valued",
    "depense_realisee": "spent",
    "financement_bailleur_realise": "spent_own",
    "autre_financement_realise": "spent_other",
    "valorisation_realisee": "spent_valued",
}
FIELDS = (
    "reference",
    "annee",
    "bailleur_siren",
    "bailleur_nom",
    "commune_insee",
    "commune_nom",
    "quartier_code",
    "quartier_nom",
    "logements_abattus",
    "axe",
    "axe_numero",
    "axe_libelle",
    "nature",
    "action",
    "quantite",
    "unite",
    *_AMOUNTS,
    "etat",
)


def records(actor: Actor, year: int | None) -> Iterator[dict[str, Any]]:
    """Every line that this actor may see, of a tax year or of all: three queries for each
    thousand, whatever the lines. Amounts in euros, as texts with two decimals."""
    rows = Line.objects.visible_to(actor).select_related(
        "programme__landlord", "programme__commune", "programme__quartier"
    )
    rows = rows.defer("programme__commune__outline", "programme__quartier__outline")
    rows = rows.prefetch_related("programme__landlord__past_names").order_by("pk")
    if year is not None:
        rows = rows.filter(programme__year=year)
    last = 0
    while some := list(rows.filter(pk__gt=last)[:LINES_AT_ONCE]):
        last = some[-1].pk
        sums = sums_by(Line.objects.filter(pk__in=[line.pk for line in some]), "pk")
        for line in some:
            yield _record(line, sums[(line.pk,)])
        if len(some) < LINES_AT_ONCE:
            return


def _record(line: Line, sums: Sums) -> dict[str, Any]:
    programme, axis = line.programme, axis_of(line.axis)
    return {
        "reference": str(line.key),
        "annee": programme.year,
        "bailleur_siren": programme.landlord.siren or "",
        "bailleur_nom": programme.landlord.name_on(date(programme.year, 1, 1)),
        "commune_insee": programme.commune.code,
        "commune_nom": programme.commune.name,
        "quartier_code": programme.quartier.code,
        "quartier_nom": programme.quartier.name,
        "logements_abattus": programme.dwellings,
        "axe": line.axis,
        "axe_numero": axis.number,
        "axe_libelle": axis.label,
        "nature": line.nature,
        "action": line.title,
        "quantite": _amount(line.quantity),
        "unite": line.unit,
        **{name: _amount(getattr(sums, column)) for name, column in _AMOUNTS.items()},
        "etat": programme.state,
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def as_rows(found: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    """The records as rows of a table."""
    return ([record[name] for name in FIELDS] for record in found)


def as_json(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The records as one JSON document, piece by piece."""
    head = {"version": 1, "monnaie": "EUR", "produit_le": timezone.now().isoformat("T", "seconds")}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "lignes": ['
    separator = "\n"
    for record in found:
        yield separator + json.dumps(record, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
