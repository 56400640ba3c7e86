"""A new database made from the models is the one that the migrations make. Run by `make drill`.

`parvis migrate` makes an empty database from the models, in seconds; one in service goes through
the migrations. Here both are made and held against one another.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import bench
from tests.ground import house

pytestmark = pytest.mark.drill

# The editor's library makes tables for a search that settings leave aside: by migration alone.
ASIDE = re.compile(r"wagtailsearch")
# Django's own command, without the short way of ours.
BY_MIGRATIONS = """
import django, sys
django.setup()
from django.core.management.commands.migrate import Command
from django.core.management import call_command
call_command(Command(), verbosity=0)
"""
POSTGRESQL = """
SELECT 'column', table_name, column_name || ' ' || udt_name || ' ' || is_nullable || ' '
       || coalesce(character_maximum_length::text, '') || ' '
       || coalesce(numeric_precision::text, '')
       || ' ' || coalesce(numeric_scale::text, '') || ' ' || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'index', tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, contype || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger', event_object_table, trigger_name || ' ' || action_statement
FROM information_schema.triggers WHERE trigger_schema = 'public'
"""


def run(surroundings: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=house.ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def ways(tmp_path: Path) -> Iterator[dict[str, set[tuple[str, ...]]]]:
    """What each way has made, by its name."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    kept |= {"DJANGO_SETTINGS_MODULE": "parvis.settings", "PARVIS_DEMO": "1"}
    found: dict[str, set[tuple[str, ...]]] = {}
    for way, command in (("models", ("-m", "parvis", "migrate", "-v", "0")), ("migrations", ())):
        folder = tmp_path / way
        surroundings = {**kept, "PARVIS_VAR": str(folder)}
        name = f"drill_{way}"
        if bench.ON_POSTGRESQL:
            surroundings["DATABASE_URL"] = fresh(name)
        run(surroundings, *(command or ("-c", BY_MIGRATIONS)))
        found[way] = schema_of(surroundings, folder)
    yield found
    if bench.ON_POSTGRESQL:
        for way in found:
            bench.drop_database(f"drill_{way}")


def fresh(name: str) -> str:
    """The URL of an empty database of the cluster that the suite runs on."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as at:
        at.execute(f"CREATE DATABASE {name}")
    return re.sub(r"@/[^?]*", f"@/{name}", url)


def schema_of(surroundings: dict[str, str], folder: Path) -> set[tuple[str, ...]]:
    """Everything that a database says of its tables, in an order of no meaning."""
    if bench.ON_POSTGRESQL:
        import psycopg

        url = surroundings["DATABASE_URL"].replace("postgres://", "postgresql://")
        with psycopg.connect(url) as at:
            rows = at.execute(POSTGRESQL).fetchall()
        return {tuple(row) for row in rows if not ASIDE.search(" ".join(row))}
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as at:
        tables = at.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {
            row for (table,) in tables if not ASIDE.search(table) for row in of_table(at, table)
        }
        triggers = at.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return found | {("trigger", *row) for row in triggers if not ASIDE.search(row[0])}


def of_table(at: sqlite3.Connection, table: str) -> Iterator[tuple[str, ...]]:
    """Columns, indexes, keys and checks of a table of SQLite."""
    (made,) = at.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    for _, name, kind, needed, default, key in at.execute(f'PRAGMA table_info("{table}")'):
        yield "column", table, name, kind, str(needed), str(default), str(key)
    for row in at.execute(f'PRAGMA foreign_key_list("{table}")'):
        yield "key", table, *(str(value) for value in row[2:])
    for _, index, unique, *_ in at.execute(f'PRAGMA index_list("{table}")'):
        columns = at.execute(f'PRAGMA index_xinfo("{index}")').fetchall()
        told = at.execute("SELECT sql FROM sqlite_master WHERE name = ?", [index]).fetchone()
        where = (told[0] or "").partition(" WHERE ")[2] if told else ""
        on = " ".join(str(column[2:4]) for column in columns)
        yield "index", table, str(unique), on, where
    for name in re.findall(r'CONSTRAINT "([^"]+)" CHECK', made):
        yield "check", table, name


def test_models_and_migrations_make_the_same_database(
    ways: dict[str, set[tuple[str, ...]]],
) -> None:
    models, migrations = ways["models"], ways["migrations"]
    assert len(models) > 1000
    told = [
        *(f"models alone: {row}" for row in sorted(models - migrations)),
        *(f"migrations alone: {row}" for row in sorted(migrations - models)),
    ]
    assert told == []
