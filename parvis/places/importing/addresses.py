"""Addresses of the national base, in whatever number: read and written some thousands at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from parvis.places import atlas_version
from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, Outcome, RowRefused
from parvis.places.importing.projecting import DECIMALS, astray
from parvis.places.importing.reading import Row, first_bytes
from parvis.places.importing.tables import csv_rows, header, row_of, text_of
from parvis.places.importing.unpacking import unpacked
from parvis.places.importing.writing import Progress, apply, no_progress, write
from parvis.places.models import Address, Commune, Street

AT_ONCE = 2_000  # rows
MAX_ROWS = 40_000_000  # the whole of France has 26 million
_FAULTS_TOLD = 1_000
_GZIP = b"\x1f\x8b"
_NO_NUMBER = 99_999  # what local bases write for a place without number
_NEEDED = ("street", "commune_code", "longitude", "latitude")
_NAMES = {
    "street": "le nom de la voie",
    "commune_code": "le code INSEE",
    "longitude": "la longitude",
    "latitude": "la latitude",
}


@dataclass
class _Reading:
    """One usable row: the street it stands on, and the address itself."""

    number: int
    street_code: str
    street: dict[str, Any]
    code: str
    address: dict[str, Any]


def import_addresses(
    path: Path,
    *,
    every_commune: bool = False,
    remove_missing: bool = False,
    dry_run: bool = False,
    encoding: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Create or update addresses by code; FileRefused when the file cannot be used.

    Only communes known here, unless `every_commune` creates the others. `remove_missing` takes out
    the addresses of the file's communes that it no longer holds, when every row could be used.
    """
    with transaction.atomic():
        work = _Work(every_commune, dry_run)
        with _opened(path, encoding) as (file, how_far):
            where, names = _columns(file)
            batch: list[_Reading] = []
            for number, cells in file:
                if reading := work.read(row_of(number, names, cells), where):
                    batch.append(reading)
                if len(batch) == AT_ONCE:
                    work.save(batch)
                    batch = []
                    progress(how_far(), 100)
            work.save(batch)
        work.finish(remove_missing)
        progress(100, 100)
        transaction.set_rollback(dry_run)
    return work.outcome


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[tuple[Iterator[tuple[int, list[Any]]], Any]]:
    """Numbered rows of a csv, plain or compressed, and how many hundredths of it are read."""
    start = first_bytes(path)
    if start.startswith(b"PK"):
        with unpacked(path, "", tables=True) as inner, _opened(inner, encoding) as opened:
            yield opened
        return
    size = path.stat().st_size
    with path.open("rb") as raw:
        source: Any = gzip.GzipFile(fileobj=raw) if start.startswith(_GZIP) else raw
        try:
            with text_of(source, encoding) as text:
                yield _counted(csv_rows(text)), lambda: min(100 * raw.tell() // size, 100)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileRefused(
                "Ce fichier compressé est abîmé ou coupé : téléchargez-le de nouveau."
            ) from error


def _counted(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in rows:
        if number > MAX_ROWS:
            raise FileRefused("Ce fichier est anormal : il n’a pas de fin.")
        if any(cells):
            yield number, cells


def _columns(rows: Iterator[tuple[int, list[Any]]]) -> tuple[dict[str, str], list[str]]:
    _number, cells = next(rows, (0, []))
    names = header(cells)
    where = columns.find_columns("address", names)
    for wanted in _NEEDED:
        if wanted not in where:
            raise FileRefused(
                f"Aucune colonne ne donne {_NAMES[wanted]}. "
                f"Noms reconnus : {columns.known_names('address', wanted)}. "
                f"Colonnes du fichier : {', '.join(names)[:300] or 'aucune'}."
            )
    return where, names


class _Work:
    """One import under way; it holds no more than a batch of rows."""

    def __init__(self, every_commune: bool, dry_run: bool) -> None:
        self.outcome = Outcome(dry_run=dry_run)
        self._communes = dict(Commune.objects.values_list("code", "pk"))
        self._every_commune = every_commune
        self._edition = (Address.objects.aggregate(last=Max("edition"))["last"] or 0) + 1
        self._elsewhere = self._repeated = self._kept = 0
        self._touched: set[int] = set()  # communes

    def read(self, row: Row, where: dict[str, str]) -> _Reading | None:
        """What one row says, None when it is left aside."""
        try:
            return self._read(row, where)
        except RowRefused as error:
            if len(self.outcome.faults) < _FAULTS_TOLD:
                code = str(row.values.get(where.get("code", "")) or "")[:40]
                self.outcome.faults.append(Fault(row.number, code, str(error)))
            else:
                self.outcome.untold += 1
        return None

    def _read(self, row: Row, where: dict[str, str]) -> _Reading | None:
        if row.fault:
            raise RowRefused(row.fault)

        def text(column: str, longest: int) -> str:
            return columns.text(row.values, where.get(column), longest)

        insee = columns.commune_code(text("commune_code", 10))
        commune = self._communes.get(insee) or self._new_commune(insee, text("commune", 120))
        if commune is None:
            self._elsewhere += 1
            return None
        name = text("street", 160)
        if not name:
            raise RowRefused("aucun nom de voie")
        postcode = text("postcode", 5)
        if postcode and not (postcode.isascii() and postcode.isdigit()):
            raise RowRefused(f"« {postcode} » n’est pas un code postal")
        longitude, latitude = _point(text("longitude", 40), text("latitude", 40))
        house, suffix = _house(text("number", 10)), text("suffix", 20).lower()
        code = text("code", 100)
        parts = code.split("_")
        street_code = (
            "_".join(parts[:2])
            if len(parts) > 2  # commune, street, number
            else f"{insee}-{columns.fold(name)}-{postcode}"
        )[:80]
        code = code or f"{street_code[:70]}-{house}-{suffix}"
        point = {"latitude": latitude, "longitude": longitude}
        return _Reading(
            row.number,
            street_code,
            {"name": name, "postcode": postcode.zfill(5) if postcode else "", "commune_id": commune}
            | point,
            code,
            {"number": house, "suffix": suffix, **point},
        )

    def _new_commune(self, insee: str, name: str) -> int | None:
        if not self._every_commune:
            return None
        made = Commune.objects.create(code=insee, name=name or insee)
        self._communes[insee] = made.pk
        self.outcome.communes_created += 1
        return made.pk

    def save(self, batch: list[_Reading]) -> None:
        """Write these rows: some queries, whatever they say."""
        streets = self._save_streets({one.street_code: one.street for one in batch})
        known = Address.objects.in_bulk([one.code for one in batch], field_name="code")
        new: dict[str, Address] = {}
        changed, same = [], []
        for one in batch:
            values = {**one.address, "street_id": streets[one.street_code]}
            address = known.get(one.code)
            if one.code in new or (address and address.edition == self._edition):
                self._repeated += 1
            elif address is None:
                new[one.code] = Address(code=one.code, edition=self._edition, **values)
            elif apply(address, values):
                address.edition = self._edition
                changed.append(address)
            else:
                address.edition = self._edition
                same.append(address.pk)
        fields = ("street", "number", "suffix", "latitude", "longitude", "edition")
        write(Address, list(new.values()), changed, fields)
        Address.objects.filter(pk__in=same).update(edition=self._edition)
        self.outcome.created += len(new)
        self.outcome.changed += len(changed)
        self.outcome.unchanged += len(same)

    def _save_streets(self, wanted: dict[str, dict[str, Any]]) -> dict[str, int]:
        known = Street.objects.in_bulk(list(wanted), field_name="code")
        new, changed = [], []
        for code, values in wanted.items():
            self._touched.add(values["commune_id"])
            if code not in known:
                new.append(Street(code=code, **values))
                continue
            # Its point is chosen at the end, among all its addresses.
            named = {name: values[name] for name in ("name", "postcode", "commune_id")}
            if apply(known[code], named):
                changed.append(known[code])
        write(Street, new, changed, ("name", "postcode", "commune"))
        pks = {code: street.pk for code, street in known.items()}
        return pks | {street.code: street.pk for street in new}

    def finish(self, remove_missing: bool) -> None:
        """What is done once all rows are in: points of streets, what is gone, the account."""
        outcome = self.outcome
        if not (outcome.created or outcome.changed or outcome.unchanged):
            if self._elsewhere:
                raise FileRefused(
                    "Aucune adresse de ce fichier n’est dans une commune connue ici. "
                    "Chargez d’abord les communes, ou demandez-les avec --every-commune.",
                    outcome.faults,
                )
            raise FileRefused("Aucune ligne de ce fichier n’est utilisable.", outcome.faults)
        if self._elsewhere:
            outcome.notes.append(
                f"Adresses d’autres communes, laissées de côté : {self._elsewhere}."
            )
        if self._repeated:
            outcome.notes.append(
                f"Lignes qui répètent une adresse : {self._repeated}. La première compte."
            )
        removed = self._remove(remove_missing)
        if outcome.created or outcome.changed or removed:
            _place_streets(self._touched)
            atlas_version.bump()

    def _remove(self, asked: bool) -> int:
        gone = Address.objects.filter(street__commune__in=self._touched).exclude(
            edition=self._edition
        )
        missing = gone.count()
        if not missing:
            return 0
        if asked and not self.outcome.faulty:
            gone.delete()
            Street.objects.filter(commune__in=self._touched, addresses=None).delete()
            self.outcome.notes.append(f"Adresses retirées : {missing}.")
            return missing
        why = "gardées, car des lignes ont été écartées" if asked else "gardées (--remove-missing)"
        self.outcome.notes.append(f"Adresses connues absentes du fichier : {missing}, {why}.")
        return 0


def _place_streets(communes: set[int]) -> None:
    """Put each street of these communes where its middle address is."""
    rows = (
        Address.objects.filter(street__commune__in=communes)
        .order_by("street", "number", "suffix", "pk")
        .values_list("street_id", "latitude", "longitude")
    )
    moved: list[Street] = []
    for commune in sorted(communes):
        streets = {one.pk: one for one in Street.objects.filter(commune=commune)}
        of_commune = rows.filter(street__commune=commune).iterator(AT_ONCE)
        for pk, group in groupby(of_commune, key=lambda row: row[0]):
            points = [(latitude, longitude) for _, latitude, longitude in group]
            latitude, longitude = points[len(points) // 2]
            if apply(streets[pk], {"latitude": latitude, "longitude": longitude}):
                moved.append(streets[pk])
        write(Street, [], moved, ("latitude", "longitude"))
        moved = []


def _point(longitude: str, latitude: str) -> tuple[float, float]:
    try:
        east = round(float(longitude.replace(",", ".")), DECIMALS)
        north = round(float(latitude.replace(",", ".")), DECIMALS)
    except ValueError as error:
        raise RowRefused("aucune position lisible") from error
    if problem := astray(east, north):
        raise RowRefused(problem)
    return east, north


def _house(words: str) -> int:
    if not words:
        return 0
    number = columns.whole_number(words)
    if number is None:
        raise RowRefused(f"« {words} » n’est pas un numéro")
    return 0 if number == _NO_NUMBER else number
