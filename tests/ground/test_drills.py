"""What takes longer: a killed writer, many writers at once. Run by `make drill`."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db.backends.sqlite3._functions import register

from tests import bench
from tests.ground import house

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(bench.ON_POSTGRESQL, reason="about the SQLite settings"),
]

# Says "n" once the transaction that wrote commune n is acknowledged.
WRITER = """
import django, sys
django.setup()
from django.db import transaction
from parvis.places.models import Commune
first, count = int(sys.argv[1]), int(sys.argv[2])
for number in range(first, first + count):
    with transaction.atomic():
        Commune.objects.filter(code="none").exists()
        Commune.objects.create(code=str(number), name=f"Commune {number}")
    print(number, flush=True)
"""


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A fresh installation of its own, migrated."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    found = {**kept, "PARVIS_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "parvis.settings"}
    command = [sys.executable, "-m", "parvis", "migrate", "-v", "0"]
    subprocess.run(command, cwd=house.ROOT, env=found, check=True)
    return found


def write(surroundings: dict[str, str], first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(first), str(count)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=house.ROOT, env=surroundings, stdout=pipe, text=True)


def test_what_was_acknowledged_survives_a_kill(surroundings: dict[str, str]) -> None:
    with write(surroundings, 10_000, 80_000) as writer:
        assert writer.stdout
        acknowledged = [writer.stdout.readline() for _ in range(200)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
    with closing(sqlite3.connect(f"{surroundings['PARVIS_VAR']}/parvis.sqlite3")) as db:
        register(db)  # the functions that constraints are written with
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {code for (code,) in db.execute("SELECT code FROM places_commune")}
    whole = {line.strip() for line in acknowledged if line.endswith("\n")}
    assert len(whole) >= 200
    assert whole <= kept


def test_eight_writers_at_once_never_meet_a_locked_database(surroundings: dict[str, str]) -> None:
    start = time.monotonic()
    writers = [write(surroundings, 10_000 + number * 1_000, 100) for number in range(8)]
    lines = [len((writer.communicate(timeout=120)[0] or "").splitlines()) for writer in writers]
    assert lines == [100] * 8
    assert time.monotonic() - start < 60
