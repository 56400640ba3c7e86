"""The edges around a thing, found by one recursive query on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

Node = tuple[str, int]

# Nodes read each way; the nearest come first, since the walk goes level by level.
NODES_AT_MOST = 500
EDGES_AT_MOST = 5000

# UNION (not UNION ALL) keeps each node once: a cycle ends by itself. `reached` carries no depth for
# that reason; LIMIT outside stops the walk early, which both databases run breadth first.
_WAY = """
    {way} (kind, id) AS (
        SELECT CAST(%s AS varchar(24)), CAST(%s AS bigint)
        UNION
        SELECT link.{far}_kind, link.{far}_id
        FROM {way} JOIN thread_link link
          ON link.{near}_kind = {way}.kind AND link.{near}_id = {way}.id
    ),
    near_{way} AS (SELECT kind, id FROM {way} LIMIT %s)
"""
_EDGES = """
    SELECT '{way}', link.source_kind, link.source_id, link.target_kind, link.target_id
    FROM near_{way} a
    JOIN thread_link link ON link.{near}_kind = a.kind AND link.{near}_id = a.id
    JOIN near_{way} b ON link.{far}_kind = b.kind AND link.{far}_id = b.id
"""
_DOWN = {"way": "down", "near": "source", "far": "target"}
_UP = {"way": "up", "near": "target", "far": "source"}
_QUERY = (
    f"WITH RECURSIVE {_WAY.format(**_DOWN)}, {_WAY.format(**_UP)}"
    f"{_EDGES.format(**_DOWN)} UNION ALL {_EDGES.format(**_UP)} LIMIT %s"
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
    given: tuple[str | int, ...] = (*start, NODES_AT_MOST)
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [*given, *given, EDGES_AT_MOST])
        for way, source_kind, source_id, target_kind, target_id in cursor.fetchall():
            source, target = (source_kind, source_id), (target_kind, target_id)
            edges.nodes |= {source, target}
            if way == "down":
                edges.down.setdefault(source, []).append(target)
            else:
                edges.up.setdefault(target, []).append(source)
    return edges
