"""The edges around a thing, found by one recursive query on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

Node = tuple[str, int]

# Things of one thread; the nearest ones are kept.
NODES_AT_MOST = 500
EDGES_AT_MOST = 5000  # read each way, around these nodes

# UNION (not UNION ALL) keeps each node once, so a cycle ends by itself; a depth column would undo
# that. LIMIT stops the walk early as long as its result is read once: both databases then go level
# by level and no further (joining it a second time to drop far edges cost fifty times more).
_WALK = """
    {way} (kind, id) AS (
        SELECT CAST(%s AS varchar(24)), CAST(%s AS bigint)
        UNION
        SELECT link.{far}_kind, link.{far}_id
        FROM {way} JOIN thread_link link
          ON link.{near}_kind = {way}.kind AND link.{near}_id = {way}.id
    )
"""
_EDGES = """
    SELECT * FROM (
        SELECT '{way}', a.kind, a.id, link.{far}_kind, link.{far}_id
        FROM (SELECT kind, id FROM {way} LIMIT %s) a
        JOIN thread_link link ON link.{near}_kind = a.kind AND link.{near}_id = a.id
        LIMIT %s
    ) {way}_edges
"""
_DOWN = {"way": "down", "near": "source", "far": "target"}
_UP = {"way": "up", "near": "target", "far": "source"}
_QUERY = (
    f"WITH RECURSIVE {_WALK.format(**_DOWN)}, {_WALK.format(**_UP)}"
    f"{_EDGES.format(**_DOWN)} UNION ALL {_EDGES.format(**_UP)}"
)


@dataclass
class Edges:
    """What is linked around a thing: `down[a]` arises from a, `up[a]` gave rise to a."""

    nodes: set[Node]
    down: dict[Node, list[Node]] = field(default_factory=dict)
    up: dict[Node, list[Node]] = field(default_factory=dict)


def edges_around(start: Node) -> Edges:
    """The ancestors and descendants of a thing (no siblings), in one query."""
    edges = Edges({start})
    limits = (NODES_AT_MOST, EDGES_AT_MOST)
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, (*start, *start, *limits, *limits))
        for way, near_kind, near_id, far_kind, far_id in cursor.fetchall():
            ways = edges.down if way == "down" else edges.up
            ways.setdefault((near_kind, near_id), []).append((far_kind, far_id))
    _keep_nearest(edges, start)
    return edges


def ancestors(start: Node) -> list[Node]:
    """A thing and all that led to it, nearest first, in one query."""
    edges = edges_around(start)
    reached, found = [start], {start: None}
    for node in reached:
        for other in sorted(edges.up.get(node, ())):
            if other not in found:
                found[other] = None
                reached.append(other)
    return reached


def _keep_nearest(edges: Edges, start: Node) -> None:
    """Walk both ways one level at a time until there are enough things."""
    # What is seen is kept for each way: on a cycle a thing is both before and after another.
    levels = [(edges.down, {start}, [start]), (edges.up, {start}, [start])]
    while any(level for _, _, level in levels):
        following = []
        for ways, seen, level in levels:
            reached: list[Node] = []
            for node in level:
                for other in sorted(ways.get(node, ())):
                    if other in seen:
                        continue
                    if len(edges.nodes) >= NODES_AT_MOST and other not in edges.nodes:
                        return
                    edges.nodes.add(other)
                    seen.add(other)
                    reached.append(other)
            following.append((ways, seen, reached))
        levels = following
