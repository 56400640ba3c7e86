"""Schematic outlines: an irregular shape of the right area around the right centre.

For demonstrations, where no official file is at hand; pages say that the outline is schematic.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

_POINTS = 24
_METRES_A_DEGREE = 111_195.0


def schematic_outline(
    longitude: float, latitude: float, hectares: float, seed: str | int
) -> dict[str, Any]:
    """A GeoJSON polygon of that area around that centre; the same seed gives the same shape."""
    if hectares <= 0:
        raise ValueError("an outline has an area")
    digest = hashlib.sha256(str(seed).encode()).digest()
    # Three slow waves round the circle: irregular, never crossing itself, centre always inside.
    waves = [
        (
            order,
            (0.17, 0.11, 0.06)[order - 2] * (0.5 + digest[order] / 510),
            digest[order + 8] / 40.0,
        )
        for order in (2, 3, 4)
    ]
    points = []
    for step in range(_POINTS):
        angle = 2 * math.pi * step / _POINTS
        radius = 1 + sum(height * math.sin(order * angle + phase) for order, height, phase in waves)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    scale = math.sqrt(hectares * 10_000 / _area(points))
    metres_east = _METRES_A_DEGREE * math.cos(math.radians(latitude))
    ring = [
        [
            round(longitude + x * scale / metres_east, 6),
            round(latitude + y * scale / _METRES_A_DEGREE, 6),
        ]
        for x, y in points
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _area(points: list[tuple[float, float]]) -> float:
    following = points[1:] + points[:1]
    crossed = (x * b - a * y for (x, y), (a, b) in zip(points, following, strict=True))
    return abs(sum(crossed)) / 2
