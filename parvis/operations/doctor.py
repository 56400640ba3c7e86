"""What may be wrong with an installation, looked at one thing after the other."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.notices import standing
from parvis.notices.models import Message
from parvis.operations import archives, health, keys

SILENT = timedelta(minutes=5)  # the clock hands out a task each twenty seconds
STUCK = timedelta(minutes=15)  # a message leaves two minutes after it was put
RECENT = timedelta(days=1)
SKEW = 5.0  # seconds between the clocks of this machine and of the database
BACKUP_AGE = timedelta(hours=30)  # a daily one, late by a quarter of a day
MADE = datetime(2026, 1, 1, tzinfo=UTC).timestamp()  # a clock that says less was never set


class Verdict(StrEnum):
    FINE = "bien"
    LOOK = "à voir"
    BROKEN = "PANNE"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what of it, and what to do."""

    verdict: Verdict
    what: str
    said: str


def examine(backups: Path | None = None) -> Iterator[Finding]:
    """Every finding, in an order where what comes first explains what follows.

    `backups`: where archives are kept; by default `backups/` in the data folder.
    """
    for what, look in LOOKS.items():
        try:
            found = list(look())
        except (DatabaseError, OSError) as fault:
            found = [Finding(Verdict.BROKEN, what, str(fault) or type(fault).__name__)]
        yield from found or [Finding(Verdict.FINE, what, "rien à signaler")]
    yield from _backups(backups or settings.VAR_DIR / "backups")


def _database() -> Iterator[Finding]:
    if fault := health.database_fault():
        yield Finding(Verdict.BROKEN, "base", f"elle ne prend pas d’écriture ({fault})")
        return
    executor = MigrationExecutor(connection)
    due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if due:
        yield Finding(Verdict.BROKEN, "base", f"{len(due)} migration(s) à faire : parvis migrate")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
        apart = abs((timezone.now() - there).total_seconds())
        if apart > SKEW:
            said = f"son horloge et celle d’ici diffèrent de {apart:.0f} s"
            yield Finding(Verdict.LOOK, "base", said)


def _folders() -> Iterator[Finding]:
    places = {**health.folders(), "fichiers provisoires": Path(tempfile.gettempdir())}
    for name, folder in places.items():
        try:
            with tempfile.TemporaryFile(dir=folder if folder.exists() else folder.parent) as file:
                file.write(b"parvis")
        except OSError as fault:
            yield Finding(Verdict.BROKEN, "dossiers", f"{name} : {folder} ({fault.strerror})")


def _room() -> Iterator[Finding]:
    for folder in dict.fromkeys(health.short_of_room()):
        left = health.room_left(folder) / 1e6
        said = f"il reste {left:.0f} Mo pour {folder} ; il en faut {settings.DISK_RESERVE}"
        yield Finding(Verdict.BROKEN, "place sur le disque", said)


def _clock() -> Iterator[Finding]:
    if time.time() < MADE:
        yield Finding(Verdict.BROKEN, "heure", "l’horloge de la machine n’est pas réglée")
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield Finding(Verdict.BROKEN, "heure", f"fuseau inconnu : {settings.TIME_ZONE}")


def _worker() -> Iterator[Finding]:
    now = timezone.now()
    tasks = DBTaskResult.objects.all()
    last = tasks.exclude(finished_at=None).order_by("-finished_at").values_list("finished_at")[:1]
    ended = last[0][0] if last else None
    if ended is None or now - ended > SILENT:
        when = f"depuis {timezone.localtime(ended):%d/%m à %H:%M}" if ended else "encore jamais"
        said = f"aucune tâche terminée {when} : « parvis serve » est-il en marche ?"
        yield Finding(Verdict.BROKEN, "travail et horloge", said)
    waiting = tasks.filter(status="READY", enqueued_at__lt=now - STUCK).count()
    if waiting:
        said = f"{waiting} tâche(s) attendent depuis plus d’un quart d’heure"
        yield Finding(Verdict.LOOK, "travail et horloge", said)
    failed = tasks.filter(status="FAILED", finished_at__gt=now - RECENT)
    names = sorted({_name_of(row) for row in failed.values("task_path", "args_kwargs")})
    if names:
        said = f"en échec depuis un jour : {', '.join(names)}"
        yield Finding(Verdict.LOOK, "travail et horloge", said)


def _name_of(row: Mapping[str, object]) -> str:
    """The command that a task ran, or the task itself."""
    given = row["args_kwargs"]
    arguments = given.get("args") if isinstance(given, dict) else None
    return str(arguments[0] if arguments else row["task_path"])


def _outbox() -> Iterator[Finding]:
    now = timezone.now()
    if count := standing.late_by(now, STUCK):
        said = f"{count} message(s) auraient dû partir depuis plus d’un quart d’heure"
        yield Finding(Verdict.BROKEN, "envois", said)
    failed = Message.objects.filter(failed_at__gt=now - RECENT)
    if given_up := failed.exclude(last_error__in=standing.WISHED).count():
        said = f"{given_up} message(s) abandonnés depuis un jour"
        yield Finding(Verdict.LOOK, "envois", said)


def _mail() -> Iterator[Finding]:
    if "console" in settings.EMAIL_BACKEND or "dummy" in settings.EMAIL_BACKEND:
        yield Finding(Verdict.LOOK, "courriel", "EMAIL_URL n’est pas réglé : rien ne part")
    if "localhost" in settings.DEFAULT_FROM_EMAIL:
        yield Finding(Verdict.LOOK, "courriel", "PARVIS_FROM_EMAIL n’est pas réglé")


def _keys() -> Iterator[Finding]:
    for path in keys.open_to_others():
        mode = stat.S_IMODE(path.stat().st_mode)
        said = f"{path.name} est lisible par d’autres ({mode:o}) : chmod 600 {path}"
        yield Finding(Verdict.BROKEN, "clés", said)
    strangers = [path.name for path in keys.key_files() if path.stat().st_uid != os.geteuid()]
    if strangers and os.geteuid():
        said = f"d’un autre compte que celui qui sert : {', '.join(strangers)}"
        yield Finding(Verdict.LOOK, "clés", said)
    if len(settings.SECRET_KEY) < 40:
        yield Finding(Verdict.BROKEN, "clés", "PARVIS_SECRET_KEY est trop courte (40 signes)")


def _public() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(Verdict.BROKEN, "ouverture au public", "PARVIS_DEBUG est en marche")
    if settings.DEMO:
        said = "la démonstration est installée : jamais avec de vraies données"
        yield Finding(Verdict.LOOK, "ouverture au public", said)
    if not settings.HTTPS:
        said = "PARVIS_SITE_URL n’est pas en https"
        yield Finding(Verdict.LOOK, "ouverture au public", said)
    elif not settings.TRUSTED_PROXIES:
        said = "PARVIS_TRUSTED_PROXIES est vide : tous les visiteurs comptent pour un seul"
        yield Finding(Verdict.LOOK, "ouverture au public", said)
    if settings.HASHED_STATIC:
        listed = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not listed.exists() or not json.loads(listed.read_text()).get("paths"):
            said = "fichiers statiques absents : parvis collectstatic --noinput"
            yield Finding(Verdict.BROKEN, "ouverture au public", said)


def _backups(folder: Path) -> Iterator[Finding]:
    newest = list(archives.old_archives(folder))[-1:] if folder.exists() else []
    if not newest:
        said = f"aucune dans {folder} (dites où elles sont avec --backups)"
        yield Finding(Verdict.LOOK, "sauvegardes", said)
        return
    made = datetime.fromtimestamp(newest[0].stat().st_mtime, tz=timezone.get_current_timezone())
    if timezone.now() - made > BACKUP_AGE:
        said = f"la dernière est du {made:%d/%m/%Y à %H:%M}"
        yield Finding(Verdict.LOOK, "sauvegardes", said)
    else:
        said = f"la dernière est du {made:%d/%m à %H:%M}"
        yield Finding(Verdict.FINE, "sauvegardes", said)


LOOKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "base": _database,
    "dossiers": _folders,
    "place sur le disque": _room,
    "heure": _clock,
    "travail et horloge": _worker,
    "envois": _outbox,
    "courriel": _mail,
    "clés": _keys,
    "ouverture au public": _public,
}
