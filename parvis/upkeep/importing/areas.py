"""Managed areas, known again by their name and their place; a change starts another row."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, Outcome, RowRefused
from parvis.places.importing.outlining import outline_of
from parvis.places.importing.reading import Row, read_with_tables
from parvis.places.importing.writing import Progress, count, followed, no_progress, outline_values
from parvis.places.models import Quartier, Residence
from parvis.upkeep import acts, themes
from parvis.upkeep.importing.naming import COLUMNS, Communes, Organisations
from parvis.upkeep.models import ManagedArea

_NOWHERE = ("", "aucun contour")
# What makes another area of one that runs; its place and its name make it this one.
_CHANGES = ("manager_id", "owner_id", "theme_codes", "outline")
_Key = tuple[str, int | None, int | None, int | None]


@dataclass
class _Reading:
    number: int
    name: str
    values: dict[str, Any]
    starts_on: date | None
    ends_on: date | None


def import_managed_areas(
    path: Path,
    *,
    from_day: date | None = None,
    dry_run: bool = False,
    crs: str = "",
    layer: str = "",
    encoding: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Create managed areas or change them from a day on; FileRefused when the file is of no use.

    An area is known again by its name and its place (commune, quartier, residence). One that runs
    and differs ends the day before `from_day` (today by default, or the row's own start when it
    comes after the area's); the row takes over from that day. What the file no longer holds stays.
    """
    sheet, where = read_with_tables(path, _find, crs=crs, layer=layer, encoding=encoding)
    outcome = Outcome(remarks=sheet.remarks, dry_run=dry_run)
    day = from_day or timezone.localdate()
    reader = _Reader(where, day)
    readings: dict[_Key, _Reading] = {}
    for row in followed(sheet.rows, progress):
        name = str(row.values.get(where["name"]) or "")[:40]
        try:
            key, reading = reader.read(row)
            if key in readings:
                raise RowRefused("cet espace est déjà donné plus haut dans le fichier")
            readings[key] = reading
        except RowRefused as error:
            outcome.faults.append(Fault(row.number, name, str(error)))
    if not readings:
        raise FileRefused("Aucune ligne de ce fichier n’est utilisable.", outcome.faults)
    outcome.remarks += reader.remarks
    with transaction.atomic():
        _save(readings, day, outcome)
        transaction.set_rollback(dry_run)
    outcome.faults.sort()
    return outcome


def _find(present: list[str]) -> dict[str, str]:
    where = columns.find_columns("area", present, COLUMNS)
    for wanted, what in (("name", "le nom de l’espace"), ("manager", "le gestionnaire")):
        if wanted not in where and f"{wanted}_siren" not in where:
            raise FileRefused(
                f"Aucune colonne ne donne {what}. "
                f"Noms reconnus : {columns.known_names('area', wanted, COLUMNS)}. "
                f"Colonnes du fichier : {', '.join(present) or 'aucune'}."
            )
    return where


class _Reader:
    def __init__(self, where: dict[str, str], today: date) -> None:
        self._where = where
        self._communes, self._organisations = Communes(), Organisations(today)
        self._quartiers = dict(Quartier.objects.values_list("code", "pk"))
        self._residences = dict(Residence.objects.values_list("code", "pk"))
        self.remarks: list[str] = []

    def read(self, row: Row) -> tuple[_Key, _Reading]:
        """What one row says, and by what its area is known again; or RowRefused."""
        if row.fault:
            raise RowRefused(row.fault)
        name = columns.name(row.values, self._where["name"], 160)
        if not name:
            raise RowRefused("aucun nom")
        manager = self._organisation(row, "manager")
        if manager is None:
            raise RowRefused("aucun gestionnaire")
        commune = self._communes.named(
            self._text(row, "commune_code", 20), self._text(row, "commune", 120)
        )
        places = (
            commune.pk if commune else None,
            self._coded(row, "quartier", self._quartiers, "le quartier"),
            self._coded(row, "residence", self._residences, "la résidence"),
        )
        starts_on = columns.day(row.values, self._where.get("starts_on"))
        ends_on = columns.day(row.values, self._where.get("ends_on"))
        if starts_on and ends_on and ends_on < starts_on:
            raise RowRefused("la fin précède le début")
        values = {
            "manager_id": manager.pk,
            "owner_id": owner.pk if (owner := self._organisation(row, "owner")) else None,
            "theme_codes": _themes(self._text(row, "themes", 1000)),
            **dict(zip(("commune_id", "quartier_id", "residence_id"), places, strict=True)),
            **self._outline(row, name),
        }
        if not any(places) and values["outline"] is None:
            raise RowRefused("aucun contour, et ni commune, ni quartier, ni résidence")
        key = (columns.fold(name), *places)
        return key, _Reading(row.number, name, values, starts_on, ends_on)

    def _text(self, row: Row, column: str, longest: int) -> str:
        return columns.text(row.values, self._where.get(column), longest)

    def _organisation(self, row: Row, role: str) -> Any:
        return self._organisations.named(
            self._text(row, f"{role}_siren", 20), self._text(row, role, 160)
        )

    def _coded(self, row: Row, column: str, known: dict[str, int], what: str) -> int | None:
        code = self._text(row, column, 60)
        if code and code not in known:
            raise RowRefused(f"{what} {code} n’est pas connu ici")
        return known.get(code)

    def _outline(self, row: Row, name: str) -> dict[str, Any]:
        if row.geometry is None and row.problem in _NOWHERE:
            return dict.fromkeys(("outline", "west", "south", "east", "north"))
        outline = outline_of(row)
        if outline.repair:
            self.remarks.append(f"{name} : {outline.repair}")
        return outline_values(outline)


def _themes(words: str) -> list[str]:
    """Codes of the themes named, in the order of the list; all themes when none is."""
    known = {columns.fold(theme.code): theme.code for theme in themes.themes().values()}
    known |= {columns.fold(theme.label): theme.code for theme in themes.themes().values()}
    found = set()
    for part in filter(None, (part.strip() for part in re.split(r"[;|/]", words))):
        # A label may hold commas; a list may be separated by them.
        whole = [part] if columns.fold(part) in known else part.split(",")
        for one in filter(None, (one.strip() for one in whole)):
            if columns.fold(one) not in known:
                raise RowRefused(f"le thème « {one} » n’est pas dans la liste")
            found.add(known[columns.fold(one)])
    return [code for code in themes.themes() if code in found]


def _save(readings: dict[_Key, _Reading], day: date, outcome: Outcome) -> None:
    existing: dict[_Key, list[ManagedArea]] = defaultdict(list)
    for area in ManagedArea.objects.filter(replaced_by=None).order_by("pk"):
        places = (area.commune_id, area.quartier_id, area.residence_id)
        existing[columns.fold(area.name), *places].append(area)
    done = {"created": 0, "changed": 0, "unchanged": 0}
    for key, reading in readings.items():
        try:
            done[_save_one(reading, existing[key], day)] += 1
        except acts.Refused as refused:
            reason = str(refused).rstrip(".")
            outcome.faults.append(Fault(reading.number, reading.name[:40], reason))
    count(outcome, created=done["created"], changed=done["changed"], seen=sum(done.values()))


def _save_one(reading: _Reading, same: list[ManagedArea], day: date) -> str:
    """Write one row against the areas of that name and place; what became of it."""
    given = {**reading.values, "name": reading.name}
    over = reading.ends_on is not None and reading.ends_on < day
    if over and any(area.ends_on == reading.ends_on for area in same):
        return "unchanged"
    running = [area for area in same if area.ends_on is None or area.ends_on >= day]
    if not running:
        starts_on = reading.starts_on or (None if over else day)
        acts.begin_area(**given, starts_on=starts_on, ends_on=reading.ends_on)
        return "created"
    area = max(running, key=lambda one: (one.starts_on or date.min, one.pk))
    if any(getattr(area, name) != given[name] for name in _CHANGES):
        start = _start_of_change(reading.starts_on, area.starts_on, day)
        ends_on = reading.ends_on or area.ends_on
        if ends_on and ends_on < start:
            raise acts.Refused("L’espace finirait avant ce changement.")
        acts.follow_area(area, from_day=start, **given, ends_on=ends_on)
        return "changed"
    if reading.ends_on and reading.ends_on != area.ends_on:
        acts.end_area(area, last_day=reading.ends_on)
        return "changed"
    return "unchanged"


def _start_of_change(asked: date | None, running_since: date | None, day: date) -> date:
    """From when a row that differs counts: its own day when it comes after the area's start."""
    if running_since and running_since > timezone.localdate():
        return asked or running_since  # has not started: corrected in place
    return asked if asked and (not running_since or asked > running_since) else day
