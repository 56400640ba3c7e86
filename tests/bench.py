"""The bench of the suite: surroundings and databases, made before settings are read.

Loaded as a plugin (`-p tests.bench`). `PARVIS_TEST_DB=postgres` runs the same tests on a throw-away
PostgreSQL. Each database is migrated once, as a template that every worker copies.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
ON_POSTGRESQL = os.environ.get("PARVIS_TEST_DB") == "postgres"
DEAD = 500  # rows of a table taken back, from which on it is swept
TEMPLATE = "PARVIS_TEST_TEMPLATE"  # told by the controller to its workers


def _surroundings() -> None:
    """Settings of the suite that must be known before Django reads them."""
    folder = tempfile.mkdtemp(prefix="parvis-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "PARVIS_VAR": folder,
        "PARVIS_SECRET_KEY": "a-key-for-tests-only-that-opens-nothing-anywhere-else",
        "PARVIS_DEMO": "1",
        "PARVIS_DEBUG": "0",
        "PARVIS_BASE_MAP_URL": "",
        "PARVIS_CHALLENGE_COST": "500",
        "EMAIL_URL": "console://",
        # Playwright's event loop makes Django believe that tests are asynchronous.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    for name in (
        "PARVIS_SITE_URL",
        "PARVIS_HASHED_STATIC",
        "PARVIS_CACHE_URL",
        "PARVIS_MEDIA",
        "PORT",
    ):
        os.environ.pop(name, None)
    if ON_POSTGRESQL and "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start_postgresql()
    elif not ON_POSTGRESQL:
        os.environ.pop("DATABASE_URL", None)


def find_postgresql() -> Path | None:
    """The folder of PostgreSQL's programs, if it is installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def start_postgresql() -> str:
    """Start a cluster of our own, stopped and removed at exit; gives its URL."""
    programs = find_postgresql()
    if programs is None:
        raise pytest.UsageError("PostgreSQL is missing: apt-get install postgresql")
    folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # short: a socket's path is limited
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        rights = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", f"{folder}/data", *arguments],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **rights,
        )

    def remove() -> None:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    run("initdb", "-U", "parvis", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    speed = "-c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
    # Statistics taken while every table is empty would mislead the planner for a whole run.
    speed += " -c autovacuum=off"
    # What waits for ever fails instead, and says for what (milliseconds).
    speed += " -c statement_timeout=180000 -c lock_timeout=90000"
    speed += " -c idle_in_transaction_session_timeout=300000"
    options = f"-F -k {folder} -c listen_addresses='' {speed}"
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
    atexit.register(remove)
    return f"postgres://parvis@/postgres?host={folder}"


if "PYTEST_XDIST_WORKER" not in os.environ:
    _surroundings()


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # so that atexit runs and nothing is left behind


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from pytest_django.plugin import blocking_manager_key

    from tests.guards import LoudEmptiness

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = Path(settings.VAR_DIR) / f"media-{worker()}"
    settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_KEY = ""  # the demonstration has one of its own
    settings.MIDDLEWARE = [
        "tests.guards.RefuseInline",
        *settings.MIDDLEWARE,
        "tests.guards.RefuseWritesInReadings",
    ]
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = LoudEmptiness()
    if not ON_POSTGRESQL:
        settings.DATABASES["default"]["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;"
        )
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    signal.signal(signal.SIGTERM, _leave)
    with config.stash[blocking_manager_key].unblock():
        os.environ[TEMPLATE] = _postgresql_template() if ON_POSTGRESQL else _sqlite_template()


def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def _migrate(name: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _sqlite_template() -> str:
    """A migrated file, kept from one run to the next until a migration or a library changes."""
    digest = hashlib.sha256()
    sources = [
        *ROOT.glob("parvis/*/migrations/*.py"),
        ROOT / "requirements/base.txt",
        ROOT / "parvis/settings.py",
    ]
    for path in sorted(sources):
        digest.update(str(path).encode() + path.read_bytes())
    kept = ROOT / ".pytest_cache/templates"
    template = kept / f"{digest.hexdigest()[:20]}.sqlite3"
    if not template.exists():
        kept.mkdir(parents=True, exist_ok=True)
        draft = kept / f"draft-{os.getpid()}.sqlite3"
        _migrate(str(draft))
        with sqlite3.connect(draft) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA journal_mode=DELETE")
        db.close()
        for old in kept.glob("*.sqlite3"):
            if old != draft and not old.name.startswith("draft-"):
                old.unlink(missing_ok=True)
        draft.replace(template)
    return str(template)


def _postgresql_template() -> str:
    name = f"parvis_template_{os.getpid()}"
    _as_owner(f'CREATE DATABASE "{name}"')
    atexit.register(_as_owner, f'DROP DATABASE IF EXISTS "{name}"')
    _migrate(name)
    return name


def _as_owner(statement: str) -> None:
    """One statement on the cluster's own database, outside any transaction."""
    import psycopg

    with psycopg.connect(
        os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"), autocommit=True
    ) as db:
        db.execute(statement)


def own_database() -> str:
    """Copy the template for this worker; gives the name of the copy."""
    template = os.environ[TEMPLATE]
    if not ON_POSTGRESQL:
        path = Path(os.environ["PARVIS_VAR"]) / f"{worker()}.sqlite3"
        shutil.copyfile(template, path)
        return str(path)
    name = f"{template}_{worker()}"
    _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def sweep() -> None:
    """Free the room of rows that tests left behind, and forget the sizes noted of their tables;
    between two modules, where nothing is open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > %s", [DEAD])
        for (table,) in cursor.fetchall():
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
        # What VACUUM, or a test's own ANALYZE, noted of tables that were empty then: the planner
        # would take them for empty still, and join a thousand rows by reading all for each.
        cursor.execute(
            "UPDATE pg_class SET relpages = 0, reltuples = -1 FROM pg_stat_user_tables AS ours"
            " WHERE ours.relid = pg_class.oid AND reltuples >= 0"
        )


def drop_database(name: str) -> None:
    """Remove a worker's copy."""
    if ON_POSTGRESQL:
        _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    else:
        Path(name).unlink(missing_ok=True)
