"""Reading a directory of doors from a table: what it would change is shown, then kept at once.

A door is known by its kind, its name and a commune that it serves: it is corrected then, and a cell
left empty erases nothing. Only the coordination imports, within its communes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.places.importing.columns import day, fold
from parvis.places.importing.outcome import Fault, RowRefused
from parvis.places.models import Commune
from parvis.vigilance.catalogue import door_kinds, needs
from parvis.vigilance.models import SupportDoor
from parvis.vigilance.table_reading import read_rows

# What a column may be called; the first name is ours, as our own tables write it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("nature", "genre", "type", "service"),
    "name": ("nom", "intitulé", "dénomination", "structure"),
    "communes": ("communes", "commune", "code commune", "insee", "code insee"),
    "takes": ("difficultés", "besoins", "prend en charge", "pour quoi"),
    "what": ("ce qu’il fait", "description", "missions"),
    "hours": ("horaires", "ouverture", "permanences"),
    "address": ("adresse", "lieu"),
    "phone": ("téléphone", "tel", "telephone"),
    "email": ("adresse électronique", "courriel", "mail", "e-mail", "email"),
    "website": ("site", "site internet", "web", "url"),
    "to_bring": ("à apporter", "pièces", "documents"),
    "conditions": ("à savoir", "conditions", "remarques"),
    "opens_on": ("ouvre le", "date d’ouverture", "début"),
    "closes_on": ("ferme le", "date de fermeture", "fin"),
    "checked_on": ("vérifié le", "date de vérification", "mise à jour"),
}
HEADER = [names[0] for names in COLUMNS.values()]
NEEDED = {"kind", "name", "communes", "takes"}
DAYS = ("opens_on", "closes_on", "checked_on")
TEXTS = ("name", "what", "hours", "address", "phone", "email", "website", "to_bring", "conditions")
Records = list[tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class Change:
    """A door that would be written: the row of the file, and whether it is new."""

    number: int
    door: SupportDoor
    communes: list[Commune]
    new: bool


@dataclass
class Reading:
    """What a table says: doors to write, doors that it leaves as they are, rows refused."""

    records: Records = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


def read_table(actor: Actor, upload: Any) -> Reading:
    """What this table would change; nothing is saved."""
    rows = read_rows(upload, COLUMNS, NEEDED)
    reading = read_records(actor, rows.rows)
    reading.faults = sorted([*rows.faults, *reading.faults])
    return reading


def read_records(actor: Actor, records: Records) -> Reading:
    """The same from rows that were read before. Three queries, whatever their number."""
    reading = Reading(records=records)
    reader = _Reader(actor)
    for number, values in records:
        try:
            found = reader.read(number, values)
        except (RowRefused, ValidationError) as refused:
            told = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
            reading.faults.append(Fault(number, values.get("name", "")[:60], " ".join(told)))
            continue
        if found is None:
            reading.same += 1
        else:
            reading.changes.append(found)
    return reading


@transaction.atomic
def write_records(actor: Actor, records: Records) -> Reading:
    """Keep what was shown, all or nothing: one row refused meanwhile, and nothing changes."""
    reading = read_records(actor, records)
    if reading.faults:
        return reading
    for change in reading.changes:
        door = change.door
        if change.new:
            door.save(force_insert=True)
            door.communes.set(change.communes)
        else:
            door.save(update_fields=["takes", *TEXTS, *DAYS])
            door.communes.add(*change.communes)
    return reading


class _Reader:
    """Knows the communes of the coordination and its doors."""

    def __init__(self, actor: Actor) -> None:
        rows = Commune.objects.filter(pk__in=sorted(actor.communes)).defer("outline")
        self.communes: dict[str, Commune] = {}
        for commune in rows:
            self.communes[commune.code] = self.communes[fold(commune.name)] = commune
        self.kinds = {
            fold(name): one.code
            for one in door_kinds().values()
            for name in (one.code, one.label, one.short)
        }
        self.needs = {
            fold(name): one.code
            for one in needs().values()
            for name in (one.code, one.label, one.public)
        }
        editable = SupportDoor.objects.allowed(actor, "edit").prefetch_related("communes")
        self.doors: dict[tuple[str, str], list[SupportDoor]] = {}
        for door in editable.order_by("pk"):
            self.doors.setdefault((door.kind, fold(door.name)), []).append(door)
        self.seen: dict[tuple[str, str, int], int] = {}

    def read(self, number: int, values: dict[str, str]) -> Change | None:
        """The change that one row asks for, or None when all of it is known."""
        kind = self._one(values["kind"], self.kinds, "ce n’est pas une nature de service connue")
        communes = [self._commune(part) for part in _parts(values["communes"])]
        if not communes:
            raise RowRefused("il manque la commune")
        name = values["name"]
        for commune in communes:
            key = (kind, fold(name), commune.pk)
            if key in self.seen:
                raise RowRefused(f"ce service est déjà à la ligne {self.seen[key]} du fichier")
            self.seen[key] = number
        takes = [
            self._one(part, self.needs, "ce n’est pas une difficulté connue")
            for part in _parts(values["takes"])
        ]
        door = self._known(kind, name, communes) or SupportDoor(kind=kind)
        new = door.pk is None
        before = _said(door)
        door.takes = [code for code in needs() if code in takes] or door.takes
        for column in TEXTS:
            if values.get(column):
                setattr(door, column, values[column])
        for column in DAYS:
            if values.get(column):
                setattr(door, column, day(values, column))
        if not door.takes:
            raise RowRefused("il manque au moins une difficulté")
        _check(door)
        added = {one.pk for one in communes} - (
            set() if new else {one.pk for one in door.communes.all()}
        )
        if not new and _said(door) == before and not added:
            return None
        return Change(number, door, communes, new)

    def _known(self, kind: str, name: str, communes: list[Commune]) -> SupportDoor | None:
        wanted = {one.pk for one in communes}
        for door in self.doors.get((kind, fold(name)), []):
            if wanted & {one.pk for one in door.communes.all()}:
                return door
        return None

    def _commune(self, words: str) -> Commune:
        code = f"0{words}" if re.fullmatch(r"\d{4}", words) else words
        found = self.communes.get(code) or self.communes.get(fold(words))
        if found is None:
            raise RowRefused(f"« {words} » n’est pas une commune de votre périmètre")
        return found

    def _one(self, words: str, known: dict[str, str], told: str) -> str:
        found = known.get(fold(words))
        if found is None:
            raise RowRefused(f"« {words} » : {told}" if words else told)
        return found


def _parts(words: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;|/]+", words) if part.strip()]


def _said(door: SupportDoor) -> list[Any]:
    return [list(door.takes), *(getattr(door, name) for name in (*TEXTS, *DAYS))]


def _check(door: SupportDoor) -> None:
    try:
        door.clean_fields(exclude=["organisation"])
        door.validate_constraints()
    except ValidationError as wrong:
        labels = {name: names[0] for name, names in COLUMNS.items()}
        told = [
            f"{labels.get(name, '')} : {' '.join(words)}" if name in labels else " ".join(words)
            for name, words in wrong.message_dict.items()
        ]
        raise RowRefused(" ".join(told)) from None
