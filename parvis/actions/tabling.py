"""A plan as a table: its columns, and the rows that stand under them.

Rows that hold several things (steps, fundings…) are one cell, one thing a line, its values parted
by « | ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.actions.record import ROWS, WORDS, Record, record_of
from parvis.actions.sorting import choices
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.register import paid_for, payings
from parvis.upkeep.themes import labels

# Columns of what is paid elsewhere: they come out and are not read back.
PAID = ("prévu", "dépensé")
COLUMNS: dict[str, str] = {
    "Référence": "reference",
    "État": "state",
    **{WORDS[name]: name for name in WORDS},
}
LISTED = {"domain": "domain", "moment": "moment", "scheme": "scheme", "kind": "insertion"}
# What a row of each cell holds, and how each value is read.
DAYS = ("starts_on", "ends_on", "due_on", "done_on", "asked_on", "granted_on")
AMOUNTS = ("budget", "asked", "granted", "spent", "baseline", "target")
COUNTS = ("total", "promised", "worked", "people")
ORGANISATIONS = ("lead", "organisation", "funder")


def paid_columns() -> list[str]:
    """The titles of what is paid for actions elsewhere: « Abattement de TFPB, prévu »."""
    names = [one.label for one in payings()]
    return [f"{name[:1].upper()}{name[1:]}, {what}" for name in names for what in PAID]


def columns() -> list[str]:
    """Every column of the table of a plan."""
    return [*COLUMNS, *paid_columns()]


def table_of(actor: Actor, actions: Any) -> Iterator[list[Any]]:
    """The rows of these actions, under `columns`; some queries for all of them."""
    rows = actions.order_by("reference").prefetch_related(*(*ROWS, "quartiers", "residences"))
    found = list(rows.prefetch_related("objectives"))
    names = dict(Organisation.objects.values_list("pk", "name"))
    elsewhere = paid_for(actor, "action", [action.pk for action in found])
    for action in found:
        record = record_of(action)
        record["reference"] = action.reference
        record["state"] = action.get_state_display()
        record["themes"] = "\n".join(labels(record["themes"]))
        record["quartiers"] = "\n".join(sorted(one.code for one in action.quartiers.all()))
        record["residences"] = "\n".join(sorted(one.code for one in action.residences.all()))
        record["objectives"] = "\n".join(
            escaped(text) for text in sorted(one.text for one in action.objectives.all())
        )
        cells = [_out(name, record[name], names) for name in COLUMNS.values()]
        paid = dict(elsewhere.get(action.pk, []))
        for one in payings():
            money = paid.get(one.label)
            cells += [money.planned, money.spent] if money else [None, None]
        yield cells


def _out(name: str, value: Any, names: dict[int, str]) -> Any:
    if name in ROWS:
        return "\n".join(
            " | ".join(escaped(str(_said(key, row[key], names))) for key in ROWS[name])
            for row in value
        )
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    if name == "budget":
        return Decimal(value) if value is not None else None
    return _said(name, value, names)


def _said(name: str, value: Any, names: dict[int, str]) -> Any:
    """A value as people read it in a table."""
    if value is None:
        return ""
    if name in ORGANISATIONS:
        return names.get(value, "")
    if name in LISTED:
        return choices(LISTED[name]).get(value, value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value


def rows_in_words(name: str, rows: list[Record]) -> list[str]:
    """The rows of a record (steps, fundings …) as people read them, one a line."""
    names = dict(Organisation.objects.values_list("pk", "name"))
    return [
        " · ".join(words for key in ROWS[name] if (words := str(_said(key, row[key], names))))
        for row in rows
    ]


def escaped(text: str) -> str:
    """A text that stays whole in a cell of several lines."""
    text = text.replace("\\", "\\\\").replace("|", "\\|")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def parted(line: str) -> list[str]:
    """The values of a line, as `escaped` wrote them."""
    parts = []
    for text, end in re.findall(r"((?:\\.|[^|\\])*)(\||$)", line):
        parts.append(unescaped(text.strip()))
        if not end:
            break
    return parts


def unescaped(text: str) -> str:
    marks = {"n": "\n"}
    return re.sub(r"\\(.)", lambda found: marks.get(found[1], found[1]), text)
