"""Outlines for the map, as GeoJSON: simplified, from memory, without a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.places.locate import Shape, atlas, metres_a_degree

_STEP = 5.0  # metres: what a screen can tell apart at the scale of a quartier

Link = Callable[[Any], str]


def quartier_outlines(
    pks: Iterable[int] | None = None,
    *,
    on: date | None = None,
    link: Link | None = None,
    tone: str = "",
) -> dict[str, Any]:
    """Quartiers in force that day (all of them, or those given), drawn for the map.

    `link` gets the row kept in memory (pk, code, name, kind) and gives the address of its page:
    this room knows none.
    """
    day = on or timezone.localdate()
    shapes = [
        shape
        for shape in _chosen(atlas().quartiers, pks)
        if (shape.row.valid_from or day) <= day <= (shape.row.valid_until or day)
    ]
    return _collection(shapes, link, tone)


def _chosen(shapes: dict[int, Shape], pks: Iterable[int] | None) -> list[Shape]:
    if pks is None:
        return list(shapes.values())
    return [shapes[pk] for pk in dict.fromkeys(pks) if pk in shapes]


def _collection(shapes: list[Shape], link: Link | None, tone: str) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": f"quartier-{shape.row.code}",
            "properties": {
                "id": f"quartier-{shape.row.code}",
                "title": shape.row.name,
                "code": shape.row.code,
                "url": link(shape.row) if link else "",
                "tone": tone,
                "kind": "outline",
                "schematic": shape.schematic,
            },
            "geometry": _geometry(shape),
        }
        for shape in shapes
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if shapes:
        collection["bbox"] = [
            round(min(shape.west for shape in shapes), 5),
            round(min(shape.south for shape in shapes), 5),
            round(max(shape.east for shape in shapes), 5),
            round(max(shape.north for shape in shapes), 5),
        ]
    return collection


def _geometry(shape: Shape) -> dict[str, Any]:
    """The simplified outline, made once for each version of the map."""
    import shapely
    from shapely.geometry import mapping

    if shape.display is None:
        simple = shapely.simplify(shape.surface, _STEP, preserve_topology=True)
        scale = metres_a_degree(shape.band)
        degrees = shapely.transform(simple, lambda points: (points / scale).round(5))
        shape.display = mapping(degrees)
    return shape.display
