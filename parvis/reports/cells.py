"""Cells of the map: the hexagon (H3) that holds a point, and the wider ones around it."""

from __future__ import annotations

from functools import lru_cache

RESOLUTION = 8  # hexagons of about 0.7 km²: some for each quartier


def cell_of(latitude: float | None, longitude: float | None) -> int | None:
    """The cell of a point, as a signed 64-bit number; None without a point."""
    from h3.api import basic_int as h3  # heavy: only where it is used

    if latitude is None or longitude is None:
        return None
    return int(h3.latlng_to_cell(latitude, longitude, RESOLUTION))


@lru_cache(maxsize=50_000)
def wider(cell: int, resolution: int) -> int:
    """The wider cell of that resolution (0 to 8) that holds this one."""
    from h3.api import basic_int as h3

    return int(h3.cell_to_parent(cell, resolution))


@lru_cache(maxsize=50_000)
def centre_of(cell: int) -> tuple[float, float]:
    """Latitude and longitude of the middle of a cell, to five decimals (about a metre)."""
    from h3.api import basic_int as h3

    latitude, longitude = h3.cell_to_latlng(cell)
    return round(latitude, 5), round(longitude, 5)
