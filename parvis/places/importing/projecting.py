"""Any coordinate system brought to WGS84 (longitude, latitude), rounded to a centimetre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.places.importing.outcome import FileRefused

if TYPE_CHECKING:
    from parvis.places.importing.reading import Sheet

DECIMALS = 7
# Mainland, then the seas where the rest of France lies: (west, south, east, north).
_FRANCE = (
    (-6, 41, 10, 52),
    (-64, 2, -51, 19),
    (44, -22, 57, -12),
    (-57, 46, -55, 48),
    (158, -24, 173, -18),
    (-180, -28, -134, -7),
)


def to_wgs84(sheet: Sheet, wanted: str) -> None:
    """Project every geometry of the sheet; `wanted` wins over what the file says."""
    import numpy
    import shapely

    shapes = numpy.array([row.geometry for row in sheet.rows], dtype=object)
    if all(shape is None for shape in shapes):
        return
    transformer = _transformer(sheet, wanted, _finite_bounds(shapes))

    def project(points: Any) -> Any:
        if transformer is not None:
            points = numpy.column_stack(transformer.transform(points[:, 0], points[:, 1]))
        return numpy.round(points, DECIMALS)

    for row, shape in zip(sheet.rows, shapely.transform(shapes, project), strict=True):
        row.geometry = shape
        if shape is not None and not shape.is_empty and not _on_earth(shape):
            row.geometry = None
            row.problem = "contour hors du globe, ou dans un autre système de coordonnées"
    bounds = _finite_bounds(numpy.array([row.geometry for row in sheet.rows], dtype=object))
    if bounds is not None:
        _refuse_swapped(bounds)
    for row in sheet.rows:
        if row.geometry is not None and not row.geometry.is_empty:
            centre = row.geometry.envelope.centroid
            if problem := astray(centre.x, centre.y):
                row.geometry, row.problem = None, problem


def _transformer(sheet: Sheet, wanted: str, bounds: tuple[float, ...] | None) -> Any:
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    in_degrees = bounds is None or (
        bounds[0] >= -180 and bounds[2] <= 180 and bounds[1] >= -90 and bounds[3] <= 90
    )
    try:
        crs = CRS.from_user_input(wanted or sheet.crs) if wanted or sheet.crs else None
    except CRSError as error:
        if wanted:
            raise FileRefused(
                f"« {wanted} » n’est pas un système de coordonnées connu. Exemple : EPSG:2154."
            ) from error
        crs = None
    if crs is not None and not (crs.is_geographic or crs.is_projected):
        crs = None
    if crs is None and not in_degrees:
        raise FileRefused(
            "Le système de coordonnées n’est pas indiqué et les coordonnées ne sont pas en degrés. "
            "Indiquez-le avec --crs, par exemple --crs EPSG:2154 (Lambert 93)."
        )
    if crs is None:
        sheet.remarks.append("Le système de coordonnées n’est pas indiqué : lu en WGS84.")
        return None
    if crs.is_geographic and not in_degrees:
        raise FileRefused(
            "Ce fichier se dit en degrés, mais ses coordonnées n’en sont pas. "
            "Indiquez le bon système avec --crs, par exemple --crs EPSG:2154 (Lambert 93)."
        )
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return None
    try:
        return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except ProjError as error:
        raise FileRefused(
            f"Le système de coordonnées « {crs.name} » ne mène pas à WGS84."
        ) from error


def _finite_bounds(shapes: Any) -> tuple[float, ...] | None:
    import numpy
    import shapely

    bounds = shapely.bounds(shapes)
    bounds = bounds[numpy.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    # The median rather than the extremes: one stray row does not condemn the file.
    return tuple(float(value) for value in numpy.median(bounds, axis=0))


def _on_earth(shape: Any) -> bool:
    west, south, east, north = shape.bounds
    # Comparisons with an infinite or unknown number are false, as wanted.
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def _refuse_swapped(bounds: tuple[float, ...]) -> None:
    longitude, latitude = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if not in_france(longitude, latitude) and in_france(latitude, longitude):
        raise FileRefused(
            "La latitude et la longitude sont inversées dans ce fichier : "
            "la longitude vient d’abord."
        )


def in_france(longitude: float, latitude: float) -> bool:
    """Whether this point lies in the boxes that hold France."""
    return any(w <= longitude <= e and s <= latitude <= n for w, s, e, n in _FRANCE)


def astray(longitude: float, latitude: float) -> str:
    """What is wrong with a point that does not lie in France; empty when it does."""
    if in_france(longitude, latitude):
        return ""
    if in_france(latitude, longitude):
        return "la latitude et la longitude sont inversées"
    return "position hors de France, ou qui n’est pas en degrés"
