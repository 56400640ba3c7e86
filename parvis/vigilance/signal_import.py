"""Reading the unpaid charges of a quarter from a table: shown first, kept once agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from parvis.partners.actors import Actor
from parvis.places.importing.columns import fold, whole_number
from parvis.places.importing.outcome import Fault, RowRefused
from parvis.places.models import Residence
from parvis.vigilance.models import UnpaidCount
from parvis.vigilance.quarters import Quarter
from parvis.vigilance.signal_acts import fault_of, held_at_the_end
from parvis.vigilance.table_reading import read_rows

COLUMNS: dict[str, tuple[str, ...]] = {
    "residence": ("résidence", "nom", "programme", "groupe"),
    "code": ("code", "code résidence", "référence"),
    "dwellings": ("logements", "nombre de logements", "nb logements"),
    "behind": ("en retard", "impayés", "retards", "logements en retard"),
}
HEADER = ["résidence", "code", "commune", "logements", "en retard"]
Records = list[tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class Line:
    """One count that would be kept, and what was counted before."""

    number: int
    residence: Residence
    dwellings: int
    behind: int
    before: int | None


@dataclass
class Reading:
    records: Records = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[int, tuple[int, int] | None]:
        """What is to be kept, by residence."""
        return {one.residence.pk: (one.dwellings, one.behind) for one in self.lines}


def read_table(actor: Actor, quarter: Quarter, upload: Any) -> Reading:
    """What this table says of that quarter; nothing is saved."""
    rows = read_rows(upload, COLUMNS, {"residence", "dwellings", "behind"})
    reading = read_records(actor, quarter, rows.rows)
    reading.faults = sorted([*rows.faults, *reading.faults])
    return reading


def read_records(actor: Actor, quarter: Quarter, records: Records) -> Reading:
    """The same from rows that were read before."""
    reading = Reading(records=records)
    by_name: dict[str, list[Residence]] = {}
    by_code: dict[str, Residence] = {}
    for one in held_at_the_end(actor, quarter):
        by_name.setdefault(fold(one.name), []).append(one)
        by_code[fold(one.code)] = one
    known = {
        one.residence_id: (one.dwellings, one.behind)
        for one in UnpaidCount.objects.allowed(actor, "edit").filter(quarter=quarter.start)
    }
    seen: dict[int, int] = {}
    for number, values in records:
        try:
            line = _line(number, values, by_name, by_code, known)
            if line is None:
                continue  # a residence of which nothing is said
            first = seen.setdefault(line.residence.pk, number)
            if first != number:
                raise RowRefused(f"cette résidence est déjà à la ligne {first}")
        except RowRefused as refused:
            name = values.get("residence", "")[:60]
            reading.faults.append(Fault(number, name, str(refused)))
            continue
        if known.get(line.residence.pk) == (line.dwellings, line.behind):
            reading.same += 1
        else:
            reading.lines.append(line)
    return reading


def _line(
    number: int,
    values: dict[str, str],
    by_name: dict[str, list[Residence]],
    by_code: dict[str, Residence],
    known: dict[int, tuple[int, int]],
) -> Line | None:
    if not values["behind"]:
        return None
    residence = _residence(values, by_name, by_code)
    dwellings, behind = (_count(values[name]) for name in ("dwellings", "behind"))
    if fault := fault_of(dwellings, behind):
        raise RowRefused(fault)
    before = known.get(residence.pk)
    return Line(number, residence, dwellings, behind, before[1] if before else None)


def _residence(
    values: dict[str, str], by_name: dict[str, list[Residence]], by_code: dict[str, Residence]
) -> Residence:
    code = fold(values.get("code", ""))
    if code and code in by_code:
        return by_code[code]
    found = by_name.get(fold(values["residence"]), [])
    if len(found) > 1:
        raise RowRefused("plusieurs de vos résidences portent ce nom : donnez leur code")
    if not found:
        raise RowRefused("ce n’est pas une de vos résidences à la fin de ce trimestre")
    return found[0]


def _count(words: str) -> int:
    found = whole_number(words)
    if found is None:
        raise RowRefused(
            f"« {words} » n’est pas un nombre entier" if words else "il manque un nombre"
        )
    return found
