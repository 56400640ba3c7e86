"""An outline that somebody pasted or sent: GeoJSON in WGS84, made into one clean surface."""

from __future__ import annotations

import json
from typing import Any

MAX_BYTES = 1024 * 1024
MAX_POINTS = 20_000


class OutlineRefused(ValueError):  # noqa: N818
    """This is not an outline that can be kept; the message says why, in French."""


def read_outline(text: str | bytes) -> dict[str, Any]:
    """The fields of an `Outlined` (outline, west, south, east, north) from a GeoJSON text.

    Takes a Polygon or MultiPolygon, a Feature, or a FeatureCollection whose surfaces are joined.
    """
    if len(text) > MAX_BYTES:
        raise OutlineRefused("Ce contour dépasse 1 Mo. Simplifiez-le avant de l’envoyer.")
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        given = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise OutlineRefused(
            "Ce texte n’est pas du GeoJSON : collez-le entier, ou envoyez le fichier."
        ) from None
    geometries = _geometries(given)
    if not geometries:
        raise OutlineRefused("Ce GeoJSON ne contient aucune surface.")
    return _surface(geometries)


def _refuse_constant(name: str) -> None:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


def _geometries(given: Any) -> list[dict[str, Any]]:
    """The surfaces in a GeoJSON object, whatever wraps them."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "FeatureCollection":
        features = given.get("features")
        found: list[dict[str, Any]] = []
        for feature in features if isinstance(features, list) else []:
            found += _geometries(feature)
        return found
    if kind == "Feature":
        return _geometries(given.get("geometry"))
    if kind in ("Polygon", "MultiPolygon"):
        return [given]
    if kind in ("Point", "MultiPoint", "LineString", "MultiLineString", "GeometryCollection"):
        raise OutlineRefused(
            "Il faut une surface (Polygon ou MultiPolygon), pas un point ni une ligne."
        )
    raise OutlineRefused("Il faut une surface en GeoJSON (Polygon ou MultiPolygon).")


def _surface(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    import shapely  # heavy: imported where it is used
    from shapely.geometry import mapping, shape

    try:
        surface = shapely.union_all([shapely.make_valid(shape(each)) for each in geometries])
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.ShapelyError,
    ):
        raise OutlineRefused("Ce contour est abîmé : ses coordonnées ne se lisent pas.") from None
    # Repairing a ring may leave lines and points beside the surface: they hold nothing.
    parts = [part for part in shapely.get_parts(surface) if part.geom_type in _SURFACES]
    surface = shapely.force_2d(shapely.union_all(parts))
    if surface.is_empty or not surface.area:
        raise OutlineRefused("Ce contour n’entoure aucune surface.")
    if shapely.get_num_coordinates(surface) > MAX_POINTS:
        raise OutlineRefused("Ce contour compte trop de points. Simplifiez-le avant de l’envoyer.")
    west, south, east, north = surface.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise OutlineRefused(
            "Ces coordonnées ne sont pas en degrés (WGS84). "
            "Exportez le contour en longitude et latitude."
        )
    outline = json.loads(json.dumps(mapping(surface)))
    return {"outline": outline, "west": west, "south": south, "east": east, "north": north}


_SURFACES = ("Polygon", "MultiPolygon")


def overlaps(outline: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two outlines share some surface."""
    from shapely.geometry import shape

    return bool(shape(outline).intersection(shape(other)).area > 0)
