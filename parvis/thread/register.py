"""The register of things: how each room's things stand on the thread.

A room describes its kinds once, in `things.py`; lower rooms list them without naming that room.
`docs/thread.md` tells how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
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
class Where:
    """A part of the territory, by primary keys; a thing lies there when it lies in any of these."""

    communes: frozenset[int] = frozenset()
    quartiers: frozenset[int] = frozenset()
    residences: frozenset[int] = frozenset()


SEEN_ON_FOOT = "seen_on_foot"  # the code of that event, whatever the kind


@dataclass(frozen=True)
class Seen:
    """What somebody saw on the spot of a thing that was to be checked."""

    result: str  # "seen", "unseen" or "worse"
    on: date
    organisation_id: int  # who asked for the check, and answers for it
    where: str  # on which occasion: "Diagnostic en marchant du 3 mars 2026"
    note: str = ""
    # JPEGs without anybody to be recognised, drawn anew without metadata.
    pictures: tuple[bytes, ...] = ()
    # Whether who saw it acts for an organisation. Words and pictures of others are for partners:
    # a room that would show them to everybody leaves them out.
    by_partner: bool = False

    def in_words(self, word: str, at_most: int) -> str:
        """« Diagnostic en marchant du 3 mars 2026 : toujours là. » then the note, cut to so many
        characters; `word` is what the result means of the thing."""
        told = f"{self.where} : {word}. {self.note.strip()}".strip()
        return told if len(told) <= at_most else told[: at_most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Checking:
    """How things of a kind are checked on the spot."""

    # What each result means of such a thing, in French: {"seen": "toujours là", ...}.
    words: dict[str, str]
    # The ids (a queryset of one column) of what this actor may have checked in some places.
    offered: Callable[[Actor, Where], Any]
    # Keeps what was seen beside the thing, in the caller's transaction; ValidationError with words
    # for people when the thing takes it no more. None: the event alone says it.
    keep: Callable[[Actor, int, Seen], None] | None = None
    # What whoever writes about one is told first, in French, when others will read it.
    warns: str = ""


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
    # The states in which nothing more is awaited of such a thing; events name them when reached.
    ended: tuple[str, ...] = ()
    # Whether a reader who may not see a thing of this kind may know that there is one.
    tells_existence: bool = False
    due: Callable[[Actor], Any] | None = None  # made with `due_columns`
    # What awaits a decision of several organisations, late or not; made with `due_columns`. A
    # meeting proposes it for its agenda, beside what is late.
    awaits: Callable[[Actor], Any] | None = None
    # The ids (a queryset of one column) of the things of this kind that lie somewhere.
    lies_in: Callable[[Where], Any] | None = None
    # Where things are, (latitude, longitude) by id, for a plan; those without a point are left out.
    places: Callable[[Iterable[int]], dict[int, tuple[float, float]]] | None = None
    # One picture of a thing that this actor may see (JPEG or PNG), for a slide.
    photo: Callable[[Actor, int], bytes | None] | None = None
    # The id of the thing that people call by this reference, for kinds that have references.
    named: Callable[[str], int | None] | None = None
    # Whether an instance may be set up to steer one of these: a project.
    steered: bool = False
    # Whether and how it is checked on the spot, on a walk.
    checking: Checking | None = None
    spoke: Callable[[int], Iterable[Recipient]] | None = None
    # Sentences of this kind's events by code, French, {old}, {new}, {who} and {concerns} inside:
    # made when shown.
    sentences: dict[str, str] = field(default_factory=dict)
    searchable: bool = False
    # Where everybody reads a public one, for search engines; None: they are told of none. It asks
    # no query.
    public_url: Callable[[int], str] | None = None


@dataclass(frozen=True)
class Order:
    """What was decided: enough for an upper room to make something of it."""

    source: tuple[str, int]  # the thing that decides: ("decision", 12)
    title: str
    text: str = ""
    about: tuple[str, int] | None = None  # the thing that was on the agenda
    organisation_id: int | None = None  # who is to do it
    due_on: date | None = None
    where: Where = Where()


@dataclass(frozen=True)
class Making:
    """Something that may be made from a decision on the spot: an action, a part of a report."""

    code: str  # "action"
    label: str  # "une action du plan"
    # Whether this actor may make it of a thing of that kind (None: of nothing in particular).
    offered: Callable[[Actor, str | None], bool]
    # Makes it and gives the thing made; ValidationError with words for people when it cannot.
    # It runs in the caller's transaction, and the caller links the source to it.
    make: Callable[[Actor, Order], tuple[str, int]]


_makings: dict[str, Making] = {}


def register_making(making: Making) -> None:
    """Declare something that a decision may become, once; called by `things.py`."""
    if making.code in _makings:
        raise ValueError(f"{making.code} is registered twice")
    _makings[making.code] = making


def makings(actor: Actor, about: str | None = None) -> list[Making]:
    """What this actor may make of a decision about a thing of that kind."""
    return [making for making in _makings.values() if making.offered(actor, about)]


@dataclass(frozen=True)
class Paid:
    """What is paid for a thing elsewhere: euros planned and spent, and who pays."""

    planned: Decimal
    spent: Decimal
    who: str = ""


@dataclass(frozen=True)
class Paying:
    """Money that an upper room plans for things of lower ones: read there, never typed again."""

    code: str  # "tfpb"
    label: str  # "abattement de TFPB"
    # What is paid for these things, by id, as far as this actor may see it.
    amounts: Callable[[Actor, str, Iterable[int]], dict[int, Paid]]


_payings: dict[str, Paying] = {}


def register_paying(paying: Paying) -> None:
    """Declare money that pays for things, once; called by `things.py`."""
    if paying.code in _payings:
        raise ValueError(f"{paying.code} is registered twice")
    _payings[paying.code] = paying


def payings() -> list[Paying]:
    """All the money that is registered."""
    return list(_payings.values())


def paid_for(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, list[tuple[str, Paid]]]:
    """What is paid for these things, by id: each payer's label and amounts. Things for which
    nothing is paid, or nothing that this actor may see, are left out."""
    wanted = list(ids)
    found: dict[int, list[tuple[str, Paid]]] = {}
    for paying in _payings.values():
        for pk, paid in paying.amounts(actor, kind, wanted).items():
            found.setdefault(pk, []).append((paying.label, paid))
    return found


@dataclass(frozen=True)
class Remark:
    """One line that an upper room says beside a thing, in French."""

    label: str
    text: str
    state: str = ""  # "missing", "late" or "done": how it is marked, beside its words
    url: str = ""


@dataclass(frozen=True)
class Beside:
    """What an upper room says on the page of things of one lower kind: on a project, the phases
    without the residents' opinion."""

    code: str  # "opinions_by_phase"
    of: str  # the kind of thing: "project"
    title: str
    # What this actor reads beside that thing; a fixed number of queries, nothing when it is empty.
    remarks: Callable[[Actor, int], list[Remark]]


_besides: dict[str, Beside] = {}


def register_beside(beside: Beside) -> None:
    """Declare what is said beside things of a kind, once; called by `things.py`."""
    if beside.code in _besides:
        raise ValueError(f"{beside.code} is registered twice")
    _besides[beside.code] = beside


def said_beside(actor: Actor, kind: str, pk: int) -> list[tuple[str, list[Remark]]]:
    """The titles and lines that upper rooms say beside this thing; empty ones are left out."""
    found = [(one.title, one.remarks(actor, pk)) for one in _besides.values() if one.of == kind]
    return [(title, remarks) for title, remarks in found if remarks]


# The names under which the columns may be sorted and cut down.
COLUMNS = (
    "thing_code",
    "thing_pk",
    "thing_title",
    "thing_who",
    "thing_day",
    "thing_amount",
    "thing_state",
)

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
    known as `thing_due_on` and `thing_owner`."""
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
    named = dict(zip(COLUMNS, [_cast(Value(code), _text()), *cast], strict=True))
    return rows.order_by().annotate(**named).values_list(*COLUMNS, *annotated)


def _cast(column: Any, type_: Field) -> Any:
    # PostgreSQL wants the type of each NULL and of each text in a UNION; SQLite gives dates back
    # as text unless the first SELECT names the type.
    if column is None or column == "":
        column = Value(column)
    elif isinstance(column, str):
        column = F(column)
    return Cast(column, type_)
