"""Communes with their outlines, from any official file that gives an INSEE code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from parvis.places import atlas_version
from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, Outcome, RowRefused
from parvis.places.importing.outlining import check_kind, outline_of
from parvis.places.importing.reading import Row, read
from parvis.places.importing.writing import (
    OUTLINE_FIELDS,
    Progress,
    apply,
    count,
    followed,
    no_progress,
    outline_values,
    write,
)
from parvis.places.models import Commune

_FIELDS = (*OUTLINE_FIELDS, "name", "siren", "epci_siren", "epci_name", "population")


def import_communes(
    path: Path,
    *,
    dry_run: bool = False,
    crs: str = "",
    layer: str = "",
    encoding: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Create or update communes by code; FileRefused when the file cannot be used."""
    sheet = read(path, crs=crs, layer=layer, encoding=encoding)
    where = columns.find_columns("commune", sheet.columns)
    if "code" not in where:
        raise FileRefused(
            "Aucune colonne ne donne le code INSEE. "
            f"Noms reconnus : {columns.known_names('commune', 'code')}. "
            f"Colonnes du fichier : {', '.join(sheet.columns) or 'aucune'}."
        )
    check_kind(sheet.rows)
    outcome = Outcome(remarks=sheet.remarks, dry_run=dry_run)
    wanted: dict[str, dict[str, Any]] = {}
    for row in followed(sheet.rows, progress):
        code = str(row.values.get(where["code"]) or "")
        try:
            code = columns.commune_code(columns.text(row.values, where["code"], 20))
            if code in wanted:
                raise RowRefused("ce code est déjà donné plus haut dans le fichier")
            values, repair = _values(row, where)
        except RowRefused as error:
            outcome.faults.append(Fault(row.number, code[:20], str(error)))
            continue
        wanted[code] = values
        if repair:
            outcome.remarks.append(f"{code} {values.get('name', '')} : {repair}")
    if not wanted:
        raise FileRefused("Aucune ligne de ce fichier n’est utilisable.", outcome.faults)
    with transaction.atomic():
        _save(wanted, outcome)
        transaction.set_rollback(dry_run)
    return outcome


def _values(row: Row, where: dict[str, str]) -> tuple[dict[str, Any], str]:
    def text(column: str, longest: int) -> str:
        return columns.text(row.values, where.get(column), longest)

    outline = outline_of(row)
    given = {
        "name": text("name", 120),
        "siren": columns.siren(text("siren", 60)),
        "epci_siren": columns.siren(text("epci_siren", 200)),
        "epci_name": text("epci_name", 200),
        "population": columns.whole_number(text("population", 30)),
    }
    # A blank cell says nothing: it does not erase what is known.
    known = {name: value for name, value in given.items() if value not in ("", None)}
    return {**outline_values(outline), **known}, outline.repair


def _save(wanted: dict[str, dict[str, Any]], outcome: Outcome) -> None:
    existing = {commune.code: commune for commune in Commune.objects.all()}
    new, changed = [], []
    for code, values in wanted.items():
        commune = existing.get(code)
        if commune is None:
            values.setdefault("name", code)
            if values["name"] == code:
                outcome.remarks.append(f"{code} : aucun nom, le code en tient lieu")
            new.append(Commune(code=code, **values))
        elif apply(commune, values):
            changed.append(commune)
    write(Commune, new, changed, _FIELDS)
    count(outcome, created=len(new), changed=len(changed), seen=len(wanted))
    if new or changed:
        atlas_version.bump()
