"""Quartiers with their outlines, their generation and all their communes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from parvis.places import atlas_version, generations
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
from parvis.places.models import Commune, Quartier
from parvis.places.searching import index_quartiers

_FIELDS = (*OUTLINE_FIELDS, "name", "kind", "generation", "valid_from", "valid_until")
_CODES = {Quartier.Kind.QPV: re.compile(r"Q[NP]\d\d[0-9AB][0-9A-Z]{3}")}
_ANY_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass
class _Reading:
    """One usable row: what it says of the quartier and of its communes."""

    values: dict[str, Any]
    communes: list[tuple[str, str]] | None  # None: the file does not say
    epci: tuple[str, str]


def import_quartiers(
    path: Path,
    *,
    kind: Quartier.Kind = Quartier.Kind.QPV,
    valid_from: date | None = None,
    dry_run: bool = False,
    crs: str = "",
    layer: str = "",
    encoding: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Create or update quartiers by code; FileRefused when the file cannot be used."""
    sheet = read(path, crs=crs, layer=layer, encoding=encoding)
    where = columns.find_columns("quartier", sheet.columns)
    if "code" not in where:
        raise FileRefused(
            "Aucune colonne ne donne le code du quartier. "
            f"Noms reconnus : {columns.known_names('quartier', 'code')}. "
            f"Colonnes du fichier : {', '.join(sheet.columns) or 'aucune'}."
        )
    check_kind(sheet.rows)
    outcome = Outcome(remarks=sheet.remarks, dry_run=dry_run)
    readings: dict[str, _Reading] = {}
    for row in followed(sheet.rows, progress):
        code = str(row.values.get(where["code"]) or "")
        try:
            code = _code(columns.text(row.values, where["code"], 20), kind)
            if code in readings:
                raise RowRefused("ce code est déjà donné plus haut dans le fichier")
            readings[code] = _read_row(code, row, where, outcome)
        except RowRefused as error:
            outcome.faults.append(Fault(row.number, code[:20], str(error)))
    if readings:
        with transaction.atomic():
            _save(readings, kind, valid_from, outcome)
            transaction.set_rollback(dry_run)
    if not outcome.created + outcome.changed + outcome.unchanged:
        raise FileRefused("Aucune ligne de ce fichier n’est utilisable.", outcome.faults)
    outcome.faults.sort()
    return outcome


def _code(value: str, kind: Quartier.Kind) -> str:
    code = value.upper() if kind == Quartier.Kind.QPV else value
    if not code:
        raise RowRefused("aucun code")
    if not _CODES.get(kind, _ANY_CODE).fullmatch(code):
        what = "un code de QPV (QN05920M)" if kind in _CODES else "un code utilisable"
        raise RowRefused(f"« {value} » n’est pas {what}")
    return code


def _read_row(code: str, row: Row, where: dict[str, str], outcome: Outcome) -> _Reading:
    def text(column: str, longest: int) -> str:
        return columns.text(row.values, where.get(column), longest)

    outline = outline_of(row)
    name = text("name", 200)
    communes, matching = None, True
    if listed := text("commune_codes", 2000):
        communes, matching = columns.paired_communes(listed, text("commune_names", 5000))
    if too_long := next((name for _, name in communes or () if len(name) > 120), ""):
        raise RowRefused(f"le nom de commune « {too_long[:40]}… » dépasse 120 caractères")
    reading = _Reading(
        {**outline_values(outline), **({"name": name} if name else {})},
        communes,
        (columns.siren(text("epci_siren", 400)), text("epci_name", 1000)),
    )
    told = (
        (outline.repair, outline.repair),
        (not name, "aucun nom, le code en tient lieu"),
        (
            not matching,
            "les communes et leurs noms ne vont pas par deux : leur code tient lieu de nom",
        ),
        (not communes, "le fichier ne dit pas dans quelle commune il se trouve"),
    )
    outcome.remarks += [f"{code} {name} : {remark}" for is_so, remark in told if is_so]
    return reading


def _save(
    readings: dict[str, _Reading], kind: Quartier.Kind, valid_from: date | None, outcome: Outcome
) -> None:
    existing = {quartier.code: quartier for quartier in Quartier.objects.order_by()}
    numbers = {code: number for number, code in enumerate(readings, 1)}
    for code in list(readings):
        if (known := existing.get(code)) is not None and known.kind != kind:
            reason = f"ce code est déjà celui d’un autre objet : {known.get_kind_display()}"
            outcome.faults.append(Fault(numbers[code], code, reason))
            del readings[code]
    communes = _save_communes(readings, outcome)
    new: list[Quartier] = []
    changed: dict[str, Quartier] = {}
    for code, reading in readings.items():
        quartier = existing.get(code)
        values = reading.values | ({"valid_from": valid_from} if valid_from else {})
        if quartier is None:
            legal = generations.of(code) if kind == Quartier.Kind.QPV else {}
            existing[code] = Quartier(
                **{"code": code, "name": code, "kind": kind, **legal, **values}
            )
            _check_validity(existing[code])
            new.append(existing[code])
        elif apply(quartier, values):
            _check_validity(quartier)
            changed[code] = quartier
    write(Quartier, new, list(changed.values()), _FIELDS)
    links = {
        code: {communes[commune] for commune, _ in reading.communes}
        for code, reading in readings.items()
        if reading.communes is not None
    }
    moved = _save_links({existing[code].pk: pks for code, pks in links.items()})
    fresh = {quartier.pk for quartier in new}
    touched = {quartier.pk for quartier in changed.values()} | (moved - fresh)
    count(outcome, created=len(new), changed=len(touched), seen=len(readings))
    if new or touched or outcome.communes_created:
        index_quartiers()
        atlas_version.bump()


def _check_validity(quartier: Quartier) -> None:
    start, end = quartier.valid_from, quartier.valid_until
    if start and end and end < start:
        raise FileRefused(
            f"--valid-from vient après la fin de validité de {quartier.code} ({end:%d/%m/%Y})."
        )


def _save_communes(readings: dict[str, _Reading], outcome: Outcome) -> dict[str, int]:
    """Create communes that nobody loaded, by code and name, without outline; keys by code."""
    known = {commune.code: commune for commune in Commune.objects.order_by().defer("outline")}
    new: list[Commune] = []
    changed: dict[str, Commune] = {}
    for reading in readings.values():
        for code, name in reading.communes or ():
            commune = known.get(code)
            if commune is None:
                commune = known[code] = Commune(code=code, name=code)
                new.append(commune)
            before = (commune.name, commune.epci_siren, commune.epci_name)
            if name and commune.name == code:
                commune.name = name
            # Two EPCI in one cell: nothing says which commune is in which.
            if reading.epci[0] and not commune.epci_siren:
                commune.epci_siren, commune.epci_name = reading.epci[0], reading.epci[1][:200]
            if commune.pk and before != (commune.name, commune.epci_siren, commune.epci_name):
                changed[code] = commune
    Commune.objects.bulk_create(new, batch_size=500)
    Commune.objects.bulk_update(
        changed.values(), ["name", "epci_siren", "epci_name"], batch_size=500
    )
    outcome.communes_created = len(new)
    return {code: commune.pk for code, commune in known.items()}


def _save_links(wanted: dict[int, set[int]]) -> set[int]:
    """Make the communes of each quartier those given; the quartiers for which one moved."""
    through = Quartier.communes.through
    extra, present, moved = [], set(), set()
    for pk, quartier, commune in through.objects.values_list("pk", "quartier_id", "commune_id"):
        if quartier not in wanted:
            continue
        if commune in wanted[quartier]:
            present.add((quartier, commune))
        else:
            extra.append(pk)
            moved.add(quartier)
    missing = [(q, c) for q, communes in wanted.items() for c in communes if (q, c) not in present]
    moved |= {quartier for quartier, _ in missing}
    if extra:
        through.objects.filter(pk__in=extra).delete()
    through.objects.bulk_create(
        [through(quartier_id=quartier, commune_id=commune) for quartier, commune in missing],
        batch_size=500,
    )
    return moved
