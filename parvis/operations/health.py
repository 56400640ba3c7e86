"""Whether the installation can do its work: write to its database, and find room for it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_well() -> bool:
    """Whether the database takes what is written and the disks have their reserve of room.

    Writes nothing and waits for nobody: a database that somebody is writing to takes writes.
    """
    return database_fault() == "" and not short_of_room()


def database_fault() -> str:
    """Why the database does not take writes, in a few words; empty when it does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT pg_is_in_recovery(), current_setting($$transaction_read_only$$)"
                )
                standby, read_only = cursor.fetchone()
                return "read only" if standby or read_only == "on" else ""
        return _sqlite_fault(Path(connection.settings_dict["NAME"]))
    except DatabaseError as fault:
        return str(fault) or "away"


def _sqlite_fault(place: Path) -> str:
    try:
        uri = place.resolve().as_uri() + "?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)) as link:
            link.execute("BEGIN IMMEDIATE")  # takes the lock of a writer, and gives it back
            link.execute("ROLLBACK")
    except sqlite3.OperationalError as fault:
        return "" if "locked" in str(fault) else str(fault)
    return ""


def folders() -> dict[str, Path]:
    """The folders that are written to, by their French name."""
    found = {"données": settings.VAR_DIR, "photos et fichiers": Path(settings.MEDIA_ROOT)}
    if connection.vendor == "sqlite":
        found["base"] = Path(connection.settings_dict["NAME"]).parent
    return found


def room_left(folder: Path) -> int:
    """Bytes that may still be written below this folder, which need not exist yet; 0 when no
    further file can be made there."""
    while not folder.exists():
        folder = folder.parent
    about = os.statvfs(folder)
    if about.f_files and not about.f_favail:
        return 0
    return shutil.disk_usage(folder).free


def short_of_room() -> list[Path]:
    """The folders whose disk has less room than PARVIS_DISK_RESERVE."""
    reserve = settings.DISK_RESERVE * 1_000_000
    return [folder for folder in folders().values() if room_left(folder) < reserve]


def is_full(fault: BaseException) -> bool:
    """Whether an error says that there is no room on a disk, whoever says it."""
    if isinstance(fault, OSError):
        return fault.errno in _FULL
    words = str(fault).lower()
    return "disk is full" in words or "no space left on device" in words
