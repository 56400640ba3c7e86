"""Residences by code, with their buildings, their entrances and who holds them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, Outcome, RowRefused
from parvis.places.importing.outlining import outline_of
from parvis.places.importing.projecting import DECIMALS
from parvis.places.importing.reading import Row, read_with_tables
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
from parvis.places.locate import locate
from parvis.places.models import Building, Entrance, Residence
from parvis.upkeep import acts
from parvis.upkeep.importing.naming import COLUMNS, Communes, Organisations
from parvis.upkeep.models import Holding

_FIELDS = (*OUTLINE_FIELDS, "name", "address", "commune", "latitude", "longitude")
_NOWHERE = ("", "aucun contour")


@dataclass
class _Reading:
    """What the rows of one code say together."""

    number: int
    values: dict[str, Any]
    landlord: Organisation | None
    since: date | None
    doors: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def import_residences(
    path: Path,
    *,
    landlord: str = "",
    since: date | None = None,
    dry_run: bool = False,
    crs: str = "",
    layer: str = "",
    encoding: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Create or update residences by code; FileRefused when the file cannot be used.

    A code may come back on several rows when each names a building or an entrance. `landlord`
    (SIREN or exact name) holds the residences for which the file names nobody, from the day `since`
    (today by default). What a file does not say, and what it no longer holds, stays as it was.
    """
    sheet, where = read_with_tables(path, _find, crs=crs, layer=layer, encoding=encoding)
    outcome = Outcome(remarks=sheet.remarks, dry_run=dry_run)
    reader = _Reader(where, landlord, since or timezone.localdate())
    for row in followed(sheet.rows, progress):
        try:
            reader.take(row)
        except RowRefused as error:
            code = str(row.values.get(where["code"]) or "")[:40]
            outcome.faults.append(Fault(row.number, code, str(error)))
    if not reader.wanted:
        raise FileRefused("Aucune ligne de ce fichier n’est utilisable.", outcome.faults)
    for code, reading in reader.wanted.items():
        outcome.remarks += [f"{code} : {remark}" for remark in reading.remarks]
    with transaction.atomic():
        _save(reader.wanted, outcome)
        transaction.set_rollback(dry_run)
    return outcome


def _find(present: list[str]) -> dict[str, str]:
    where = columns.find_columns("residence", present, COLUMNS)
    if "code" not in where:
        raise FileRefused(
            "Aucune colonne ne donne le code de la résidence. "
            f"Noms reconnus : {columns.known_names('residence', 'code', COLUMNS)}. "
            f"Colonnes du fichier : {', '.join(present) or 'aucune'}."
        )
    return where


class _Reader:
    """Rows gathered by code, each checked against what is known before anything is written."""

    def __init__(self, where: dict[str, str], landlord: str, today: date) -> None:
        self.wanted: dict[str, _Reading] = {}
        self._where, self._today = where, today
        self._communes, self._organisations = Communes(), Organisations(today)
        self._known = dict(Residence.objects.values_list("code", "pk"))
        self._running: dict[int, list[Holding]] = defaultdict(list)
        for held in Holding.objects.order_by("pk"):
            self._running[held.residence_id].append(held)
        try:
            self._landlord = self._organisations.named("", landlord)
        except RowRefused as error:
            raise FileRefused(f"Bailleur indiqué : {error}.") from error

    def take(self, row: Row) -> None:
        """Add this row to what its code already says, or RowRefused."""
        if row.fault:
            raise RowRefused(row.fault)
        code = self._name(row, "code", 40)
        if not code:
            raise RowRefused("aucun code")
        place = _place_of(row)
        door = (self._text(row, "building", 80), self._text(row, "entrance", 80))
        if door[1] and not door[0]:
            raise RowRefused("une entrée sans bâtiment")
        known = self.wanted.get(code)
        if known is None:
            known = self._first(row, code, place)
        else:
            self._check_again(row, known, door)
        if door[0]:
            known.doors[door] = self._door(row, place)
        self.wanted[code] = known

    def _text(self, row: Row, column: str, longest: int) -> str:
        return columns.text(row.values, self._where.get(column), longest)

    def _name(self, row: Row, column: str, longest: int) -> str:
        return columns.name(row.values, self._where.get(column), longest)

    def _first(self, row: Row, code: str, place: dict[str, Any]) -> _Reading:
        address = self._name(row, "address", 200)
        given = {"name": self._name(row, "name", 120), "address": address}
        values: dict[str, Any] = {name: value for name, value in given.items() if value}
        remarks = [place.pop("repair")] if place.get("repair") else []
        place.pop("repair", None)
        values |= place
        commune = self._communes.named(
            self._text(row, "commune_code", 20), self._text(row, "commune", 120)
        )
        new = code not in self._known
        if new and "latitude" not in place:
            raise RowRefused("aucune position : donnez la latitude et la longitude, ou un contour")
        found = locate(place["latitude"], place["longitude"]).commune if place else None
        if new and commune is None and found is None:
            raise RowRefused("aucune commune, et aucune ne contient cette position")
        if commune and found and found.pk != commune.pk and not found.to_confirm:
            remarks.append(f"la position est à {found.name}, la ligne dit {commune.name}")
        if commune:
            values["commune_id"] = commune.pk
        elif new and found:
            values["commune_id"] = found.pk
        landlord = self._organisations.named(
            self._text(row, "landlord_siren", 20), self._text(row, "landlord", 160)
        )
        since = columns.day(row.values, self._where.get("since"))
        reading = _Reading(row.number, values, landlord or self._landlord, since, remarks=remarks)
        self._check_holding(code, reading)
        return reading

    def _check_holding(self, code: str, reading: _Reading) -> None:
        """Whether the landlord takes over, and from when; RowRefused when it cannot."""
        if reading.landlord is None:
            return
        day = reading.since or self._today
        held_before = self._running[self._known.get(code, 0)]
        if any(
            held.organisation_id == reading.landlord.pk
            and (held.ends_on is None or held.ends_on >= self._today)
            for held in held_before
        ):
            reading.landlord = None  # it holds the residence already, or will
            return
        for held in held_before:
            if held.starts_on and held.starts_on >= day:
                raise RowRefused(
                    f"un autre bailleur la tient depuis le {held.starts_on:%d/%m/%Y} : "
                    "indiquez depuis quel jour celui-ci la reprend"
                )
            if held.ends_on and day <= held.ends_on < self._today:
                raise RowRefused(
                    f"un autre bailleur l’a tenue jusqu’au {held.ends_on:%d/%m/%Y} : "
                    "ce qui a été en vigueur ne change plus"
                )
        reading.since = day

    def _check_again(self, row: Row, known: _Reading, door: tuple[str, str]) -> None:
        """A further row of the same code: it must add a door, and say nothing else."""
        if not door[0] or door in known.doors:
            raise RowRefused("ce code est déjà donné plus haut dans le fichier")
        name = self._name(row, "name", 120)
        if name and name != known.values.get("name", name):
            raise RowRefused(f"ce code porte déjà le nom « {known.values['name']} » plus haut")

    def _door(self, row: Row, place: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {"address": self._text(row, "entrance_address", 200)}
        given |= {name: place[name] for name in ("latitude", "longitude") if name in place}
        return {name: value for name, value in given.items() if value != ""}


def _place_of(row: Row) -> dict[str, Any]:
    """Centre and outline of a row; nothing when it says nothing of where it is."""
    shape: Any = row.geometry
    if shape is None:
        if row.problem not in _NOWHERE:
            raise RowRefused(row.problem)
        return {}
    if shape.is_empty:
        raise RowRefused("position vide")
    values: dict[str, Any] = {}
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        outline = outline_of(row)
        values = {**outline_values(outline), "repair": outline.repair}
        shape = shape.representative_point()
    elif shape.geom_type != "Point":
        raise RowRefused("ce n’est ni un point ni une surface")
    return {
        **values,
        "latitude": round(shape.y, DECIMALS),
        "longitude": round(shape.x, DECIMALS),
    }


def _save(wanted: dict[str, _Reading], outcome: Outcome) -> None:
    existing = Residence.objects.in_bulk(list(wanted), field_name="code")
    new, changed = [], set()
    for code, reading in wanted.items():
        residence = existing.get(code)
        if residence is None:
            if "name" not in reading.values:
                outcome.remarks.append(f"{code} : aucun nom, le code en tient lieu")
            new.append(Residence(code=code, **{"name": code, **reading.values}))
        elif apply(residence, reading.values):
            changed.add(code)
    write(Residence, new, [existing[code] for code in sorted(changed)], _FIELDS)
    residences = Residence.objects.defer("outline").in_bulk(list(wanted), field_name="code")
    touched = _save_doors(wanted, residences, outcome)
    created = {residence.code for residence in new}
    touched |= _save_holdings(wanted, residences, created, outcome)
    count(
        outcome,
        created=len(new),
        changed=len((changed | touched) - created),
        seen=len(wanted),
    )


def _save_doors(
    wanted: dict[str, _Reading], residences: dict[str, Residence], outcome: Outcome
) -> set[str]:
    """Buildings and entrances that are new or have changed; the codes that got one."""
    touched = set()
    pks = {residences[code].pk: code for code, reading in wanted.items() if reading.doors}
    known = {
        (one.residence_id, one.name): one for one in Building.objects.filter(residence__in=pks)
    }
    buildings = [
        Building(residence_id=pk, name=name)
        for pk, code in pks.items()
        for name in dict.fromkeys(building for building, _ in wanted[code].doors)
        if (pk, name) not in known
    ]
    write(Building, buildings, [], ())
    touched |= {pks[one.residence_id] for one in buildings}
    known = {
        (one.residence_id, one.name): one for one in Building.objects.filter(residence__in=pks)
    }
    entrances = {
        (one.building_id, one.name): one
        for one in Entrance.objects.filter(building__residence__in=pks)
    }
    new, changed = [], []
    for pk, code in pks.items():
        for (building, name), values in wanted[code].doors.items():
            if not name:
                continue
            key = (known[pk, building].pk, name)
            if key not in entrances:
                new.append(Entrance(building_id=key[0], name=name, **values))
            elif apply(entrances[key], values):
                changed.append(entrances[key])
            else:
                continue
            touched.add(code)
    write(Entrance, new, changed, ("address", "latitude", "longitude"))
    if buildings or new or changed:
        outcome.notes.append(
            f"Bâtiments créés : {len(buildings)}. "
            f"Entrées créées : {len(new)}, modifiées : {len(changed)}."
        )
    return touched


def _save_holdings(
    wanted: dict[str, _Reading],
    residences: dict[str, Residence],
    created: set[str],
    outcome: Outcome,
) -> set[str]:
    """Who holds what from now on; the codes whose holder is new."""
    touched = set()
    first = []
    for code, reading in wanted.items():
        if reading.landlord is None or reading.since is None:
            continue
        touched.add(code)
        if code in created:
            first.append(
                Holding(
                    residence=residences[code],
                    organisation=reading.landlord,
                    starts_on=reading.since,
                )
            )
        else:
            try:
                acts.take_over(residences[code], reading.landlord, from_day=reading.since)
            except acts.Refused as refused:  # somebody wrote it meanwhile
                raise FileRefused(f"{code} : {refused} Recommencez.") from refused
    write(Holding, first, [], ())
    if touched:
        outcome.notes.append(f"Résidences dont le bailleur est nouveau : {len(touched)}.")
    return touched
