"""Backups: whole, of one state, without keys; put back where nothing is; refused when damaged."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import stat
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from parvis.notices.models import PhoneCheck
from parvis.operations import archives, backups, databases, keys, restoring
from parvis.places.models import Commune
from parvis.toolbox.models import Booklet
from tests import bench

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {"01001": "Premier", "01002": "Deuxième"}


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    """An installation with two communes, two files, and keys of its own."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.MEDIA_ROOT = tmp_path / "var/media"
    (settings.VAR_DIR / "secret_key").write_text(settings.SECRET_KEY)
    (settings.VAR_DIR / "secret_key").chmod(0o600)
    for code, name in NAMES.items():
        Commune.objects.create(code=code, name=name)
    for name in ("photos/2026/01/a.jpg", "photos/2026/02/b é.jpg"):
        default_storage.save(name, ContentFile(name.encode()))
    return tmp_path


@contextmanager
def elsewhere(settings: Any, folder: Path) -> Iterator[None]:
    """Another installation, where nothing was ever put."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    if bench.ON_POSTGRESQL:
        name = f"restored_{bench.worker()}"
        bench.drop_database(name)
        bench._as_owner(f'CREATE DATABASE "{name}"')
    else:
        name = str(folder / "parvis.sqlite3")
    var, media = settings.VAR_DIR, settings.MEDIA_ROOT
    settings.VAR_DIR, settings.MEDIA_ROOT = folder, folder / "media"
    folder.mkdir()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        settings.VAR_DIR, settings.MEDIA_ROOT = var, media
        if bench.ON_POSTGRESQL:
            bench.drop_database(name)


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


# --- Making -------------------------------------------------------------------------------------


def test_an_archive_holds_rows_and_files_and_says_so(house: Path) -> None:
    made = backups.back_up(house / "kept")
    told = archives.check(made.path)
    assert told.counts["places_commune"] == 2
    assert [name for name in told.sums if name.startswith("media/")] == [
        "media/photos/2026/01/a.jpg",
        "media/photos/2026/02/b é.jpg",
    ]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [path.name for path in (house / "kept").iterdir()] == [made.path.name]


def test_no_key_is_in_the_archive(house: Path, settings: Any) -> None:
    (settings.VAR_DIR / "seal_keys").write_text("a-seal-key-that-nobody-else-has")
    made = backups.back_up(house / "kept")
    content = made.path.read_bytes()
    assert settings.SECRET_KEY.encode() not in content
    assert b"a-seal-key-that-nobody-else-has" not in content
    assert set(made.manifest.keys) == {"secret_key", "seal_keys"}


def test_a_file_that_a_row_names_and_that_is_gone_is_told(house: Path) -> None:
    Booklet.objects.create(title="Livret", asked_at=timezone.now(), file="booklets/gone.pdf")
    assert backups.back_up(house / "kept").manifest.missing == ["booklets/gone.pdf"]


def test_what_is_being_written_is_left_out(house: Path, settings: Any) -> None:
    (settings.MEDIA_ROOT / "photos/.0123.part").write_bytes(b"half")
    made = backups.back_up(house / "kept")
    assert not [name for name in made.manifest.sums if name.endswith(".part")]


@pytest.mark.skipif(bench.ON_POSTGRESQL, reason="the copy of SQLite; PostgreSQL's is its own")
def test_a_copy_taken_under_writes_is_one_state(house: Path) -> None:
    """Each transaction writes two rows: no copy holds one of them alone."""
    place = connection.settings_dict["NAME"]
    stop = threading.Event()
    with closing(sqlite3.connect(place, timeout=20)) as link:
        link.execute("CREATE TABLE pairs (number INTEGER)")

    def write() -> None:
        with closing(sqlite3.connect(place, timeout=20, isolation_level=None)) as link:
            number = 0
            while not stop.is_set():
                number += 1
                link.execute("BEGIN IMMEDIATE")
                link.execute("INSERT INTO pairs VALUES (?)", [number])
                link.execute("INSERT INTO pairs VALUES (?)", [number])
                link.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        start = timezone.now()
        for second in range(3):
            made = backups.back_up(house / "kept", start + timedelta(seconds=second))
            counts.append(made.manifest.counts["pairs"])
            time.sleep(0.1)
    finally:
        stop.set()
        writer.join()
        with closing(sqlite3.connect(place, timeout=20)) as link:
            link.execute("DROP TABLE pairs")
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert [count % 2 for count in counts] == [0, 0, 0]


def test_a_full_disk_leaves_nothing_and_says_so(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "write", full)
    with pytest.raises(CommandError, match="disque est plein"):
        call_command("backup", house / "kept")
    assert list((house / "kept").iterdir()) == []


def test_only_the_newest_are_kept_and_nothing_else_is_removed(house: Path) -> None:
    folder = house / "kept"
    folder.mkdir()
    for name in ("parvis-20200101-000000.tar", "parvis-20210101-000000.tar", "parvis-mine.tar"):
        (folder / name).touch()
    call_command("backup", folder, keep=2, verbosity=0)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "parvis-20210101-000000.tar"
    assert len(names) == 3
    assert "parvis-mine.tar" in names


def test_keys_go_into_a_file_that_its_owner_alone_reads(house: Path, settings: Any) -> None:
    target = house / "keys.json"
    out = io.StringIO()
    call_command("backup", keys=target, stdout=out)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert keys.read_from(target) == {"secret_key": settings.SECRET_KEY}
    assert "jamais avec elles" in out.getvalue()
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("backup", keys=target)


# --- Putting back -------------------------------------------------------------------------------


def test_an_empty_place_gets_the_rows_and_the_files(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    Commune.objects.create(code="01003", name="Après la sauvegarde")
    with elsewhere(settings, house / "new"):
        restoring.restore(made.path)
        assert dict(Commune.objects.values_list("code", "name")) == NAMES
        found = (settings.MEDIA_ROOT / "photos/2026/02/b é.jpg").read_bytes()
        assert found == "photos/2026/02/b é.jpg".encode()
        assert [path.name for path in settings.MEDIA_ROOT.iterdir()] == ["photos"]
    assert Commune.objects.count() == 3


def test_an_installation_without_any_file_is_restored_too(house: Path, settings: Any) -> None:
    shutil.rmtree(settings.MEDIA_ROOT)
    made = backups.back_up(house / "kept")
    with elsewhere(settings, house / "new"):
        restoring.restore(made.path)
        assert Commune.objects.count() == 2


def test_a_place_that_holds_something_is_not_touched(house: Path) -> None:
    made = backups.back_up(house / "kept")
    Commune.objects.create(code="01003", name="Après la sauvegarde")
    with pytest.raises(restoring.Refused, match="rien n’a été touché"):
        restoring.restore(made.path)
    assert Commune.objects.count() == 3


def test_files_alone_are_enough_to_refuse(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    with elsewhere(settings, house / "new"):
        default_storage.save("photos/mine.jpg", ContentFile(b"mine"))
        with pytest.raises(restoring.Refused, match="a des fichiers"):
            restoring.restore(made.path)


@pytest.mark.skipif(bench.ON_POSTGRESQL, reason="a database of PostgreSQL stays where it is")
def test_what_was_there_can_be_moved_aside(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    with elsewhere(settings, house / "new"):
        restoring.restore(made.path)
        Commune.objects.create(code="01003", name="Après la sauvegarde")
        connection.close()
        restoring.restore(made.path, aside=True)
        assert Commune.objects.count() == 2
        (aside,) = (house / "new").glob("aside-*")
        with closing(sqlite3.connect(aside / "parvis.sqlite3")) as link:
            assert link.execute("SELECT count(*) FROM places_commune").fetchone() == (3,)
        assert (aside / "media/photos/2026/01/a.jpg").exists()


def test_a_database_of_postgresql_is_never_moved_aside(house: Path) -> None:
    made = backups.back_up(house / "kept")
    if not bench.ON_POSTGRESQL:
        pytest.skip("about PostgreSQL")
    with pytest.raises(restoring.Refused, match="createdb"):
        restoring.restore(made.path, aside=True)
    assert Commune.objects.count() == 2


def test_an_archive_of_a_newer_version_is_refused(
    house: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = databases.copy_to

    def newer(target: Path) -> databases.Copy:
        made = copy(target)
        made.migrations.append("places.0999_from_the_future")
        return made

    monkeypatch.setattr(databases, "copy_to", newer)
    made = backups.back_up(house / "kept")
    with (
        elsewhere(settings, house / "new"),
        pytest.raises(restoring.Refused, match="0999_from_the_future"),
    ):
        restoring.restore(made.path)


def test_an_archive_of_the_other_database_is_refused(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    parts = members(made.path)
    told = json.loads(parts["manifest.json"])
    ours = archives.DATABASES[told["database"]]
    told["database"] = "sqlite" if told["database"] == "postgresql" else "postgresql"
    theirs = archives.DATABASES[told["database"]]
    told["sums"] = {name.replace(ours, theirs): held for name, held in told["sums"].items()}
    rewrite(made.path, {name.replace(ours, theirs): held for name, held in parts.items()}, told)
    with pytest.raises(restoring.Refused, match=told["database"]):
        restoring.restore(made.path)


def test_rows_that_do_not_add_up_are_told(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    parts = members(made.path)
    told = json.loads(parts["manifest.json"])
    told["counts"]["places_commune"] = 7
    rewrite(made.path, parts, told)
    with (
        elsewhere(settings, house / "new"),
        pytest.raises(restoring.Refused, match="places_commune"),
    ):
        restoring.restore(made.path)


def test_nothing_is_restored_under_a_site_that_runs(house: Path, settings: Any) -> None:
    from parvis.operations.processes import LOCK, holding

    made = backups.back_up(house / "kept")
    with (
        elsewhere(settings, house / "new"),
        holding(settings.VAR_DIR / LOCK, alone=False),
        pytest.raises(CommandError, match="tourne encore"),
    ):
        call_command("restore", made.path)


def test_other_keys_are_noticed_and_the_right_ones_put_back(house: Path, settings: Any) -> None:
    made = backups.back_up(house / "kept")
    assert restoring.changed_keys(made.manifest, keys.marks()) == []
    keys.write_to(house / "keys.json")
    (settings.VAR_DIR / "secret_key").write_text("another")
    settings.SECRET_KEY = "another"
    assert restoring.changed_keys(made.manifest, keys.marks()) == ["secret_key"]
    held = keys.read_from(house / "keys.json")
    settings.SECRET_KEY = (settings.VAR_DIR / "secret_key").read_text()  # as in a new process
    assert restoring.changed_keys(made.manifest, keys.marks(held)) == []
    assert keys.put_back(keys.read_from(house / "keys.json")) == ["secret_key"]
    assert (settings.VAR_DIR / "secret_key.before").read_text() == "another"
    assert (settings.VAR_DIR / "secret_key").read_text() != "another"


# --- Damaged ------------------------------------------------------------------------------------


def rewrite(path: Path, parts: dict[str, bytes], told: dict[str, Any] | None = None) -> None:
    """An archive with these members, sealed as ours are."""
    import hashlib

    if told is not None:
        parts = {**parts, "manifest.json": json.dumps(told).encode()}
        parts["manifest.sha256"] = hashlib.sha256(parts["manifest.json"]).hexdigest().encode()
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.fixture
def archive(house: Path) -> Path:
    return backups.back_up(house / "kept").path


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_archive_is_refused(archive: Path, part: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(archives.Damaged):
        archives.check(archive)


def test_each_changed_byte_that_matters_is_noticed(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    with tarfile.open(archive) as tar:
        spots = [m.offset_data + m.size // 2 for m in tar] + [m.offset + 3 for m in tar]
    for spot in spots:
        content[spot] ^= 1
        archive.write_bytes(content)
        with pytest.raises(archives.Damaged):
            archives.check(archive)
        content[spot] ^= 1
    archive.write_bytes(content)
    archives.check(archive)


def test_a_foreign_tar_and_what_is_no_tar_are_refused(house: Path) -> None:
    foreign, text = house / "foreign.tar", house / "text.tar"
    rewrite(foreign, {"media/a.jpg": b"a"})
    text.write_text("not a tar")
    for path in (foreign, text):
        with pytest.raises(archives.Damaged, match="pas une sauvegarde"):
            archives.check(path)


@pytest.mark.parametrize(
    "name", ["../out", "/etc/out", "media/../../out", "media/./a", "media//a", "media/", "other/a"]
)
def test_a_name_that_leads_out_is_refused(archive: Path, name: str) -> None:
    parts = members(archive)
    rewrite(archive, {name: b"out", **parts})
    with pytest.raises(archives.Damaged):
        archives.check(archive)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_devices_and_folders_are_refused(archive: Path, kind: bytes) -> None:
    with tarfile.open(archive, "a") as tar:
        member = tarfile.TarInfo("media/link")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(archives.Damaged, match="autre chose"):
        archives.check(archive)


def test_a_file_too_many_or_twice_is_refused(archive: Path) -> None:
    spare = archive.with_suffix(".spare")
    shutil.copy(archive, spare)
    for name in ("media/more.jpg", "media/photos/2026/01/a.jpg"):
        shutil.copy(spare, archive)
        with tarfile.open(archive, "a") as tar:
            member = tarfile.TarInfo(name)
            tar.addfile(member)
        with pytest.raises(archives.Damaged):
            archives.check(archive)


def test_a_check_tells_and_writes_nothing(archive: Path, settings: Any) -> None:
    before = sorted(settings.VAR_DIR.rglob("*"))
    out = io.StringIO()
    call_command("restore", archive, check=True, stdout=out)
    assert "2 fichiers ; intacte." in out.getvalue()
    assert sorted(settings.VAR_DIR.rglob("*")) == before


# --- After --------------------------------------------------------------------------------------


def test_after_a_restoration_sessions_are_closed_and_what_is_due_is_erased(house: Path) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store.create()
    asked = timezone.now() - timedelta(days=400)
    PhoneCheck.objects.create(fingerprint="f" * 32, phone="+33612345678", asked_at=asked)
    out = io.StringIO()
    call_command("settle_restored", since=datetime.now().astimezone(), stdout=out)
    assert "1 session(s) fermée(s)" in out.getvalue()
    assert not SessionStore().exists(store.session_key)
    assert not PhoneCheck.objects.exists()  # one of those that `retention` erases
