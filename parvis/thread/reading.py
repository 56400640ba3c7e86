"""Reading the thread: the thread of a thing, its events, what is due, what moved.

The thread is two queries whatever the kinds: one for the edges, one for the rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from heapq import nsmallest
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.edges import Node, edges_around
from parvis.thread.models import Event
from parvis.thread.register import SEEN_ON_FOOT, Kind, Where, kind_of, kinds
from parvis.thread.steps import Row, ThreadStep, lay_out

__all__ = [
    "Due",
    "DueSpan",
    "EventLine",
    "awaiting",
    "due_for",
    "events_of",
    "moved_since",
    "rows_lying",
    "rows_of",
    "thread_of",
]

MOVED_AT_MOST = 200
DUE_AT_MOST = 200
LYING_AT_MOST = 200


def thread_of(actor: Actor, kind: str, pk: int, *, seen: bool = False) -> list[ThreadStep]:
    """What led to this thing, the thing, and what came of it, by day, in two queries.

    Empty when the actor may not see the thing itself. `seen`: the caller has fetched it for this
    very actor and tells it in its own words, so that a thing without links asks nothing more.
    """
    kind_of(kind)
    start = (kind, pk)
    edges = edges_around(start)
    if seen and edges.nodes == {start}:
        return [ThreadStep("", kind=kind, id=pk, here=True)]
    rows = rows_of(actor, edges.nodes)
    return lay_out(start, edges, rows, kinds(), timezone.localdate())


def rows_of(actor: Actor, nodes: set[Node]) -> dict[Node, Row]:
    """The rows of these things that this actor may see, in one query (none for no thing)."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in sorted(nodes):
        by_kind.setdefault(kind, []).append(pk)
    registered = kinds()
    found = [
        registered[code].rows(actor).filter(pk__in=ids).order_by()
        for code, ids in sorted(by_kind.items())
        if code in registered
    ]
    return {(row[0], row[1]): Row(*row) for row in _union(found)}


def _union(querysets: list[Any]) -> Any:
    if not querysets:
        return []
    first, *others = querysets
    return first.union(*others, all=True) if others else first


def rows_lying(
    actor: Actor, where: Where, codes: Sequence[str] = (), *, limit: int = LYING_AT_MOST
) -> list[Row]:
    """The newest things that lie somewhere and that this actor may see, of these kinds (all of
    them by default), in one query."""
    found = [
        kind.rows(actor).filter(pk__in=kind.lies_in(where)).order_by()
        for code, kind in sorted(kinds().items())
        if kind.lies_in and (not codes or code in codes)
    ]
    return [Row(*row) for row in _first_by(found, F("thing_day").desc(nulls_last=True), limit)]


# --- Events ------------------------------------------------------------------------------------


UPDATED = gettext_noop("Mise à jour")


@dataclass(frozen=True)
class EventLine:
    """One event as it is read: its sentence is made now, from the kind's own words."""

    pk: int
    kind: str
    thing_id: int
    code: str
    at: datetime
    sentence: str
    who: str  # the organisation
    person: str  # the person, for partners, when they acted for one (`_person`)
    public: bool
    title: str = ""
    url: str = ""


def events_of(actor: Actor, kind: str, pk: int, *, seen: bool = False) -> list[EventLine]:
    """What happened to a thing, oldest first, as far as this actor may read it; one query.

    `seen`: the caller has fetched the thing for this very actor, and it is not asked again.
    """
    registered = kind_of(kind)
    if seen:
        events = _told_to(actor, Q(thing_kind=kind))
    else:
        events = _readable(actor, {kind: registered})
    rows = events.filter(thing_id=pk).order_by("at", "pk").values_list(*_Told._fields)
    return [_line(_Told._make(row), registered, actor) for row in rows]


def moved_since(actor: Actor, moment: datetime) -> list[EventLine]:
    """What happened since a moment to the things this actor may see, newest first; two queries."""
    registered = kinds()
    if not registered:
        return []
    newest = _readable(actor, registered).filter(at__gt=moment).order_by("-at", "-pk")
    events = [_Told._make(row) for row in newest.values_list(*_Told._fields)[:MOVED_AT_MOST]]
    rows = rows_of(actor, {(event.thing_kind, event.thing_id) for event in events})
    lines = []
    for event in events:
        row = rows.get((event.thing_kind, event.thing_id))
        if row is not None:
            lines.append(_line(event, registered[event.thing_kind], actor, row.title))
    return lines


def _readable(actor: Actor, registered: dict[str, Kind]) -> Any:
    """The events of visible things."""
    condition = Q()
    for code, kind in registered.items():
        visible = kind.rows(actor).order_by().values("pk")
        condition |= Q(thing_kind=code, thing_id__in=visible)
    return _told_to(actor, condition)


def _told_to(actor: Actor, condition: Q) -> Any:
    """Among these events, those that are not public are for partners."""
    return Event.objects.filter(condition if actor.is_partner else condition & Q(public=True))


class _Told(NamedTuple):
    """The columns of an event that its line is made of, and no others."""

    pk: int
    thing_kind: str
    thing_id: int
    code: str
    old: str
    new: str
    at: datetime
    public: bool
    by__name: str | None
    organisation_id: int | None
    organisation__kind: str | None
    organisation__name: str | None
    concerns__name: str | None


def _line(event: _Told, kind: Kind, actor: Actor, title: str = "") -> EventLine:
    who = event.organisation__name or ""
    new = gettext(kind.state_labels.get(event.new, event.new)) if event.new else ""
    old = gettext(kind.state_labels.get(event.old, event.old)) if event.old else ""
    sentence = gettext(kind.sentences.get(event.code, UPDATED))
    if event.code == SEEN_ON_FOOT and kind.checking is not None:
        sentence = gettext("Vu sur place pour {concerns} : {new}")
        new = gettext(kind.checking.words[event.new])
    sentence = sentence.format(
        old=old,
        new=new,
        who=who,
        concerns=event.concerns__name or "",
    )
    return EventLine(
        pk=event.pk,
        kind=event.thing_kind,
        thing_id=event.thing_id,
        code=event.code,
        at=event.at,
        sentence=sentence,
        who=who,
        person=_person(event, actor),
        public=event.public,
        title=title,
        url=kind.url(event.thing_id) if title else "",
    )


def _person(event: _Told, actor: Actor) -> str:
    """Who did it, for partners. Who acted for no organisation is a resident, and who acts for a
    body of participation is one too: the body's own alone read their names."""
    if not actor.is_partner or event.organisation_id is None:
        return ""
    body = event.organisation__kind == Organisation.Kind.PARTICIPATION
    if body and event.organisation_id != actor.organisation_id:
        return ""
    return event.by__name or ""


# --- What is due -------------------------------------------------------------------------------


class Due(NamedTuple):
    """One thing that awaits an organisation, or nobody yet (`owner_id` is None)."""

    kind: str
    id: int
    title: str
    who: str
    day: date | None
    amount: Decimal | None
    state: str
    due_on: date | None
    owner_id: int | None
    label: str = ""
    icon: str = ""
    url: str = ""
    state_label: str = ""


@dataclass
class DueSpan:
    """What is due between two days: how many things in all, and the first of them."""

    total: int = 0
    first: list[Due] = field(default_factory=list)


def due_for(actor: Actor, *, days: Sequence[date] = (), limit: int = DUE_AT_MOST) -> list[DueSpan]:
    """What awaits this actor, in two queries: before the first of `days`, from each day to the
    next, then from the last day on, with what has no day. In each span the actor's own organisation
    comes first, then what is most late; `limit` of them are read, all are counted.
    """
    due = {code: kind.due(actor).order_by() for code, kind in kinds().items() if kind.due}
    # First as little of each as ranks it, for there may be thousands; then the words of the first.
    found: list[list[_Ranked]] = [[] for _ in range(len(days) + 1)]
    for row in _union([rows.values_list(*_Ranked._fields) for rows in due.values()]):
        one = _Ranked._make(row)
        number = bisect_right(days, one.thing_due_on) if one.thing_due_on else len(days)
        found[number].append(one)
    firsts = [nsmallest(limit, rows, key=lambda one: _urgency(one, actor)) for rows in found]
    whole = _whole(due, [one for first in firsts for one in first])
    return [
        DueSpan(len(rows), [whole[one].pop() for one in first if whole.get(one)])
        for rows, first in zip(found, firsts, strict=True)
    ]


class _Ranked(NamedTuple):
    """What ranks one thing that is due."""

    thing_code: str
    thing_pk: int
    thing_due_on: date | None
    thing_owner: int | None


def _whole(due: dict[str, Any], chosen: list[_Ranked]) -> dict[_Ranked, list[Due]]:
    """All that is said of these, in one query. A thing may be due twice alike."""
    by_kind: dict[str, set[int]] = {}
    for one in chosen:
        by_kind.setdefault(one.thing_code, set()).add(one.thing_pk)
    rows = [due[code].filter(thing_pk__in=ids) for code, ids in sorted(by_kind.items())]
    whole: dict[_Ranked, list[Due]] = {}
    for row in _union(rows):
        line = _due(row)
        whole.setdefault(_Ranked(line.kind, line.id, line.due_on, line.owner_id), []).append(line)
    return whole


def _due(row: Sequence[Any]) -> Due:
    kind = kind_of(row[0])
    words = (kind.label, kind.icon, kind.url(row[1]), kind.state_labels.get(row[6], row[6]))
    return Due._make((*row, *words))


def awaiting(actor: Actor, today: date, where: Where | None = None) -> list[Due]:
    """What a meeting may put on its agenda, as far as this actor sees it: what is late that day
    and what awaits a decision, the most late first, `DUE_AT_MOST` of them, in one query.

    `where` cuts it down to the things that lie there.
    """
    registered = kinds()
    found = []
    for kind in registered.values():
        if where is not None and kind.lies_in is None:
            continue
        some = [kind.due(actor).filter(thing_due_on__lt=today)] if kind.due else []
        some += [kind.awaits(actor)] if kind.awaits else []
        if where is not None and kind.lies_in is not None:
            some = [rows.filter(thing_pk__in=kind.lies_in(where)) for rows in some]
        found += [rows.order_by() for rows in some]
    lines: dict[Node, Due] = {}  # a thing may be late for several and await a decision too
    for row in _first_by(found, F("thing_due_on").asc(nulls_last=True), DUE_AT_MOST):
        lines.setdefault((row[0], row[1]), _due(row))
    return list(lines.values())


def _first_by(querysets: list[Any], order: Any, limit: int) -> Any:
    """The first rows of a UNION of several, in an order."""
    return _union(querysets).order_by(order)[:limit] if querysets else []


def _urgency(due: _Ranked, actor: Actor) -> tuple[bool, date, str, int]:
    others = due.thing_owner != actor.organisation_id
    return others, due.thing_due_on or date.max, due.thing_code, due.thing_pk
