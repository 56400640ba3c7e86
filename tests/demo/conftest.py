"""The demonstration, loaded once in a run: each module reads a copy of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from parvis.demo import story
from tests import bench


def load() -> None:
    """The whole territory, with a twentieth of its reports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "COUNT", 30)
        call_command("load_lists", verbosity=0)
        call_command("load_demo", verbosity=0)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The territory as it was loaded; what the tests of the module write is undone."""
    with django_db_blocker.unblock():
        if bench.ON_POSTGRESQL:
            with transaction.atomic():
                load()
                yield
                transaction.set_rollback(True)
        else:
            with copy_of_the_territory():
                yield


@contextmanager
def copy_of_the_territory() -> Iterator[None]:
    """Read a copy of the file that the first worker who needs it makes for all."""
    folder = Path(os.environ["PARVIS_VAR"]) / "territory"
    folder.mkdir(exist_ok=True)
    usual = connection.settings_dict["NAME"]
    own = folder / f"{bench.worker()}.sqlite3"
    with override_settings(MEDIA_ROOT=folder / "media"):  # told to what keeps the folder's name
        try:
            with (folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                made = folder / "made.sqlite3"
                if not made.exists():
                    _make(made)
            shutil.copyfile(made, own)
            _turn_to(own)
            yield
        finally:
            _turn_to(usual)
            own.unlink(missing_ok=True)


def _make(path: Path) -> None:
    draft = path.with_suffix(".draft")
    shutil.copyfile(os.environ[bench.TEMPLATE], draft)
    _turn_to(draft)
    load()
    connection.close()
    with sqlite3.connect(draft) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    db.close()
    draft.rename(path)


def _turn_to(name: Any) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(name)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """The territory as it was loaded."""
