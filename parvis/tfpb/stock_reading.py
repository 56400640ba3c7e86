"""Reading a landlord's stock from a table: what it would change, then the change itself.

A row is known by its residence, its quartier and its tax year. A blank cell erases nothing. A
table with one faulty row changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, RowRefused
from parvis.places.importing.reading import Row, Sheet
from parvis.places.importing.tables import read_csv, read_workbook
from parvis.places.models import Quartier, Residence
from parvis.tfpb.axes import reasons
from parvis.tfpb.rates import COLUMNS, rates_of
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_writing import FIELDS, Given, Ground, check, fill, ground_of, seal, settle
from parvis.ui.words import counted

LARGEST = 5 * 1024 * 1024  # bytes
ROWS_AT_MOST = 2000
Record = dict[str, str]  # one line of the table, as text that travels from one page to the next
COUNTS = ("total", "abated", "exempt", "vacant")
DAYS = ("exempt_until", "estimated_on", "real_on")
AMOUNTS = ("rental_value", "estimate", "real")
TEXTS = ("estimate_source", "real_source")
LABELS = {
    "residence": "résidence",
    "tax_year": "année",
    **{
        name: str(getattr(Dwellings._meta.get_field(name), "verbose_name", name)) for name in FIELDS
    },
}


@dataclass
class Change:
    """One line of a table and what it makes of the stock."""

    number: int
    row: Dwellings
    new: bool
    missing_rate: bool = False


@dataclass
class Reading:
    """What a table changes, or would change, and what is wrong with it."""

    records: list[tuple[int, Record]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """It in one sentence."""
        new = sum(change.new for change in self.changes)
        parts = [
            counted(new, "résidence nouvelle", "résidences nouvelles"),
            counted(len(self.changes) - new, "ligne modifiée", "lignes modifiées"),
            counted(self.same, "ligne inchangée", "lignes inchangées"),
        ]
        return ", ".join(parts) + "."


def read_table(actor: Actor, upload: Any) -> Reading:
    """What this file (csv, xlsx, ods) would change in the actor's stock; nothing is written."""
    reading = Reading()
    try:
        sheet, where = _opened(upload, reading)
    except FileRefused as refused:
        reading.faults.append(Fault(0, "", refused.message))
        return reading
    for row in sheet.rows:
        if not any(str(value or "").strip() for value in row.values.values()):
            continue
        try:
            reading.records.append((row.number, _record(row, where)))
        except RowRefused as refused:
            reading.faults.append(Fault(row.number, "", str(refused)))
    _judge(ground_of(actor), reading)
    return reading


@transaction.atomic
def write_records(actor: Actor, records: list[tuple[int, Record]]) -> Reading:
    """Write what was read, all of it; with one faulty row nothing is written."""
    reading = Reading(records=records)
    _judge(ground_of(actor, held=True), reading)
    if not reading.faults:
        new = [one.row for one in reading.changes if one.new]
        Dwellings.objects.bulk_create(new, batch_size=200)
        changed = [one.row for one in reading.changes if not one.new]
        Dwellings.objects.bulk_update(changed, FIELDS, batch_size=100)
    return reading


def _opened(upload: Any, reading: Reading) -> tuple[Sheet, dict[str, str]]:
    """The rows of the file, and which column gives what."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused("Ce fichier pèse plus de 5 Mo.")
    ending = Path(upload.name or "").suffix.lower()
    if ending not in (".csv", ".txt", ".xlsx", ".ods", ".xls"):
        raise FileRefused("Donnez un tableau : csv, xlsx ou ods.")
    with _kept(upload, ending) as path:
        sheet = (
            _text_table(path, reading) if ending in (".csv", ".txt") else read_workbook(path, "")
        )
    where = columns.find_columns("stock", sheet.columns, COLUMNS)
    missing = [name for name in ("residence", "tax_year", "total") if name not in where]
    if missing:
        raise FileRefused(
            f"Il manque des colonnes : {', '.join(LABELS[name] for name in missing)}. "
            f"Colonnes du fichier : {', '.join(sheet.columns)[:300] or 'aucune'}."
        )
    if len(sheet.rows) > ROWS_AT_MOST:
        raise FileRefused(f"Ce tableau a plus de {ROWS_AT_MOST} lignes : donnez-le par parties.")
    unread = [name for name in sheet.columns if name not in where.values()]
    if unread:
        reading.remarks.append(f"Colonnes laissées de côté : {', '.join(unread)[:300]}.")
    return sheet, where


@contextmanager
def _kept(upload: Any, ending: str) -> Iterator[Path]:
    with NamedTemporaryFile(suffix=ending) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _text_table(path: Path, reading: Reading) -> Sheet:
    """A csv in UTF-8, or as spreadsheet programs of Windows write it."""
    try:
        return read_csv(path, "")
    except FileRefused as refused:
        if not isinstance(refused.__cause__, UnicodeError):
            raise
    reading.remarks.append("Ce fichier n’est pas en UTF-8 : il est lu comme venant de Windows.")
    return read_csv(path, "cp1252")


def _record(row: Row, where: dict[str, str]) -> Record:
    """The cells of a line that say something, each checked; RowRefused under the first fault."""
    if row.fault:
        raise RowRefused(row.fault)
    readers: dict[str, Callable[[str], str]] = {
        "tax_year": _year,
        "npnru": _flag,
        "reason": _reason,
        **dict.fromkeys(COUNTS, _count),
        **dict.fromkeys(AMOUNTS, _amount),
    }
    found: Record = {}
    for name, column in where.items():
        words = columns.text(row.values, column, 200)
        if not words:
            continue
        if name in DAYS:
            day = columns.day(row.values, column)
            found[name] = day.isoformat() if day else ""
        else:
            found[name] = readers.get(name, str)(words)
    for name in ("residence", "tax_year", "total"):
        if name not in found:
            raise RowRefused(f"la colonne « {where[name]} » est vide")
    return found


def _year(words: str) -> str:
    if not re.fullmatch(r"20\d\d", words):
        raise RowRefused(f"« {words[:30]} » n’est pas une année")
    return words


def _count(words: str) -> str:
    number = columns.whole_number(words)
    if number is None:
        raise RowRefused(f"« {words[:30]} » n’est pas un nombre de logements")
    return str(number)


def _amount(words: str) -> str:
    digits = re.sub(r"[\s€]", "", words)
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"\d{1,10}(\.\d+)?", digits):
        raise RowRefused(f"« {words[:30]} » n’est pas un montant (exemple : 1 234,50 €)")
    amount = Decimal(digits)
    if amount != amount.quantize(Decimal("0.01")):
        raise RowRefused(f"« {words[:30]} » : deux décimales au plus")
    return f"{amount:.2f}"


def _flag(words: str) -> str:
    said = columns.fold(words)
    if said in ("oui", "o", "x", "vrai", "true", "1"):
        return "oui"
    if said in ("non", "n", "faux", "false", "0"):
        return "non"
    raise RowRefused(f"« {words[:30]} » : écrivez oui ou non")


def _reason(words: str) -> str:
    for code, label in reasons().items():
        if columns.fold(words) in (columns.fold(code), columns.fold(label)):
            return code
    known = " ; ".join(reasons().values())
    raise RowRefused(f"« {words[:60]} » n’est pas un motif connu ({known})")


class _Names:
    """What the names of a table stand for; three queries."""

    def __init__(self, ground: Ground) -> None:
        self._residences: dict[str, list[Residence]] = defaultdict(list)
        for residence in ground.residences.values():
            for name in {columns.fold(residence.code), columns.fold(residence.name)}:
                self._residences[name].append(residence)
        self._quartiers: dict[str, list[int]] = defaultdict(list)
        communes = {residence.commune_id for residence in ground.residences.values()}
        near = {quartier for quartier, commune in ground.touching if commune in communes}
        for pk, code, name in Quartier.objects.filter(pk__in=near).values_list(
            "pk", "code", "name"
        ):
            for folded in {columns.fold(code), columns.fold(name)}:
                self._quartiers[folded].append(pk)

    def residence(self, record: Record) -> Residence:
        words = record["residence"]
        found = self._residences.get(columns.fold(words), [])
        if commune := record.get("commune"):
            code = f"0{commune}" if re.fullmatch(r"\d{4}", commune) else commune
            found = [
                one
                for one in found
                if one.commune.code == code or columns.fold(one.commune.name) == columns.fold(code)
            ]
        if not found:
            where = f" à {record['commune']}" if "commune" in record else ""
            raise RowRefused(f"résidence « {words[:60]} »{where} inconnue parmi les vôtres")
        if len(found) > 1:
            raise RowRefused(f"plusieurs résidences s’appellent « {words[:60]} » : donnez son code")
        return found[0]

    def quartier(self, record: Record, ground: Ground, residence: Residence) -> int | None:
        words = record.get("quartier", "")
        if not words:
            return None
        found = [
            pk
            for pk in self._quartiers.get(columns.fold(words), [])
            if (pk, residence.commune_id) in ground.touching
        ]
        if not found:
            raise RowRefused(f"quartier « {words[:60]} » inconnu à {residence.commune}")
        if len(found) > 1:
            raise RowRefused(f"plusieurs quartiers s’appellent « {words[:60]} » : donnez son code")
        return found[0]


def _judge(ground: Ground, reading: Reading) -> None:
    """Make of each record a row, new or changed, or a fault."""
    names, today = _Names(ground), timezone.localdate()
    seen: dict[tuple[int, int, int], int] = {}
    years = {int(record["tax_year"]) for _, record in reading.records}
    communes = {residence.commune_id for residence in ground.residences.values()}
    rates = rates_of({(commune, year) for commune in communes for year in years})
    for number, record in reading.records:
        try:
            residence = names.residence(record)
            quartier = names.quartier(record, ground, residence)
            row = settle(ground, residence, quartier, int(record["tax_year"]))
            key = (row.residence_id, row.quartier_id, row.tax_year)
            if key in seen:
                raise RowRefused(
                    f"cette résidence est déjà à la ligne {seen[key]} pour cette année"
                )
            seen[key] = number
            before = seal(row)
            fill(row, _given(record), rates.get((row.commune_id, row.tax_year)), today)
            if row.pk is None and not row.reason:
                raise RowRefused("dites le motif d’éligibilité")
            check(row)
        except (RowRefused, ValidationError) as wrong:
            reading.faults.append(Fault(number, record["residence"][:40], _why(wrong)))
            continue
        if row.pk is not None and seal(row) == before:
            reading.same += 1
            continue
        missing = row.rental_value is not None and row.estimate is None
        reading.changes.append(Change(number, row, row.pk is None, missing))


def _given(record: Record) -> Given:
    """The values that a record says, in their kinds."""
    found: Given = {}
    for name, words in record.items():
        if name in COUNTS:
            found[name] = int(words)
        elif name in AMOUNTS:
            found[name] = Decimal(words)
        elif name in DAYS:
            found[name] = date.fromisoformat(words)
        elif name == "npnru":
            found[name] = words == "oui"
        elif name == "reason" or name in TEXTS:
            found[name] = words
    return found


def _why(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        if hasattr(wrong, "error_dict"):
            said = " ; ".join(
                f"{LABELS.get(name, name)} : {' '.join(words)}"
                if name != "__all__"
                else " ".join(words)
                for name, words in wrong.message_dict.items()
            )
        else:
            said = " ".join(wrong.messages)
        return said.rstrip(".")
    return str(wrong)
