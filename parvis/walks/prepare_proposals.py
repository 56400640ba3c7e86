"""What may be checked from a stop: things of every kind that can be looked at on the spot, the
nearest first. A fixed number of queries, however many things there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from parvis.partners.actors import Actor
from parvis.places.locate import metres_a_degree
from parvis.search.words import fold
from parvis.thread.edges import Node
from parvis.thread.finding import Found, shown, thing_at
from parvis.thread.reading import rows_of
from parvis.thread.register import Where, kind_of, kinds
from parvis.thread.steps import Row
from parvis.walks.models import Check, Stop, Walk
from parvis.walks.planning import where_of

NEAR_M = 200  # metres: what is seen from a stop, or a few steps away
LOOKED_THROUGH = 1000  # the newest things of the walk's places
SHOWN = 20  # of each group
AROUND_M = 500  # metres: what the map of the route shows on either side
DOTS_AT_MOST = 300
OPEN_FIRST = "report"  # what people told stands before the rest


@dataclass(frozen=True)
class Proposal:
    """A thing that may be checked, and how far it is, in metres (None: it has no point)."""

    found: Found
    kind: str
    metres: int | None
    point: tuple[float, float] | None  # latitude, longitude


@dataclass(frozen=True)
class Group:
    """Proposals under one heading; `more`: how many are not shown."""

    title: str
    rows: list[Proposal]
    more: int = 0


def offered_rows(actor: Actor, where: Where) -> list[Row]:
    """The newest things of these places that this actor may have checked. One query."""
    unions = [
        kind.rows(actor).filter(pk__in=kind.checking.offered(actor, where)).order_by()
        for _, kind in sorted(kinds().items())
        if kind.checking
    ]
    if not unions:
        return []
    first, *others = unions
    every = first.union(*others, all=True) if others else first
    newest = every.order_by(F("thing_day").desc(nulls_last=True), "thing_code", "thing_pk")
    return [Row(*row) for row in newest[:LOOKED_THROUGH]]


def proposals_for(rows: Iterable[Row], line: Sequence[tuple[float, float]]) -> list[Proposal]:
    """These things with how far they are from a line or a point (latitudes and longitudes), the
    nearest first. One query for each kind that has places."""
    listed = list(rows)
    points: dict[Node, tuple[float, float]] = {}
    for code in sorted({row.kind for row in listed}):
        places = kind_of(code).places
        if places is not None:
            found = places([row.id for row in listed if row.kind == code])
            points |= {(code, pk): point for pk, point in found.items()}
    metres = distances(points, line)
    made = [
        Proposal(
            shown(row), row.kind, metres.get((row.kind, row.id)), points.get((row.kind, row.id))
        )
        for row in listed
    ]
    return sorted(made, key=lambda one: (one.metres is None, one.metres or 0))


def distances(
    points: dict[Node, tuple[float, float]], line: Sequence[tuple[float, float]]
) -> dict[Node, int]:
    """How far each thing is from a line or a point, in metres; nothing without one."""
    if not points or not line:
        return {}
    import shapely

    east, north = metres_a_degree(round(line[0][0]))
    way = [(longitude * east, latitude * north) for latitude, longitude in line]
    shape = shapely.LineString(way) if len(way) > 1 else shapely.Point(way[0])
    spots = [(longitude * east, latitude * north) for latitude, longitude in points.values()]
    found = shapely.distance(shapely.points(spots), shape)
    return {node: round(float(metres)) for node, metres in zip(points, found, strict=True)}


def line_of(stops: Sequence[Stop], route: dict[str, Any] | None) -> list[tuple[float, float]]:
    """A way as latitudes and longitudes: the route, or from stop to stop."""
    if route:
        return [(north, east) for east, north in route["coordinates"]]
    return [
        (one.latitude, one.longitude)
        for one in stops
        if one.latitude is not None and one.longitude is not None
    ]


def grouped(proposals: Sequence[Proposal]) -> list[Group]:
    """What is proposed, by how near it is: what people told first, and what has no point last."""
    near = [one for one in proposals if one.metres is not None and one.metres <= NEAR_M]
    told = [one for one in near if one.kind == OPEN_FIRST]
    here = [one for one in near if one.kind != OPEN_FIRST]
    nowhere = [one for one in proposals if one.metres is None]
    away = [one for one in proposals if one.metres is not None and one.metres > NEAR_M]
    groups = [
        (f"Signalements à moins de {NEAR_M} m", told),
        (f"Le reste à moins de {NEAR_M} m", here),
        ("Dans ces quartiers, sans point précis", nowhere),
        ("Plus loin", away),
    ]
    return [Group(title, rows[:SHOWN], max(len(rows) - SHOWN, 0)) for title, rows in groups if rows]


def looked_for(
    actor: Actor, walk: Walk, text: str, rows: Sequence[Row], *, without: Collection[Node]
) -> list[Row]:
    """Among what may be checked, the things whose title or kind holds every word of this text, or
    the one whose address or reference it is. One query, for an address."""
    node = thing_at(text)
    if node is not None:
        found = [] if node in without else list(rows_of(actor, {node}).values())
        checking = [kind_of(row.kind).checking for row in found]
        where = where_of(walk)
        return [
            row
            for row, how in zip(found, checking, strict=True)
            if how is not None and how.offered(actor, where).filter(pk=row.id).exists()
        ]
    wanted = fold(text).split()
    if not wanted:
        return []
    return [
        row
        for row in rows
        if (row.kind, row.id) not in without
        and all(word in fold(f"{kind_of(row.kind).label} {row.title}") for word in wanted)
    ]


def checks_shown(actor: Actor, checks: Sequence[Check]) -> dict[int, Found]:
    """What is checked, by the id of the check, as far as this actor may see it. One query."""
    rows = rows_of(actor, {one.thing for one in checks})
    return {one.pk: shown(rows[one.thing]) for one in checks if one.thing in rows}


def dots(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """What has a point round the way, for the map of the route: the nearest, as many as one
    reads."""
    placed = [
        {"lat": one.point[0], "lon": one.point[1], "title": one.found.title}
        for one in proposals
        if one.point is not None and (one.metres is None or one.metres <= AROUND_M)
    ]
    return placed[:DOTS_AT_MOST]
