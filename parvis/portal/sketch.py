"""A plan drawn by the server: outlines and points as SVG shapes, with no tile and no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any


@dataclass(frozen=True)
class Shape:
    """One outline in the plan's units, and the page it leads to."""

    title: str
    path: str  # the `d` of an SVG path
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Sketch:
    """What the template draws: a view box and its shapes."""

    width: int
    height: int
    shapes: list[Shape] = field(default_factory=list)
    schematic: bool = False


def _rings(outline: dict[str, Any]) -> Iterable[Sequence[Sequence[float]]]:
    """Outer rings of a Polygon or MultiPolygon; holes are left out of a sketch."""
    if outline["type"] == "Polygon":
        yield outline["coordinates"][0]
    elif outline["type"] == "MultiPolygon":
        for polygon in outline["coordinates"]:
            yield polygon[0]


def _thin(ring: Sequence[Sequence[float]], most: int = 60) -> Sequence[Sequence[float]]:
    """At most `most` points of a ring: a plan of 320 units shows no more."""
    step = max(1, -(-len(ring) // most))
    return ring[::step]


def draw(
    places: Iterable[Any],
    *,
    url: Any = None,
    tone: Any = None,
    width: int = 320,
    margin: int = 8,
) -> Sketch | None:
    """A sketch of these outlined places; None when none has an outline.

    Longitudes are narrowed by the cosine of the latitude, so that shapes keep their proportions.
    """
    drawn = [place for place in places if place.outline and place.west is not None]
    if not drawn:
        return None
    west, south = min(p.west for p in drawn), min(p.south for p in drawn)
    east, north = max(p.east for p in drawn), max(p.north for p in drawn)
    narrow = cos(radians((south + north) / 2))
    span = max((east - west) * narrow, (north - south) * 1.2, 1e-6)
    scale = (width - 2 * margin) / span
    height = int((north - south) * scale) + 2 * margin
    indent = (width - 2 * margin - (east - west) * narrow * scale) / 2

    def point(longitude: float, latitude: float) -> str:
        x = margin + indent + (longitude - west) * narrow * scale
        y = margin + (north - latitude) * scale
        return f"{x:.1f} {y:.1f}"

    shapes = [
        Shape(
            title=place.name,
            path="".join(
                "M" + "L".join(point(*corner[:2]) for corner in _thin(ring)) + "Z"
                for ring in _rings(place.outline)
            ),
            url=url(place) if url else "",
            tone=tone(place) if tone else "",
        )
        for place in drawn
    ]
    return Sketch(width, max(height, 60), shapes, any(place.schematic for place in drawn))
