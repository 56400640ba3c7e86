"""Putting a backup back, into a place where nothing can be lost by it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from parvis.documents.storage import files_below, sync_folder
from parvis.operations import archives, databases
from parvis.ui.words import weight_in_words

OTHER_DATABASE = (
    "Cette sauvegarde vient d’une base {told} ; les réglages d’ici en nomment une {here}."
    " Donnez un DATABASE_URL de même sorte (ou n’en donnez pas, pour SQLite)."
)
NEWER = (
    "Cette sauvegarde vient d’une version plus récente de Parvis ({version}) : installez d’abord"
    " cette version, puis recommencez."
)
NOT_EMPTY = (
    "Ici se trouvent déjà des données ({what}) : rien n’a été touché. Restaurez dans un dossier de"
    " données neuf (PARVIS_VAR){database}, ou ajoutez --aside pour mettre d’abord de côté ce qui"
    " est là."
)
NEW_DATABASE = " et une base vide (createdb, puis DATABASE_URL)"
ASIDE_ALONE = (
    "--aside ne met de côté qu’une base SQLite. Créez une base vide (createdb), donnez-la dans"
    " DATABASE_URL, et l’ancienne restera telle qu’elle est."
)
TOO_SMALL = "Il manque de la place : il en faut {needed}, il en reste {left}."


class Refused(Exception):  # noqa: N818 - what happened
    """Nothing was restored; says why, in French."""


def restore(archive: Path, *, aside: bool = False) -> archives.Manifest:
    """Put the database and the files of an archive in the place that the settings name.

    The archive is read to its end and held against its sums before anything is written. The place
    must be empty, unless `aside`: what is there is then moved aside, never removed. Files come
    first and the database last: a restoration that was cut leaves no database, and is done
    again with `aside`. Raises Refused, archives.Damaged or databases.Refused.
    """
    told = archives.check(archive)
    _hold_kind(told)
    _hold_version(told)
    _hold_room(told)
    if aside:
        _set_aside()
    elif found := occupied():
        words = NEW_DATABASE if databases.kind() == "postgresql" else ""
        raise Refused(NOT_EMPTY.format(what=" ; ".join(found), database=words))
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    _remove_empty_folders(root)
    with _work_in(root) as work:
        database = work / "database"
        media = work / "media"
        media.mkdir()

        def take(name: str, content: IO[bytes]) -> None:
            if name.startswith(archives.MEDIA):
                _write(media / name.removeprefix(archives.MEDIA), content)
            else:
                _write(database, content)

        archives.check(archive, take)
        for path in sorted(media.iterdir()):
            path.rename(root / path.name)
        sync_folder(root)
        with database.open("rb") as copy:
            databases.put_back(copy, work)
    hold_counts(told)
    return told


def occupied() -> list[str]:
    """What lies already where a restoration would write, in French; nothing for an empty place."""
    root = Path(settings.MEDIA_ROOT)
    found = []
    if not databases.is_empty():
        found.append("la base a des tables")
    if root.exists() and next(files_below(root), None):
        found.append(f"{root} a des fichiers")
    return found


def hold_counts(told: archives.Manifest) -> None:
    """Refused when the database does not hold as many rows as the archive said, table by table."""
    found = databases.counts_now()
    wrong = [
        f"{name} ({found.get(name, 0)} au lieu de {count})"
        for name, count in told.counts.items()
        if found.get(name) != count
    ]
    if wrong:
        raise Refused(f"La base restaurée n’a pas le compte : {', '.join(wrong[:5])}")


def changed_keys(told: archives.Manifest, here: dict[str, str]) -> list[str]:
    """The keys that were in use when the archive was made and are not those of here."""
    return [name for name, mark in told.keys.items() if here.get(name) != mark]


def _hold_kind(told: archives.Manifest) -> None:
    if told.database != databases.kind():
        raise Refused(OTHER_DATABASE.format(told=told.database, here=databases.kind()))


def _hold_version(told: archives.Manifest) -> None:
    known = {f"{room}.{name}" for room, name in MigrationLoader(None).disk_migrations}
    # The demonstration may have been installed there and not here: its tables stay, unread.
    unknown = [
        name for name in told.migrations if name not in known and not name.startswith("demo.")
    ]
    if unknown or _numbers(told.parvis) > _numbers(version("parvis")):
        shown = f" Inconnu ici : {', '.join(unknown[:5])}." if unknown else ""
        raise Refused(NEWER.format(version=told.parvis) + shown)


def _numbers(version_of_parvis: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version_of_parvis)]


def _hold_room(told: archives.Manifest) -> None:
    root = Path(settings.MEDIA_ROOT)
    while not root.exists():
        root = root.parent
    left = shutil.disk_usage(root).free
    # The packed database lies beside the plain one for a moment: five times its weight, at most.
    packed = int(told.sums[archives.DATABASES[told.database]][0])
    needed = archives.weight(told) + 5 * packed
    if left < needed:
        raise Refused(TOO_SMALL.format(needed=weight_in_words(needed), left=weight_in_words(left)))


def _set_aside(now: datetime | None = None) -> None:
    """Move the database and the files that are here into a dated folder of the data folder."""
    if databases.kind() != "sqlite" and not databases.is_empty():
        raise Refused(ASIDE_ALONE)
    connection.close()
    folder = settings.VAR_DIR / f"aside-{timezone.localtime(now):%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True)
    moved: list[Any] = [Path(settings.MEDIA_ROOT)]
    if databases.kind() == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        connection.close()
        moved += [Path(f"{place}{end}") for end in ("", "-wal", "-shm")]
    for path in moved:
        if path.exists():
            shutil.move(path, folder / path.name)
    sync_folder(folder)


@contextmanager
def _work_in(root: Path) -> Iterator[Path]:
    """A folder of work inside the media folder, so that files move without being copied again."""
    for left in root.glob(".restore-*.part"):  # of a restoration that was killed
        shutil.rmtree(left)
    work = Path(tempfile.mkdtemp(prefix=".restore-", suffix=".part", dir=root))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _remove_empty_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root, topdown=False):
        with suppress(OSError):  # not empty
            if Path(folder) != root:
                Path(folder).rmdir()


def _write(place: Path, content: IO[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, archives.AT_ONCE)
        out.flush()
        os.fsync(out.fileno())
