"""One geographic file turned into rows in WGS84; its kind is told by its first bytes.

Only kinds that we know reach GDAL: some of the formats that it would accept read other files
or run a pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.unpacking import MAX_BYTES, unpacked

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_ZIP, _SQLITE, _SHAPEFILE = b"PK", b"SQLite format 3\0", b"\x00\x00\x27\x0a"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Row:
    """One thing of the file: its number from 1, its values, its surface if it could be read."""

    number: int
    values: dict[str, object]
    geometry: BaseGeometry | None
    problem: str = ""


@dataclass
class Sheet:
    """All the rows of one layer, and what the person should know of how they were read."""

    columns: list[str]
    rows: list[Row]
    crs: Any = None
    remarks: list[str] = field(default_factory=list)


def read(path: Path, *, crs: str = "", layer: str = "", encoding: str = "") -> Sheet:
    """Rows of a GeoJSON, GeoPackage, Shapefile or zip of these, in WGS84, or FileRefused."""
    from parvis.places.importing.projecting import to_wgs84

    sheet = _read_raw(path, layer=layer, encoding=encoding)
    if not sheet.rows:
        raise FileRefused("Ce fichier est vide : il ne contient aucune ligne.")
    to_wgs84(sheet, crs)
    return sheet


def _read_raw(path: Path, *, layer: str, encoding: str) -> Sheet:
    from parvis.places.importing import geojson, ogr

    start = _first_bytes(path)
    if start.startswith(_ZIP):
        with unpacked(path, layer) as inner:
            if _first_bytes(inner).startswith(_ZIP):
                raise FileRefused("Cette archive en contient une autre : ouvrez-la d’abord.")
            return _read_raw(
                inner, layer="" if inner.suffix == ".shp" else layer, encoding=encoding
            )
    if start.startswith(_SQLITE):
        return ogr.read_geopackage(path, layer)
    if start.startswith(_SHAPEFILE) and path.suffix.lower() == ".shp":
        return ogr.read_shapefile(path, encoding)
    if start.startswith(_UTF16):
        raise FileRefused(
            "Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8, puis recommencez."
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return geojson.read(path)
    if path.suffix.lower() in (".shx", ".dbf", ".prj", ".cpg"):
        raise FileRefused(
            "C’est un morceau de Shapefile : donnez le fichier .shp, ou le zip qui contient tout."
        )
    raise FileRefused(
        "Ce n’est pas un fichier géographique reconnu. "
        "Formats acceptés : GeoJSON, GeoPackage, Shapefile (seul ou dans un zip)."
    )


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise FileRefused("C’est un dossier : donnez le fichier lui-même.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise FileRefused(f"Le fichier « {path} » n’existe pas.") from error
    except OSError as error:
        raise FileRefused(
            f"Le fichier « {path} » ne peut pas être lu : {error.strerror}."
        ) from error
    if not start:
        raise FileRefused("Ce fichier est vide.")
    if size > MAX_BYTES:
        raise FileRefused(f"Ce fichier dépasse {MAX_BYTES // (1024 * 1024)} Mo.")
    return start
