"""One file, geographic or a table, turned into rows in WGS84; its first bytes tell its kind.

Only kinds that we know reach GDAL: some of the formats that it would accept read other files
or run a pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.unpacking import MAX_BYTES, is_workbook, unpacked

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_ZIP, _SQLITE, _SHAPEFILE = b"PK", b"SQLite format 3\0", b"\x00\x00\x27\x0a"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # xls, and workbooks with a password
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TEXTS = (".csv", ".txt", ".tsv")


@dataclass
class Row:
    """One thing of the file: its number from 1, its values, its surface if it could be read."""

    number: int
    values: dict[str, object]
    geometry: BaseGeometry | None
    problem: str = ""
    fault: str = ""  # the row itself cannot be trusted


@dataclass
class Sheet:
    """All the rows of one layer, and what the person should know of how they were read."""

    columns: list[str]
    rows: list[Row]
    crs: Any = None
    remarks: list[str] = field(default_factory=list)
    table: bool = False


def read(path: Path, *, crs: str = "", layer: str = "", encoding: str = "") -> Sheet:
    """Rows of a GeoJSON, GeoPackage, Shapefile or zip of these, in WGS84, or FileRefused."""
    return _projected(_filled(_read_raw(path, layer=layer, encoding=encoding)), crs)


def read_with_tables(
    path: Path,
    find: Callable[[list[str]], dict[str, str]],
    *,
    crs: str = "",
    layer: str = "",
    encoding: str = "",
) -> tuple[Sheet, dict[str, str]]:
    """The same from a csv, xlsx or ods too, with the columns that `find` tells.

    In a table a position is read from the columns `geometry`, `longitude` and `latitude`, or `x`
    and `y`; a row without any has no geometry.
    """
    from parvis.places.importing.positions import put_positions

    sheet = _filled(_read_raw(path, layer=layer, encoding=encoding, tables=True))
    where = find(sheet.columns)
    if sheet.table:
        put_positions(sheet, where)
    return _projected(sheet, crs), where


def _filled(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise FileRefused("Ce fichier est vide : il ne contient aucune ligne.")
    return sheet


def _projected(sheet: Sheet, crs: str) -> Sheet:
    from parvis.places.importing.projecting import to_wgs84

    to_wgs84(sheet, crs)
    return sheet


def _read_raw(path: Path, *, layer: str, encoding: str, tables: bool = False) -> Sheet:
    from parvis.places.importing import geojson, ogr
    from parvis.places.importing.tables import read_csv, read_workbook

    start = first_bytes(path)
    if tables and (start.startswith(_OLD_OFFICE) or is_workbook(path, start)):
        return read_workbook(path, layer)
    if start.startswith(_ZIP):
        with unpacked(path, layer, tables=tables) as inner:
            head = first_bytes(inner)
            if head.startswith(_ZIP) and not (tables and is_workbook(inner, head)):
                raise FileRefused("Cette archive en contient une autre : ouvrez-la d’abord.")
            return _read_raw(
                inner,
                layer=layer if inner.suffix in (".gpkg", ".xlsx", ".ods") else "",
                encoding=encoding,
                tables=tables,
            )
    if start.startswith(_SQLITE):
        return ogr.read_geopackage(path, layer)
    if start.startswith(_SHAPEFILE) and path.suffix.lower() == ".shp":
        return ogr.read_shapefile(path, encoding)
    if start.startswith(_UTF16) and not (tables and path.suffix.lower() in _TEXTS):
        raise FileRefused(
            "Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8, puis recommencez."
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return geojson.read(path)
    if path.suffix.lower() in (".shx", ".dbf", ".prj", ".cpg"):
        raise FileRefused(
            "C’est un morceau de Shapefile : donnez le fichier .shp, ou le zip qui contient tout."
        )
    if tables and path.suffix.lower() in _TEXTS:
        return read_csv(path, encoding)
    raise FileRefused(
        f"Ce n’est pas un fichier géographique reconnu{' ni un tableau' if tables else ''}. "
        f"Formats acceptés : {'csv, xlsx, ods, ' if tables else ''}GeoJSON, GeoPackage, Shapefile "
        "(seul ou dans un zip)."
    )


def first_bytes(path: Path) -> bytes:
    """How the file starts; FileRefused when there is nothing to read, or far too much."""
    if path.is_dir():
        raise FileRefused("C’est un dossier : donnez le fichier lui-même.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise FileRefused(f"Le fichier « {path} » n’existe pas.") from error
    except OSError as error:
        raise FileRefused(
            f"Le fichier « {path} » ne peut pas être lu : {error.strerror}."
        ) from error
    if not start:
        raise FileRefused("Ce fichier est vide.")
    if size > MAX_BYTES:
        raise FileRefused(f"Ce fichier dépasse {MAX_BYTES // (1024 * 1024)} Mo.")
    return start
