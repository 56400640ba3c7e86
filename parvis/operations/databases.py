"""A consistent copy of the database while the site writes; such a copy put back in its place."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.db import connection, models

from parvis.documents.storage import sync_folder
from parvis.operations.processes import surroundings

AT_ONCE = 1024 * 1024  # bytes
NO_CLIENT = (
    "Il manque les programmes de PostgreSQL ({program}) : apt-get install postgresql-client,"
    " dans une version au moins égale à celle du serveur."
)


class Refused(Exception):  # noqa: N818 - what happened
    """The database could not be copied or put back; says why, in French."""


@dataclass
class Copy:
    """What a copy holds, read in the same state of the database as the copy itself."""

    counts: dict[str, int]  # rows of each table
    migrations: list[str]  # those of our rooms, as "room.0001_initial"
    files: set[str]  # names of files that rows hold


def kind() -> str:
    """ "sqlite" or "postgresql"."""
    return str(connection.vendor)


def find_program(name: str) -> str:
    """Where a program of PostgreSQL lies; the newest of the versions that Debian keeps apart."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(folders, key=lambda folder: _number(folder.parent.name), reverse=True)
    for path in (folder / name for folder in newest):
        if path.exists():
            return str(path)
    if found := shutil.which(name):
        return found
    raise Refused(NO_CLIENT.format(program=name))


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0


# --- Copying -----------------------------------------------------------------------------------


def copy_to(target: Path) -> Copy:
    """Write a consistent copy of the database to `target`, without holding up who writes."""
    if kind() == "sqlite":
        return _copy_sqlite(target)
    return _copy_postgresql(target)


def _copy_sqlite(target: Path) -> Copy:
    plain = target.with_suffix(".plain")
    try:
        # One step of the online copy is one reading of the write-ahead log: writers go on.
        uri = Path(connection.settings_dict["NAME"]).resolve().as_uri() + "?mode=ro"
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=60)) as source,
            closing(sqlite3.connect(plain)) as copy,
        ):
            plain.chmod(0o600)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            found = _look(lambda query: copy.execute(query).fetchall())
        with plain.open("rb") as read, target.open("xb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packed:
                shutil.copyfileobj(read, packed, AT_ONCE)
            raw.flush()
            os.fsync(raw.fileno())
    finally:
        plain.unlink(missing_ok=True)
    return found


def _copy_postgresql(target: Path) -> Copy:
    program = find_program("pg_dump")
    with _own_link() as link:
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # The dump reads what this transaction reads: its counts are the dump's.
        (snapshot,) = link.execute("SELECT pg_export_snapshot()").fetchone()
        how = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000"]
        _call(program, [*how, f"--snapshot={snapshot}", f"--file={target}"])
        return _look(lambda query: link.execute(query).fetchall())


def _look(ask: Any) -> Copy:
    quote = connection.ops.quote_name
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("parvis.")}
    return Copy(
        {
            name: ask(f"SELECT count(*) FROM {quote(name)}")[0][0]  # noqa: S608
            for name in tables(ask)
        },
        [
            f"{room}.{name}"
            for room, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
            if room in ours
        ],
        set(_named_files(ask, set(tables(ask)))),
    )


def tables(ask: Any) -> list[str]:
    """The names of the tables, without those that a full-text index keeps for itself."""
    if kind() == "postgresql":
        found = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in found)
    found = ask("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    virtual = [name for name, sql in found if (sql or "").upper().startswith("CREATE VIRTUAL")]
    own = tuple(f"{name}_" for name in virtual)
    return sorted(
        name for name, _ in found if not name.startswith(("sqlite_", *own)) or name in virtual
    )


def _named_files(ask: Any, known: set[str]) -> Iterable[str]:
    quote = connection.ops.quote_name
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, models.FileField) or model._meta.db_table not in known:
                continue
            column, table = quote(str(field.column)), quote(model._meta.db_table)
            rows = ask(f"SELECT {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
            yield from (name for (name,) in rows)


# --- Putting back ------------------------------------------------------------------------------


def is_empty() -> bool:
    """Whether nothing was ever put in the database of the settings."""
    return not connection.introspection.table_names()


def put_back(copy: IO[bytes], folder: Path) -> None:
    """Fill the empty database of the settings with a copy; `folder` takes what lies in between."""
    connection.close()
    if kind() == "sqlite":
        _put_back_sqlite(copy)
    else:
        _put_back_postgresql(copy, folder)


def _put_back_sqlite(copy: IO[bytes]) -> None:
    place = Path(connection.settings_dict["NAME"])
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with gzip.GzipFile(fileobj=copy, mode="rb") as packed:
                shutil.copyfileobj(packed, out, AT_ONCE)
            out.flush()
            os.fsync(out.fileno())
        looked_at = connection.copy()  # it knows the functions that constraints are written with
        looked_at.settings_dict["NAME"] = str(draft)
        with closing(looked_at), looked_at.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            (said,) = cursor.fetchone()
        if said != "ok":
            raise Refused(f"La base de la sauvegarde est abîmée : {said}")
        for rest in ("-wal", "-shm"):  # of an empty file that was only opened
            Path(f"{place}{rest}").unlink(missing_ok=True)
        draft.replace(place)
        sync_folder(place.parent)
    finally:
        draft.unlink(missing_ok=True)


def _put_back_postgresql(copy: IO[bytes], folder: Path) -> None:
    program = find_program("pg_restore")
    draft = folder / "database.pgdump"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(copy, out, AT_ONCE)
    name = connection.settings_dict["NAME"]
    how = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    try:
        _call(program, [*how, f"--dbname={name}", str(draft)])
    finally:
        draft.unlink()


def counts_now() -> dict[str, int]:
    """Rows of each table of the database of the settings."""
    with connection.cursor() as cursor:

        def ask(query: str) -> Any:
            cursor.execute(query)
            return cursor.fetchall()

        quote = connection.ops.quote_name
        return {
            name: ask(f"SELECT count(*) FROM {quote(name)}")[0][0]  # noqa: S608
            for name in tables(ask)
        }


# --- PostgreSQL --------------------------------------------------------------------------------


@contextmanager
def _own_link() -> Iterator[Any]:
    """A connection of its own to the database of the settings, apart from Django's."""
    import psycopg.conninfo

    params = connection.get_connection_params()
    named: dict[str, Any] = {
        name: value for name, value in params.items() if isinstance(value, str | int)
    }
    named.pop("prepare_threshold", None)
    with psycopg.connect(psycopg.conninfo.make_conninfo(**named)) as link:
        yield link


def _call(program: str, arguments: list[str]) -> None:
    """Run a program of PostgreSQL against the database of the settings. What it needs to know
    goes through its surroundings: other users of the machine read command lines."""
    with _own_link() as link:
        told = link.info.get_parameters()
        password = link.info.password
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "host": "PGHOST", "port": "PGPORT"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT"}
    names |= {"sslkey": "PGSSLKEY", "service": "PGSERVICE", "passfile": "PGPASSFILE"}
    known = {names[name]: value for name, value in told.items() if name in names}
    known |= {"PGPASSWORD": password} if password else {}
    done = subprocess.run(
        [program, "--no-password", *arguments],
        env=surroundings(known),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{Path(program).name} : {done.stderr.strip() or done.returncode}")
