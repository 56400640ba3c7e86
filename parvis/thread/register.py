"""The register of things: how each room's things stand on the thread.

A room describes its kinds once, in `things.py`; lower rooms list them without naming that room.
`docs/thread.md` tells how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DecimalField,
    F,
    Field,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from parvis.notices.outbox import Recipient
from parvis.partners.actors import Actor


@dataclass(frozen=True)
class Kind:
    """One kind of thing. `rows` and `due` are cut down to what an actor may see."""

    code: str  # "report"
    label: str  # "signalement"
    plural: str
    icon: str  # name of a Lucide icon
    url: Callable[[int], str]
    rows: Callable[[Actor], Any]  # made with `columns`
    state_labels: dict[str, str] = field(default_factory=dict)
    # Whether a reader who may not see a thing of this kind may know that there is one.
    tells_existence: bool = False
    due: Callable[[Actor], Any] | None = None  # made with `due_columns`
    spoke: Callable[[int], Iterable[Recipient]] | None = None
    # Sentences of this kind's events by code, French, {old}, {new}, {who} and {concerns} inside:
    # made when shown.
    sentences: dict[str, str] = field(default_factory=dict)
    searchable: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind, once; called by each room's `things.py`."""
    if kind.code in _kinds:
        raise ValueError(f"{kind.code} is registered twice")
    _kinds[kind.code] = kind


def kinds() -> dict[str, Kind]:
    """Every registered kind by its code."""
    return dict(_kinds)


def kind_of(code: str) -> Kind:
    """The registered kind of that code; ValueError when no room declared it."""
    try:
        return _kinds[code]
    except KeyError:
        raise ValueError(f"no kind of thing is registered as {code!r}") from None


def columns(
    rows: QuerySet[Any],
    code: str,
    *,
    title: Any,
    who: Any = "",
    day: Any = None,
    amount: Any = None,
    state: Any = "",
    pk: Any = "pk",
) -> Any:
    """These rows as (kind, id, title, who, day, amount, state), typed alike for every kind so that
    they can stand in one UNION.

    Each column is the name of a field ("reference", "category__label"), an expression, or None;
    "" is an empty text. A day taken from a moment is `TruncDate("at")`.
    """
    return _typed(rows, code, (pk, title, who, day, amount, state), _TYPES)


def due_columns(rows: QuerySet[Any], code: str, *, due_on: Any, owner: Any, **others: Any) -> Any:
    """`columns`, then the day it is due and the id of the organisation whose it is; these two are
    also known as `thing_due_on` and `thing_owner`, to sort by."""
    given = {"pk": "pk", "who": "", "day": None, "amount": None, "state": "", **others}
    rows = rows.annotate(
        thing_due_on=_cast(due_on, _day()), thing_owner=_cast(owner, BigIntegerField(null=True))
    )
    wanted = (given[name] for name in ("pk", "title", "who", "day", "amount", "state"))
    return _typed(rows, code, tuple(wanted), _TYPES, "thing_due_on", "thing_owner")


def _text() -> Field:
    return CharField(max_length=400)


def _day() -> Field:
    return DateField(null=True)


_TYPES: tuple[Field, ...] = (
    BigIntegerField(),
    _text(),
    _text(),
    _day(),
    DecimalField(max_digits=14, decimal_places=2, null=True),
    _text(),
)


def _typed(
    rows: QuerySet[Any],
    code: str,
    wanted: tuple[Any, ...],
    types: tuple[Field, ...],
    *annotated: str,
) -> Any:
    cast = [_cast(column, type_) for column, type_ in zip(wanted, types, strict=True)]
    return rows.order_by().values_list(_cast(Value(code), _text()), *cast, *annotated)


def _cast(column: Any, type_: Field) -> Any:
    # PostgreSQL wants the type of each NULL and of each text in a UNION; SQLite gives dates back
    # as text unless the first SELECT names the type.
    if column is None or column == "":
        column = Value(column)
    elif isinstance(column, str):
        column = F(column)
    return Cast(column, type_)
