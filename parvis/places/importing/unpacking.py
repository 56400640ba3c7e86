"""Zipped files opened with care: nothing is written under a name that the archive chose."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from parvis.places.importing.outcome import FileRefused

MAX_BYTES = 500 * 1024 * 1024  # unpacked, all files together
MAX_RATIO = 200  # unpacked size over packed size; outlines rarely pass 10
MAX_MEMBERS = 2_000
_RATIO_FLOOR = 10 * 1024 * 1024  # below this size a high ratio harms nobody
_LEADERS = (".shp", ".gpkg", ".geojson", ".json")
_TABLES = (".csv", ".xlsx", ".ods")
_WORKBOOK_PARTS = ("xl/workbook.xml", "content.xml")
_COMPANIONS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def is_workbook(path: Path, start: bytes) -> bool:
    """Whether this zip is an xlsx or an ods, told by what it holds; FileRefused for a bomb."""
    if not start.startswith(b"PK"):
        return False
    with _damage_told(), zipfile.ZipFile(path) as archive:
        if not any(part in archive.namelist() for part in _WORKBOOK_PARTS):
            return False
        _safe_members(archive)
    return True


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FileRefused("Cette archive zip est abîmée ou incomplète.") from error


@contextmanager
def unpacked(path: Path, layer: str, *, tables: bool = False) -> Iterator[Path]:
    """The one geographic file of a zip (or table, where they are taken), unpacked in a folder that
    is removed afterwards."""
    with (
        _damage_told(),
        zipfile.ZipFile(path) as archive,
        TemporaryDirectory(prefix="parvis-") as folder,
    ):
        members = _safe_members(archive)
        leader = _leader(members, layer, (*_LEADERS, *_TABLES) if tables else _LEADERS)
        wanted = {leader.suffix.lower(): members[leader]}
        if leader.suffix.lower() == ".shp":
            for member, info in members.items():
                if member.with_suffix("") == leader.with_suffix(""):
                    wanted[member.suffix.lower()] = info
            wanted = {suffix: wanted[suffix] for suffix in _COMPANIONS if suffix in wanted}
        for suffix, info in wanted.items():
            _copy(archive, info, Path(folder) / f"file{suffix}")
        yield Path(folder) / f"file{leader.suffix.lower()}"


def _safe_members(archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise FileRefused(f"Cette archive contient plus de {MAX_MEMBERS} fichiers.")
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if size > MAX_BYTES or (size > _RATIO_FLOOR and size > MAX_RATIO * max(packed, 1)):
        raise FileRefused(
            f"Cette archive est anormale : une fois ouverte, elle pèserait {size // 1_000_000} Mo."
        )
    members = {}
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
            raise FileRefused("Cette archive contient un chemin interdit : elle n’est pas ouverte.")
        if info.flag_bits & 0x1:
            raise FileRefused("Cette archive est protégée par un mot de passe.")
        if name.parts[0] != "__MACOSX" and not name.name.startswith("."):
            members[name] = info
    return members


def _leader(
    members: dict[PurePosixPath, zipfile.ZipInfo], layer: str, accepted: tuple[str, ...]
) -> PurePosixPath:
    leaders = [name for name in members if name.suffix.lower() in accepted]
    if layer and len(leaders) > 1:
        leaders = [name for name in leaders if name.stem == layer]
    if not leaders:
        raise FileRefused(
            "Cette archive ne contient pas de fichier géographique utilisable "
            "(Shapefile, GeoPackage ou GeoJSON)."
            if accepted == _LEADERS
            else "Cette archive ne contient aucun fichier utilisable "
            "(csv, xlsx, ods, Shapefile, GeoPackage ou GeoJSON)."
        )
    if len(leaders) > 1:
        names = ", ".join(sorted(name.stem for name in leaders))
        raise FileRefused(
            f"Cette archive contient plusieurs couches : {names}. Choisissez-en une avec --layer."
        )
    return leaders[0]


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    # Sizes written in the archive may lie: what comes out is counted too.
    left = MAX_BYTES
    with archive.open(info) as source, target.open("wb") as copy:
        while block := source.read(1024 * 1024):
            left -= len(block)
            if left < 0:
                raise FileRefused("Cette archive est anormale : elle grossit sans fin.")
            copy.write(block)
