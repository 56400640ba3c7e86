"""The doctor names what is wrong, and what to do; the health page says yes or no."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.notices.models import Message
from parvis.operations import doctor, health
from parvis.operations.clock import tick
from parvis.operations.doctor import Finding, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(settings: Any, tmp_path: Path) -> Path:
    """An installation where nothing is wrong; gives its data folder."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.DEMO, settings.HTTPS, settings.TRUSTED_PROXIES = False, True, ["127.0.0.1"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Parvis <parvis@parvis.example>"
    settings.DISK_RESERVE = 0
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    (tmp_path / "secret_key").write_text(settings.SECRET_KEY)
    (tmp_path / "secret_key").chmod(0o600)
    tick({}, timezone.now())
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=timezone.now())
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups/parvis-20261127-020000.tar").touch()
    return tmp_path


def found() -> list[Finding]:
    return [one for one in doctor.examine() if one.verdict is not Verdict.FINE]


def test_a_sound_installation_is_said_to_be_so(sound: Path) -> None:
    assert found() == []
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert "PANNE" not in out.getvalue()
    assert out.getvalue().count("bien") == len(doctor.LOOKS) + 1


def open_key(sound: Path, settings: Any) -> None:
    (sound / "secret_key").chmod(0o644)


def no_clock(sound: Path, settings: Any) -> None:
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(hours=1))


def stuck_outbox(sound: Path, settings: Any) -> None:
    Message.objects.create(
        event="x:1", person="user:1", due_at=timezone.now() - timedelta(minutes=20)
    )


def no_room(sound: Path, settings: Any) -> None:
    settings.DISK_RESERVE = 10**9


def no_files(sound: Path, settings: Any) -> None:
    settings.HASHED_STATIC, settings.STATIC_ROOT = True, sound / "static"


def short_key(sound: Path, settings: Any) -> None:
    settings.SECRET_KEY = "short"


@pytest.mark.parametrize(
    ("break_it", "what", "said"),
    [
        (open_key, "clés", "chmod 600"),
        (short_key, "clés", "trop courte"),
        (no_clock, "travail et horloge", "parvis serve"),
        (stuck_outbox, "envois", "1 message(s)"),
        (no_room, "place sur le disque", "il en faut"),
        (no_files, "ouverture au public", "collectstatic"),
    ],
)
def test_what_is_broken_is_named_and_ends_with_an_error(
    sound: Path, settings: Any, break_it: Callable[[Path, Any], None], what: str, said: str
) -> None:
    break_it(sound, settings)
    broken = [one for one in found() if one.verdict is Verdict.BROKEN]
    assert {one.what for one in broken} == {what}
    assert said in broken[0].said
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=io.StringIO(), stderr=io.StringIO())
    assert ended.value.code == 1


def old_backup(sound: Path, settings: Any) -> None:
    then = time.time() - 3 * 24 * 3600
    os.utime(sound / "backups/parvis-20261127-020000.tar", (then, then))


def no_backup(sound: Path, settings: Any) -> None:
    (sound / "backups/parvis-20261127-020000.tar").unlink()


def no_mail(sound: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


def failed_command(sound: Path, settings: Any) -> None:
    row = DBTaskResult.objects.filter(args_kwargs__args__0="retention").first()
    assert row
    DBTaskResult.objects.filter(pk=row.pk).update(status="FAILED")


@pytest.mark.parametrize(
    ("weaken", "what", "said"),
    [
        (old_backup, "sauvegardes", "la dernière est du"),
        (no_backup, "sauvegardes", "aucune dans"),
        (no_mail, "courriel", "EMAIL_URL"),
        (failed_command, "travail et horloge", "retention"),
    ],
)
def test_what_deserves_a_look_is_named_without_an_error(
    sound: Path, settings: Any, weaken: Callable[[Path, Any], None], what: str, said: str
) -> None:
    weaken(sound, settings)
    assert [(one.verdict, one.what) for one in found()] == [(Verdict.LOOK, what)]
    assert said in found()[0].said
    call_command("doctor", stdout=io.StringIO())


def test_a_database_that_is_away_is_said_to_be_and_the_rest_is_looked_at(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "database_fault", lambda: "connection refused")

    def away(*args: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr(DBTaskResult.objects, "all", away)
    broken = [one.what for one in found() if one.verdict is Verdict.BROKEN]
    assert broken == ["base", "travail et horloge"]


# --- Health -------------------------------------------------------------------------------------


def test_a_full_disk_is_unwell_and_says_nothing_else(client: Client, settings: Any) -> None:
    settings.DISK_RESERVE = 10**9
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"unwell\n")


def test_a_database_that_takes_no_writes_is_unwell(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "database_fault", lambda: "read only")
    assert client.get("/healthz").status_code == 503


def test_a_file_that_nobody_may_write_to_is_noticed(tmp_path: Path) -> None:
    assert health._sqlite_fault(tmp_path / "none.sqlite3") != ""


def test_a_database_that_somebody_writes_to_is_well(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    place = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(place, isolation_level=None)) as link:
        link.execute("CREATE TABLE a (b)")
        link.execute("BEGIN IMMEDIATE")
        assert health._sqlite_fault(place) == ""
