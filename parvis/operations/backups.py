"""Making backups: the database first, then the files that its rows name."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from parvis.documents.storage import files_below, sync_folder
from parvis.operations import archives, databases, keys
from parvis.operations.health import is_full

STALE = 24 * 3600  # seconds after which a folder of work belongs to a killed backup
FULL = (
    "Le disque est plein : rien n’est resté de cette tentative, les sauvegardes d’avant sont"
    " intactes. Faites de la place et recommencez."
)


class DiskFull(Exception):  # noqa: N818 - what happened
    """There was no room; nothing half written is left."""


@dataclass
class Backup:
    path: Path
    manifest: archives.Manifest


def back_up(folder: Path, now: datetime | None = None) -> Backup:
    """Write a backup of the database and the files into `folder`, under a dated name.

    It appears under that name once it is whole and on the disk. Takes about twice the room of the
    database beside it while it works. DiskFull when there is none.
    """
    at = timezone.localtime(now)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with _work_in(folder) as work, _told_when_full():
        database = work / archives.DATABASES[databases.kind()]
        copy = databases.copy_to(database)
        told = archives.Manifest(
            made_at=at.isoformat(timespec="seconds"),
            parvis=version("parvis"),
            database=databases.kind(),
            counts=copy.counts,
            migrations=copy.migrations,
            keys=keys.marks(),
        )
        root = Path(settings.MEDIA_ROOT)
        present = [(path.relative_to(root).as_posix(), path) for path in files_below(root)]
        told.missing = sorted(copy.files - {name for name, _ in present})
        draft = work / "archive"
        archives.write(draft, database, present, told)
        target = folder / f"parvis-{at:%Y%m%d-%H%M%S}.tar"
        if target.exists():
            raise FileExistsError(target)
        draft.rename(target)
        sync_folder(folder)
    return Backup(target, told)


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Remove the archives of this folder but the newest `count`; gives those removed."""
    old = list(archives.old_archives(folder))[:-count]
    for path in old:
        path.unlink()
    return old


@contextmanager
def _work_in(folder: Path) -> Iterator[Path]:
    """A folder of work on the same disk as the backups, gone at the end whatever happens."""
    work = Path(tempfile.mkdtemp(prefix=".parvis-", suffix=".part", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, databases.Refused) as fault:
        if is_full(fault):
            raise DiskFull(FULL) from fault
        raise


def _sweep(folder: Path) -> None:
    for left in folder.glob(".parvis-*.part"):
        if left.stat().st_mtime < time.time() - STALE:
            shutil.rmtree(left, ignore_errors=True)
