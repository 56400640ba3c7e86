"""A fiche action as one plain record: what forms fill in, what changes keep, what tables carry.

Values are those of JSON: texts, whole numbers, true or false, lists; a day is "2026-03-01", an
amount "1200.00", an organisation or a place its id; "" or None where there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from parvis.actions.models import (
    Action,
    Funding,
    Indicator,
    Insertion,
    PartnerShare,
    Step,
)
from parvis.actions.sorting import choices
from parvis.upkeep.themes import themes

Record = dict[str, Any]
TEXTS = ("title", "domain", "moment", "finding", "objective", "audience", "place", "summary")
DAYS = ("starts_on", "ends_on")
FLAGS = ("experiment", "cost_public")
PLACES = ("quartiers", "residences", "objectives")
ROWS: dict[str, tuple[str, ...]] = {
    "partners": ("organisation", "does"),
    "steps": ("title", "organisation", "due_on", "done_on"),
    "fundings": (
        *("funder", "scheme", "asked", "granted", "spent"),
        *("file_number", "asked_on", "granted_on"),
    ),
    "insertions": ("kind", "total", "promised", "worked", "people"),
    "indicators": ("label", "unit", "baseline", "target", "due_on"),
}
# What a line of the plan's table shows and lets one write in place.
LINE = ("title", "domain", "moment", "lead", "starts_on", "ends_on", "budget", "place")
WORDS = {
    "title": "Titre",
    "domain": "Domaine",
    "moment": "Moment",
    "themes": "Thèmes",
    "finding": "Constat",
    "objective": "Objectif",
    "audience": "Public",
    "place": "Lieu",
    "summary": "Résumé pour tous",
    "lead": "Pilote",
    "starts_on": "Début",
    "ends_on": "Fin",
    "budget": "Budget",
    "experiment": "Expérimentation",
    "cost_public": "Coût public",
    "quartiers": "Quartiers",
    "residences": "Résidences",
    "objectives": "Objectifs du contrat de ville",
    "partners": "Partenaires",
    "steps": "Étapes",
    "fundings": "Financements",
    "insertions": "Insertion",
    "indicators": "Indicateurs",
}


def record_of(action: Action, names: tuple[str, ...] = tuple(WORDS)) -> Record:
    """These fields of an action as it stands. Rows that were prefetched are not asked again."""
    found: Record = {}
    for name in names:
        if name == "lead":
            found[name] = action.lead_id
        elif name in PLACES:
            found[name] = sorted(one.pk for one in getattr(action, name).all())
        elif name in ROWS:
            rows = getattr(action, name).all()
            found[name] = [_row(one, ROWS[name]) for one in rows]
        else:
            found[name] = _plain(getattr(action, name))
    return found


def _row(one: Any, names: tuple[str, ...]) -> Record:
    ids = {"organisation": "organisation_id", "funder": "funder_id"}
    return {name: _plain(getattr(one, ids.get(name, name))) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def plain_record(cleaned: Mapping[str, Any]) -> Record:
    """The record that a form's cleaned values say: objects become ids, days and amounts texts."""
    return {name: _bare(value) for name, value in cleaned.items() if name in WORDS}


def normal_record(record: Record) -> Record:
    """The same as it is read back: texts without tabs, without blanks around them and with one
    sign for the end of a line; steps by day."""
    found = dict(record)
    for name in TEXTS:
        if name in found:
            found[name] = found[name].replace("\r\n", "\n").replace("\t", " ").strip()
    if "themes" in found:  # in the order of the list
        found["themes"] = [code for code in themes() if code in found["themes"]] + sorted(
            set(found["themes"]) - set(themes())
        )
    if "steps" in found:
        found["steps"] = sorted(found["steps"], key=lambda step: step["due_on"] or "9")
    return found


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [
            {name: _bare(one) for name, one in row.items()} if isinstance(row, dict) else row
            for row in value
        ]
    if hasattr(value, "model"):  # a queryset of places
        return sorted(one.pk for one in value)
    if hasattr(value, "pk"):
        return value.pk
    return _plain(value)


def put_record(action: Action, record: Record) -> None:
    """Write these fields on an action that is held; its rows too. ValidationError, by field, when
    they contradict themselves; nothing is then to be kept."""
    _put_columns(action, record)
    action.full_clean(exclude=["plan", "lead"], validate_constraints=False)
    _check_lists(action)
    action.validate_constraints()
    action.save()
    for name in PLACES:
        if name in record:
            getattr(action, name).set(record[name])
    for name in ROWS:
        if name in record:
            _put_rows(action, name, record[name])


def _put_columns(action: Action, record: Record) -> None:
    for name in (*TEXTS, *FLAGS):
        if name in record:
            setattr(action, name, record[name])
    for name in DAYS:
        if name in record:
            setattr(action, name, day_of(record[name]))
    if "budget" in record:
        action.budget = amount_of(record["budget"])
    if "themes" in record:
        action.themes = record["themes"]
    if "lead" in record:
        action.lead_id = record["lead"]


def day_of(value: str | None) -> date | None:
    """A day as a record holds it."""
    return date.fromisoformat(value) if value else None


def amount_of(value: str | None) -> Decimal | None:
    """An amount, or another figure, as a record holds it."""
    try:
        return Decimal(value) if value not in ("", None) else None
    except InvalidOperation:
        raise ValidationError("Donnez un montant.") from None


def _check_lists(action: Action) -> None:
    if action.domain and action.domain not in choices("domain"):
        raise ValidationError({"domain": "Choisissez un domaine de la liste."})
    if action.moment and action.moment not in choices("moment"):
        raise ValidationError({"moment": "Choisissez un moment de la liste."})
    if set(action.themes) - set(themes()):
        raise ValidationError({"themes": "Choisissez des thèmes de la liste."})


def _put_rows(action: Action, name: str, rows: list[Record]) -> None:
    if name == "indicators":
        _put_indicators(action, rows)
        return
    model: Any = {
        "partners": PartnerShare,
        "steps": Step,
        "fundings": Funding,
        "insertions": Insertion,
    }[name]
    if record_of(action, (name,))[name] == rows:
        return
    getattr(action, name).all().delete()
    for row in rows:
        made = model(action=action, **_typed(row))
        _clean(made, name)
        made.save()


def _put_indicators(action: Action, rows: list[Record]) -> None:
    """Indicators keep their measures: each is known by its words."""
    known = {one.label: one for one in action.indicators.all()}
    wanted = [row["label"] for row in rows]
    if len(set(wanted)) < len(wanted):
        raise ValidationError({"indicators": "Deux indicateurs portent le même nom."})
    for label, one in known.items():
        if label not in wanted:
            if one.measures.exists():
                words = f"« {label} » a déjà des mesures : il reste."
                raise ValidationError({"indicators": words})
            one.delete()
    for row in rows:
        made = known.get(row["label"]) or Indicator(action=action)
        for name, value in _typed(row).items():
            setattr(made, name, value)
        _clean(made, "indicators")
        made.save()


def _typed(row: Record) -> Record:
    found: Record = {}
    for name, value in row.items():
        if name.endswith("_on"):
            found[name] = day_of(value)
        elif name in ("asked", "granted", "spent"):
            found[name] = amount_of(value) or Decimal(0)
        elif name in ("baseline", "target"):
            found[name] = amount_of(value)
        elif name in ("organisation", "funder"):
            found[f"{name}_id"] = value or None
        else:
            found[name] = value
    return found


def _clean(made: Any, name: str) -> None:
    """ValidationError under the name of the rows, whichever column is wrong."""
    lists = {"scheme": "scheme", "kind": "insertion"}
    for column, listed in lists.items():
        if hasattr(made, column) and getattr(made, column) not in choices(listed):
            raise ValidationError({name: "Choisissez dans la liste."})
    try:
        made.full_clean(exclude=["action"])
    except ValidationError as wrong:
        raise ValidationError({name: wrong.messages}) from None
