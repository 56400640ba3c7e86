"""GeoPackage and Shapefile, read through GDAL."""

from __future__ import annotations

import codecs
import warnings
from pathlib import Path
from typing import Any

from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.reading import Row, Sheet


def read_geopackage(path: Path, layer: str) -> Sheet:
    """The only layer of surfaces, or the one asked for."""
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # said again, better, by the refusal below
            layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise FileRefused("Cette base n’est pas un GeoPackage, ou elle est abîmée.") from error
    drawn = [name for name, kind in layers.items() if kind is not None]
    if layer and layer not in layers:
        raise FileRefused(
            f"Ce GeoPackage n’a pas de couche « {layer} ». "
            f"Couches : {', '.join(layers) or 'aucune'}."
        )
    if not drawn:
        raise FileRefused("Cette base ne contient aucune couche géographique.")
    surfaces = [name for name in drawn if "Polygon" in layers[name] or layers[name] == "Unknown"]
    chosen = [layer] if layer else surfaces or drawn
    if len(chosen) > 1:
        raise FileRefused(
            f"Ce GeoPackage contient plusieurs couches : {', '.join(chosen)}. "
            "Choisissez-en une avec --layer."
        )
    return _read(path, layer=chosen[0])


def read_shapefile(path: Path, encoding: str) -> Sheet:
    """A Shapefile with its companions; its encoding is checked on what it spells."""
    present = {item.suffix.lower() for item in path.parent.glob(f"{_escaped(path.stem)}.*")}
    for suffix, role in ((".shx", "l’index"), (".dbf", "les colonnes")):
        if suffix not in present:
            raise FileRefused(
                f"Ce Shapefile est incomplet : il manque le fichier {suffix} ({role}). "
                "Donnez plutôt le zip qui contient tout."
            )
    if encoding and not _exists(encoding):
        raise FileRefused(f"« {encoding} » n’est pas un encodage connu. Exemples : utf-8, latin-1.")
    sheet = _read(path, encoding=encoding)
    if not encoding and _spells_utf8_wrongly(sheet):
        sheet = _read(path, encoding="utf-8")
        sheet.remarks.append("L’encodage n’était pas bien déclaré : le fichier est lu en UTF-8.")
    return sheet


def _exists(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _read(path: Path, **options: Any) -> Sheet:
    import pyogrio
    import pyogrio.raw
    import shapely

    try:
        with warnings.catch_warnings():
            # What GDAL warns of (heights dropped, ring order) is checked on the result.
            warnings.simplefilter("ignore")
            meta, _fids, surfaces, columns = pyogrio.raw.read(
                path, force_2d=True, datetime_as_string=True, **options
            )
    except (UnicodeError, LookupError) as error:
        raise FileRefused(
            "Les textes de ce fichier sont illisibles : l’encodage déclaré n’est pas le bon. "
            "Indiquez-le avec --encoding (souvent utf-8 ou latin-1)."
        ) from error
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.GeometryError,
        ValueError,
    ) as error:
        raise FileRefused("Ce fichier est abîmé : il ne peut pas être lu jusqu’au bout.") from error
    names = [str(name) for name in meta["fields"]]
    shapes = shapely.from_wkb(surfaces, on_invalid="ignore") if surfaces is not None else []
    cells = [column.tolist() for column in columns]
    rows = []
    for index, geometry in enumerate(shapes):
        values = {name: cell[index] for name, cell in zip(names, cells, strict=True)}
        problem = ""
        if geometry is None:
            problem = "aucun contour" if surfaces[index] is None else "contour illisible"
        rows.append(Row(index + 1, values, geometry, problem))
    return Sheet(names, rows, crs=meta["crs"])


def _spells_utf8_wrongly(sheet: Sheet) -> bool:
    """True when every accented text, read as Latin-1, is in fact UTF-8 ("Ã©" for "é")."""
    seen = False
    for row in sheet.rows:
        for value in row.values.values():
            if not isinstance(value, str) or value.isascii():
                continue
            for western in ("latin-1", "cp1252"):
                try:
                    value.encode(western).decode("utf-8")
                    break
                except UnicodeError:
                    continue
            else:
                return False
            seen = True
    return seen
