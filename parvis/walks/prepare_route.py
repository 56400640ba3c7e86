"""A route that somebody drew, pasted or sent: GeoJSON in degrees, made into one line."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError

from parvis.walks.planning import CORNERS_AT_MOST, clean_corner, clean_route

FILE_AT_MOST = 1024 * 1024  # bytes
_FINEST = 0.00001  # degrees: about a metre


class RouteRefused(ValueError):  # noqa: N818 - what happened
    """This is no route that can be kept; the message says why, in French."""


def read_route(text: str | bytes) -> dict[str, Any]:
    """A GeoJSON text as a LineString; a Feature or a collection gives the first line that it holds.
    A track with more corners than a route has is made simpler.

    RouteRefused for anything else.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise RouteRefused(
            "Ce texte n’est pas du GeoJSON : collez-le entier, ou envoyez le fichier."
        ) from None
    line = _line(given)
    if line is None:
        raise RouteRefused("Ce GeoJSON ne contient aucune ligne.")
    try:
        kept = clean_route(_simpler(line))
    except ValidationError:
        raise RouteRefused("Ce parcours n’est pas un tracé : dessinez-le de nouveau.") from None
    if kept is None:
        raise RouteRefused("Ce GeoJSON ne contient aucune ligne.")
    return kept


def _line(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        return None
    if given.get("type") == "Feature":
        return _line(given.get("geometry"))
    if given.get("type") == "FeatureCollection":
        features = given.get("features")
        lines = (_line(one) for one in features) if isinstance(features, list) else ()
        return next((one for one in lines if one is not None), None)
    return given if given.get("type") == "LineString" else None


def _simpler(line: dict[str, Any]) -> dict[str, Any]:
    """The same way with no more corners than a route may have."""
    corners = line.get("coordinates")
    if not isinstance(corners, list) or len(corners) <= CORNERS_AT_MOST:
        return line
    import shapely

    way: Any = shapely.LineString([clean_corner(corner) for corner in corners])
    tolerance = _FINEST
    while len(way.coords) > CORNERS_AT_MOST:
        way = way.simplify(tolerance, preserve_topology=False)
        tolerance *= 2
        if tolerance > 1:
            break
    return {"type": "LineString", "coordinates": [list(corner) for corner in way.coords]}
