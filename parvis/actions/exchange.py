"""Reading a table into a plan: what came out goes in again unchanged.

An action is known by its reference. A table with one faulty row changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.actions.acts import new_action, write_action
from parvis.actions.models import Action, Plan
from parvis.actions.record import FLAGS, ROWS, TEXTS, WORDS, Record, normal_record, record_of
from parvis.actions.sorting import choices
from parvis.actions.tabling import (
    AMOUNTS,
    COLUMNS,
    COUNTS,
    DAYS,
    LISTED,
    paid_columns,
    parted,
    unescaped,
)
from parvis.actions.workflow import ActionState
from parvis.partners.actors import Actor
from parvis.partners.models import Objective, Organisation
from parvis.partners.rights import Refused
from parvis.places.importing.outcome import Fault, FileRefused
from parvis.places.importing.tables import read_workbook
from parvis.places.models import Residence
from parvis.thread.register import payings
from parvis.ui.words import counted
from parvis.upkeep.themes import themes

LARGEST = 15 * 1024 * 1024  # bytes
ROWS_AT_MOST = 2000


@dataclass
class Outcome:
    """What a table changes, or would change."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def words(self) -> str:
        """It in one sentence."""
        parts = [
            counted(len(self.new), "fiche nouvelle", "fiches nouvelles"),
            counted(len(self.changed), "fiche modifiée", "fiches modifiées"),
            counted(self.same, "fiche inchangée", "fiches inchangées"),
        ]
        return ", ".join(parts) + "."


class _NotKept(Exception):  # noqa: N818 - what happened
    """Everything that was written is taken back."""


def check_table(plan: Plan, upload: Any, *, actor: Actor) -> Outcome:
    """What this table would change in the plan; nothing is kept."""
    return _read(plan, upload, actor, keep=False)


def import_table(plan: Plan, upload: Any, *, actor: Actor) -> Outcome:
    """Write this table into the plan, whole; with one faulty row nothing is kept."""
    return _read(plan, upload, actor, keep=True)


def _read(plan: Plan, upload: Any, actor: Actor, *, keep: bool) -> Outcome:
    outcome = Outcome()
    try:
        rows = _rows_of(upload)
    except FileRefused as refused:
        outcome.faults.append(Fault(0, "", refused.message))
        return outcome
    try:
        with transaction.atomic():
            _write_rows(plan, rows, actor, outcome)
            if outcome.faults or not keep:
                raise _NotKept
    except _NotKept:
        pass
    return outcome


def _rows_of(upload: Any) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a workbook by the names of our columns; FileRefused when it is not one."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused("Ce fichier pèse plus de 15 Mo.")
    ending = Path(upload.name or "").suffix.lower()
    if ending not in (".xlsx", ".ods"):
        raise FileRefused("Donnez un classeur xlsx ou ods, comme celui qui sort d’ici.")
    with NamedTemporaryFile(suffix=ending) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        sheet = read_workbook(Path(file.name), "")
    missing = [
        title for title in ("Référence", "Titre", "Domaine", "Pilote") if title not in sheet.columns
    ]
    if missing:
        raise FileRefused(f"Il manque des colonnes : {', '.join(missing)}.")
    only_read = paid_columns()
    unknown = [title for title in sheet.columns if title not in (*COLUMNS, *only_read)]
    if unknown:
        raise FileRefused(f"Colonnes inconnues : {', '.join(unknown)[:200]}.")
    if len(sheet.rows) > ROWS_AT_MOST:
        raise FileRefused(f"Ce tableau a plus de {ROWS_AT_MOST} lignes.")
    return [
        (
            row.number,
            {COLUMNS[title]: one for title, one in row.values.items() if title in COLUMNS},
        )
        for row in sheet.rows
    ]


@dataclass
class _Known:
    """What the names of a table stand for."""

    organisations: dict[str, list[int]]
    quartiers: dict[str, int]
    residences: dict[str, int]
    objectives: dict[str, int]
    actions: dict[str, Action]


def _known(plan: Plan) -> _Known:
    organisations: dict[str, list[int]] = {}
    for pk, name in Organisation.objects.values_list("pk", "name"):
        organisations.setdefault(name, []).append(pk)
    own = plan.quartiers.values("pk")
    homes = Residence.objects.filter(commune__quartiers__in=own).distinct()
    objectives = Objective.objects.filter(agreement__quartiers__in=own).distinct()
    actions = plan.actions.select_for_update(of=("self",)).select_related("lead")
    return _Known(
        organisations,
        dict(plan.quartiers.values_list("code", "pk")),
        dict(homes.values_list("code", "pk")),
        dict(objectives.values_list("text", "pk")),
        {
            one.reference: one
            for one in actions.prefetch_related(*ROWS, "quartiers", "residences", "objectives")
        },
    )


def _write_rows(
    plan: Plan, rows: Iterable[tuple[int, dict[str, Any]]], actor: Actor, outcome: Outcome
) -> None:
    known, seen = _known(plan), set()
    for number, cells in rows:
        reference = _text(cells.get("reference"))
        try:
            if not reference:
                raise ValidationError("donnez une référence")
            if reference in seen:
                raise ValidationError("cette référence est déjà dans le tableau")
            seen.add(reference)
            with transaction.atomic():
                _write_row(plan, reference, cells, known, actor, outcome)
        except (ValidationError, Refused) as wrong:
            outcome.faults.append(Fault(number, reference, _why(wrong)))


def _why(wrong: ValidationError) -> str:
    if hasattr(wrong, "error_dict"):
        return " ; ".join(
            f"{WORDS.get(name, name)} : {' '.join(words)}" if name != "__all__" else " ".join(words)
            for name, words in wrong.message_dict.items()
        )
    return " ".join(wrong.messages)


def _write_row(
    plan: Plan,
    reference: str,
    cells: dict[str, Any],
    known: _Known,
    actor: Actor,
    outcome: Outcome,
) -> None:
    record = normal_record(_record(cells, known))
    state = _state(cells)
    action = known.actions.get(reference)
    if action is None:
        if state == ActionState.DROPPED:
            raise ValidationError("une fiche abandonnée dit pourquoi : importez-la à l’étude")
        new_action(plan, record, actor=actor, reference=reference, state=state or ActionState.IDEA)
        outcome.new.append(reference)
        return
    if state and state != action.state:
        raise ValidationError("l’état se change sur la fiche, pas dans le tableau")
    before = record_of(action, tuple(record))
    if before == record:
        outcome.same += 1
        return
    write_action(action, record, actor=actor, version=action.version)
    outcome.changed.append(reference)


def _state(cells: dict[str, Any]) -> str:
    said = _text(cells.get("state"))
    if not said:
        return ""
    states = {label: code for code, label in ActionState.choices}
    return str(_one_of(said, states, "état inconnu"))


def _record(cells: dict[str, Any], known: _Known) -> Record:
    """The record that a row says; ValidationError under the column that is wrong."""
    readers: dict[str, Callable[[Any], Any]] = {
        "lead": lambda value: _organisation(value, known, needed=True),
        "themes": _themes,
        "quartiers": lambda value: _places(value, known.quartiers, "quartier hors du plan"),
        "residences": lambda value: _places(value, known.residences, "résidence inconnue"),
        "objectives": lambda value: _places(value, known.objectives, "objectif inconnu"),
    }
    record: Record = {}
    for name, value in cells.items():
        if name in ("reference", "state"):
            continue
        try:
            if name in readers:
                record[name] = readers[name](value)
            elif name in ROWS:
                record[name] = _rows(name, value, known)
            else:
                record[name] = _value(name, value)
        except ValidationError as wrong:
            raise ValidationError({name: wrong.messages}) from None
    if not record.get("title"):
        raise ValidationError({"title": ["donnez un titre"]})
    return record


def _value(name: str, value: Any) -> Any:
    if name in DAYS:
        return _day(value)
    if name in AMOUNTS:
        return _amount(value)
    if name in FLAGS:
        return _one_of(_text(value) or "non", {"oui": True, "non": False}, "écrivez oui ou non")
    text = _text(value)
    if name in LISTED:
        labels = {label: code for code, label in choices(LISTED[name]).items()}
        if not text and name == "moment":
            return ""
        return _one_of(text, labels, "pas dans la liste")
    if name in TEXTS and len(text) > 3000:
        raise ValidationError("texte trop long")
    return text


def _rows(name: str, value: Any, known: _Known) -> list[Record]:
    found = []
    for line in _text(value).split("\n"):
        if not line.strip():
            continue
        parts = parted(line)
        keys = ROWS[name]
        if len(parts) != len(keys):
            raise ValidationError(
                f"« {line[:60]} » : {len(keys)} valeurs sont attendues, parées de « | »"
            )
        found.append({key: _part(key, part, known) for key, part in zip(keys, parts, strict=True)})
    return found


def _part(key: str, part: str, known: _Known) -> Any:
    if key in ("organisation", "funder"):
        return _organisation(part, known, needed=key == "funder")
    if key in ("asked", "granted", "spent"):
        return _amount(part) or "0.00"
    if key == "scheme":
        read = {one.label.casefold() for one in payings()}
        if part.casefold() in read:
            raise ValidationError(f"« {part} » se lit dans ses lignes : ne l’écrivez pas ici")
    if key == "target" and not part:
        raise ValidationError("un indicateur dit ce qu’il vise")
    if key in COUNTS:
        return _count(part)
    return _value(key, part)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").strip()


def _one_of(text: str, known: dict[str, Any], words: str) -> Any:
    """What a text stands for, capitals or not."""
    for label, code in known.items():
        if text.casefold() in (label.casefold(), str(code).casefold()):
            return code
    raise ValidationError(f"« {text[:60]} » : {words}")


def _organisation(value: Any, known: _Known, *, needed: bool) -> int | None:
    name = _text(value)
    if not name:
        if needed:
            raise ValidationError("nommez l’organisation")
        return None
    found = known.organisations.get(name, [])
    if len(found) > 1:
        raise ValidationError(f"« {name[:60]} » : plusieurs organisations portent ce nom")
    if not found:
        raise ValidationError(f"« {name[:60]} » : organisation inconnue")
    return found[0]


def _themes(value: Any) -> list[str]:
    known = {theme.label: code for code, theme in themes().items()}
    lines = [line.strip() for line in _text(value).split("\n") if line.strip()]
    return [str(_one_of(line, known, "thème inconnu")) for line in lines]


def _places(value: Any, known: dict[str, int], words: str) -> list[int]:
    found = []
    for line in _text(value).split("\n"):
        code = unescaped(line.strip())
        if code:
            if code not in known:
                raise ValidationError(f"« {code[:60]} » : {words}")
            found.append(known[code])
    return sorted(set(found))


def _day(value: Any) -> str | None:
    text = _text(value)
    if not text:
        return None
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if french:
            day, month, year = map(int, french.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise ValidationError(f"« {text[:30]} » n’est pas une date") from None


def _amount(value: Any) -> str | None:
    text = re.sub(r"[\s€]", "", _text(value)).replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValidationError(f"« {text[:30]} » n’est pas un nombre") from None
    if not amount.is_finite() or abs(amount) >= 10**10:
        raise ValidationError(f"« {text[:30]} » n’est pas un nombre")
    if amount != round(amount, 2):
        raise ValidationError(f"« {text[:30]} » : deux décimales au plus")
    return f"{amount:.2f}"


def _count(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise ValidationError(f"« {text[:30]} » n’est pas un nombre entier")
    return int(text)
