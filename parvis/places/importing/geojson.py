"""GeoJSON, read without GDAL: a wrong feature is one wrong row, and the file names no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.reading import Row, Sheet


def read(path: Path) -> Sheet:
    """Features in the order of the file."""
    data = _load(path)
    kind = data.get("type") if isinstance(data, dict) else None
    features = (
        [data]
        if kind == "Feature"
        else data.get("features")
        if kind == "FeatureCollection"
        else None
    )
    if not isinstance(features, list):
        raise FileRefused(
            "Ce fichier est du JSON, mais pas du GeoJSON : une collection (« FeatureCollection ») "
            "est attendue."
        )
    columns: dict[str, None] = {}
    rows = []
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        values = properties if isinstance(properties, dict) else {}
        columns.update(dict.fromkeys(values))
        rows.append(_row(number, values, feature))
    return Sheet(list(columns), rows, crs=_crs(data))


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"Ce fichier n’est pas en UTF-8 (octet illisible à la position {error.start}). "
            "Enregistrez-le en UTF-8, puis recommencez."
        ) from error
    except json.JSONDecodeError as error:
        raise FileRefused(
            f"Ce fichier n’est pas du GeoJSON complet : il s’interrompt ou se trompe à la ligne "
            f"{error.lineno}, colonne {error.colno}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise FileRefused("Ce fichier n’est pas du GeoJSON lisible.") from error


def _row(number: int, values: dict[str, object], feature: object) -> Row:
    import shapely
    from shapely.geometry import shape

    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if geometry is None:
        return Row(number, values, None, "aucun contour")
    try:
        return Row(number, values, shapely.force_2d(shape(geometry)))
    except (shapely.errors.ShapelyError, TypeError, ValueError, LookupError, AttributeError):
        return Row(number, values, None, "contour illisible")


def _crs(data: dict[str, Any]) -> str:
    # The member "crs" left the standard in 2016 and French files still bear it.
    crs = data.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return name if isinstance(name, str) else "EPSG:4326"
