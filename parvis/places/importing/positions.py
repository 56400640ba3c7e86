"""Where the rows of a table lie, read from their cells: a drawing, degrees, or metres."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from parvis.places.importing.columns import Unread
from parvis.places.importing.outcome import RowRefused

if TYPE_CHECKING:
    from parvis.places.importing.reading import Row, Sheet

_SRID = re.compile(r"\s*SRID=(\d{1,6});", re.IGNORECASE)
UNREADABLE = "contour illisible"


def put_positions(sheet: Sheet, where: dict[str, str]) -> None:
    """Give each row of a table its geometry; what is unreadable is told by the row."""
    in_metres = "x" in where and "y" in where and "longitude" not in where
    if in_metres:
        sheet.crs = None
    for row in sheet.rows:
        try:
            row.geometry = _geometry(row, where, sheet, in_metres)
        except RowRefused as refused:
            row.problem = str(refused)


def _geometry(row: Row, where: dict[str, str], sheet: Sheet, in_metres: bool) -> Any:
    cell = row.values.get(where.get("geometry", ""))
    if isinstance(cell, Unread):
        raise RowRefused(cell.why)
    drawn = str(cell or "").strip()
    if drawn:
        return _drawing(drawn, sheet)
    names = ("x", "y") if in_metres else ("longitude", "latitude")
    if not all(name in where for name in names):
        return None
    east, north = (_number(row.values.get(where[name]), where[name]) for name in names)
    if east is None and north is None:
        return None
    if east is None or north is None:
        raise RowRefused("position incomplète : une des deux coordonnées manque")
    import shapely

    return shapely.Point(east, north)


def _drawing(text: str, sheet: Sheet) -> Any:
    """A geometry written as WKT (with its SRID or not) or as GeoJSON."""
    import shapely
    from shapely.geometry import shape

    if told := _SRID.match(text):
        sheet.crs = f"EPSG:{told[1]}"
        text = text[told.end() :]
    try:
        drawn = shape(json.loads(text)) if text.startswith("{") else shapely.from_wkt(text)
    except (shapely.errors.ShapelyError, TypeError, ValueError, LookupError, AttributeError,
            RecursionError) as error:  # fmt: skip
        raise RowRefused(UNREADABLE) from error
    return shapely.force_2d(drawn)


def _number(cell: object, column: str) -> float | None:
    if isinstance(cell, Unread):
        raise RowRefused(cell.why)
    words = str(cell if cell is not None else "").strip().replace(",", ".")
    if not words:
        return None
    try:
        number = float(words)
    except ValueError as error:
        raise RowRefused(f"la colonne « {column} » ne contient pas un nombre") from error
    if not math.isfinite(number):
        raise RowRefused(f"la colonne « {column} » ne contient pas un nombre")
    return number
