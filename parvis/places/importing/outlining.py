"""An outline ready to be stored: polygonal, valid, drawn the usual way round, with its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from parvis.places.importing.outcome import FileRefused, RowRefused
from parvis.places.importing.projecting import DECIMALS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from parvis.places.importing.reading import Row

_KINDS = {
    "Point": "des points",
    "MultiPoint": "des points",
    "LineString": "des lignes",
    "LinearRing": "des lignes",
    "MultiLineString": "des lignes",
}


class Outline(NamedTuple):
    """What a row of the database keeps of a surface; `repair` says what was done to its rings."""

    geometry: dict[str, Any]
    west: float
    south: float
    east: float
    north: float
    repair: str


def check_kind(rows: list[Row]) -> None:
    """Refuse a file whose geometries are all of the wrong kind."""
    kinds = {row.geometry.geom_type for row in rows if row.geometry is not None}
    if kinds and kinds <= _KINDS.keys():
        found = " et ".join(sorted({_KINDS[kind] for kind in kinds}))
        raise FileRefused(f"Ce fichier contient {found} : il faut des surfaces (polygones).")


def outline_of(row: Row) -> Outline:
    """The surface of this row, repaired when its rings cross, or RowRefused."""
    import shapely

    shape = row.geometry
    if shape is None:
        raise RowRefused(row.problem or "aucun contour")
    if shape.geom_type in _KINDS:
        raise RowRefused(f"ce sont {_KINDS[shape.geom_type]}, pas une surface")
    if shape.is_empty:
        raise RowRefused("contour vide")
    repair = ""
    if shape.geom_type not in ("Polygon", "MultiPolygon") or not shape.is_valid:
        before = shape.area
        shape = _polygons(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        # On the grid of a centimetre, so that rounding cannot cross the rings again.
        shape = (
            _polygons(shapely.set_precision(shape, 10**-DECIMALS)) if shape is not None else None
        )
        if shape is None:
            raise RowRefused("son contour ne renferme aucune surface")
        change = 100 * abs(shape.area - before) / before if before > 0 else 100.0
        repair = f"contour réparé (surface changée de {change:.2f} %)".replace(".", ",")
    shape = shapely.orient_polygons(shape, exterior_cw=False)
    west, south, east, north = (round(value, DECIMALS) for value in shape.bounds)
    return Outline(_geojson(shape), west, south, east, north, repair)


def _polygons(shape: BaseGeometry) -> BaseGeometry | None:
    import shapely

    parts = [part for part in _flat(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _flat(shape: Any) -> list[Any]:
    parts = getattr(shape, "geoms", None)
    return [shape] if parts is None else [leaf for part in parts for leaf in _flat(part)]


def _geojson(shape: Any) -> dict[str, Any]:
    polygons = [[_ring(ring) for ring in (part.exterior, *part.interiors)] for part in _flat(shape)]
    if shape.geom_type == "Polygon":
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _ring(ring: Any) -> list[list[float]]:
    import shapely

    points: list[list[float]] = shapely.get_coordinates(ring).round(DECIMALS).tolist()
    return points
