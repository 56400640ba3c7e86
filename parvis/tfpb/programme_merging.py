"""Two people write on the same thing: what each touched stays, what both touched is shown.

A record is what a form writes, by field, as plain values: texts, whole numbers, lists of ids; a day
is "2026-03-01", an amount "1200.00"; "" or None where there is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

Record = dict[str, Any]


@dataclass
class Overtaken(Exception):  # noqa: N818 - what happened
    """Somebody wrote on the same fields meanwhile. `theirs` is what stands there now, by field."""

    thing: Any
    theirs: Record
    mine: Record
    # What the writer has read now: with it, what was written goes over what stands there.
    again: Record


def merged(
    thing: Any, now: Record, mine: Record, *, version: int = 0, read: Record | None = None
) -> Record:
    """What of `mine` is to be written over `now`: the fields that really change.

    `version` is the one at which the writer read the thing, `read` what stood there then: fields
    that the writer left alone keep what somebody else wrote. Overtaken when both wrote on one;
    without `read`, when the version is not the present one.
    """
    wanted = {name: value for name, value in mine.items() if value != now[name]}
    if read is None:
        theirs = {name: now[name] for name in wanted} if version != thing.version else {}
    else:
        wanted = {name: value for name, value in wanted.items() if value != read.get(name)}
        theirs = {name: now[name] for name in wanted if now[name] != read.get(name)}
    if theirs:
        again = {name: now[name] if name in wanted else value for name, value in mine.items()}
        raise Overtaken(thing, theirs, wanted, again)
    return wanted


def plain(value: Any) -> Any:
    """A value as a record holds it: rows become ids, days and figures texts."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if hasattr(value, "model"):  # a queryset
        return sorted(one.pk for one in value)
    return getattr(value, "pk", value)


def plain_record(cleaned: Mapping[str, Any], names: tuple[str, ...]) -> Record:
    """The record that a form's cleaned values say."""
    return {name: plain(cleaned[name]) for name in names if name in cleaned}


def written_out(record: Record) -> str:
    """A record as a form carries it, so that what was read comes back with what was written."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def read_back(text: str, names: tuple[str, ...]) -> Record | None:
    """What `written_out` wrote; None when somebody tampered with it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # thousands of brackets within each other
        return None
    if not isinstance(found, dict):
        return None
    return {name: found[name] for name in names if name in found}


def day_of(value: str | None) -> date | None:
    """A day as a record holds it; ValidationError when it is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ValidationError("Donnez une date.") from None


def figure_of(value: str | None) -> Decimal | None:
    """An amount, or another figure, as a record holds it; ValidationError when it is none."""
    try:
        return Decimal(value) if value not in ("", None) else None
    except InvalidOperation:
        raise ValidationError("Donnez un montant.") from None
