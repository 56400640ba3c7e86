"""The file of a backup: a tar of the database and the files, and a manifest that vouches for both.

Members, in this order: the database (`database.sqlite3.gz` or `database.pgdump`), the files below
`media/`, `manifest.json`, and `manifest.sha256`, which closes it. An archive without its last
member was cut; every byte that matters stands under a sum.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
DATABASES = {"sqlite": "database.sqlite3.gz", "postgresql": "database.pgdump"}
MEDIA = "media/"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
HEAVIEST_MANIFEST = 500_000_000  # bytes; two million files take less
AT_ONCE = 1024 * 1024  # bytes read at a time
NOT_OURS = "Ce fichier n’est pas une sauvegarde de Parvis, ou il est tronqué."


class Damaged(Exception):  # noqa: N818 - what was found
    """This archive must not be used; says why, in French."""


@dataclass
class Manifest:
    """What an archive says of itself."""

    made_at: str  # ISO 8601, with its zone
    parvis: str  # version of the code that wrote it
    database: str  # "sqlite" or "postgresql"
    counts: dict[str, int]  # rows of each table
    migrations: list[str]  # of our rooms, as "room.0001_initial"
    keys: dict[str, str]  # which keys were in use, by a mark that does not give them
    missing: list[str] = field(default_factory=list)  # named by a row, and not found
    sums: dict[str, list[Any]] = field(default_factory=dict)  # member: size in bytes, SHA-256
    format: int = FORMAT


class _Summed(io.RawIOBase):
    """A file read through its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self.file.read(size)
        self.digest.update(found)
        return found


def write(target: Path, database: Path, media: Iterable[tuple[str, Path]], told: Manifest) -> None:
    """Write an archive, its files after the database that names them, and bring it to the disk.

    `media`: the name of each file below the media folder, and where it lies. One that was deleted
    in the meantime is left out. Completes `told.sums`.
    """
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, DATABASES[told.database], database, told)
            for name, path in media:
                try:
                    _add(tar, MEDIA + name, path, told)
                except FileNotFoundError:
                    continue
            manifest = json.dumps(asdict(told), ensure_ascii=False).encode()
            _add_bytes(tar, MANIFEST, manifest)
            _add_bytes(tar, SEAL, hashlib.sha256(manifest).hexdigest().encode())
        out.flush()
        os.fsync(out.fileno())


def _add(tar: tarfile.TarFile, name: str, path: Path, told: Manifest) -> None:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = found.st_size, int(found.st_mtime), 0o600
        through = _Summed(file)
        tar.addfile(member, through)  # type: ignore[arg-type]
    told.sums[name] = [member.size, through.digest.hexdigest()]


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def check(path: Path, take: Callable[[str, IO[bytes]], None] | None = None) -> Manifest:
    """Read an archive to its end and give its manifest; Damaged when anything is not as it was
    written. `take` is handed each member but the manifest as it is read, under a name that
    leads nowhere else: what it makes of it counts only once this has answered."""
    sums: dict[str, list[Any]] = {}
    manifest = seal = b""
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                name = _safe_name(member)
                if name in sums or (name == MANIFEST and manifest):
                    raise Damaged(f"Deux fois le même nom dans l’archive : {name}")
                file = tar.extractfile(member)
                if file is None:
                    raise Damaged(NOT_OURS)
                if name in (MANIFEST, SEAL):
                    if member.size > HEAVIEST_MANIFEST:
                        raise Damaged(NOT_OURS)
                    if name == MANIFEST:
                        manifest = file.read()
                    else:
                        seal = file.read()
                    continue
                through = _Summed(file)
                if take is not None:
                    take(name, through)  # type: ignore[arg-type]
                while through.read(AT_ONCE):
                    pass
                sums[name] = [member.size, through.digest.hexdigest()]
    except (tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError) as fault:
        raise Damaged(f"{NOT_OURS} ({fault})") from None
    told = _read_manifest(manifest, seal)
    _hold_sums(told.sums, sums)
    return told


def _safe_name(member: tarfile.TarInfo) -> str:
    """The name of a plain file at a place that archives of ours have; Damaged for anything else."""
    if not member.isreg() or member.issparse():
        raise Damaged(f"L’archive contient autre chose qu’un fichier simple : {member.name!r}")
    name = member.name
    if name in (*DATABASES.values(), MANIFEST, SEAL):
        return name
    parts = PurePosixPath(name).parts
    sound = name.startswith(MEDIA) and "/".join(parts) == name and ".." not in parts
    if not sound or len(parts) < 2 or re.search(r"[\x00-\x1f\\]", name):
        raise Damaged(f"L’archive contient un nom qui n’y a pas sa place : {name!r}")
    return name


def _read_manifest(manifest: bytes, seal: bytes) -> Manifest:
    if not manifest or not seal:
        raise Damaged(NOT_OURS)
    if hashlib.sha256(manifest).hexdigest().encode() != seal:
        raise Damaged("Le sommaire de l’archive est abîmé.")
    try:
        read = json.loads(manifest)
        if read.get("format") != FORMAT:
            raise Damaged("Cette archive vient d’une version plus récente de Parvis.")
        told = Manifest(**read)
    except (ValueError, TypeError, AttributeError):
        raise Damaged(NOT_OURS) from None
    if told.database not in DATABASES or DATABASES[told.database] not in told.sums:
        raise Damaged(NOT_OURS)
    return told


def _hold_sums(told: dict[str, list[Any]], found: dict[str, list[Any]]) -> None:
    for name in told:
        if name not in found:
            raise Damaged(f"Il manque un fichier dans l’archive : {name}")
        if told[name] != found[name]:
            raise Damaged(f"Un fichier de l’archive est abîmé : {name}")
    if more := set(found) - set(told):
        raise Damaged(f"L’archive contient un fichier de trop : {min(more)}")


def weight(told: Manifest) -> int:
    """Bytes that an archive's members take."""
    return sum(int(size) for size, _ in told.sums.values())


def old_archives(folder: Path) -> Iterator[Path]:
    """The archives of a folder that bear a name of ours, oldest first."""
    named = re.compile(r"parvis-\d{8}-\d{6}\.tar")
    return iter(sorted(path for path in folder.glob("parvis-*.tar") if named.fullmatch(path.name)))
