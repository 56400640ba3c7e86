"""A file appears whole under its name, or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from parvis.documents.storage import WholeFiles, files_below, sweep_drafts


@pytest.fixture
def storage(tmp_path: Path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def test_a_file_is_kept_under_its_name(storage: WholeFiles, tmp_path: Path) -> None:
    assert storage.save("a/b.txt", ContentFile(b"words")) == "a/b.txt"
    assert storage.save("c.txt", ContentFile("mots é")) == "c.txt"
    assert (tmp_path / "a/b.txt").read_bytes() == b"words"
    assert (tmp_path / "c.txt").read_text() == "mots é"


def test_a_name_that_is_taken_is_never_written_over(storage: WholeFiles, tmp_path: Path) -> None:
    first = storage.save("a.txt", ContentFile(b"first"))
    second = storage._save("a.txt", ContentFile(b"second"))  # as if chosen at the same moment
    assert first == "a.txt" != second
    assert (tmp_path / first).read_bytes() == b"first"
    assert (tmp_path / second).read_bytes() == b"second"


def test_an_upload_that_lies_on_the_disk_is_copied_whole(storage: WholeFiles) -> None:
    upload = TemporaryUploadedFile("a.pdf", "application/pdf", 5, None)
    upload.write(b"%PDF-")
    upload.seek(0)
    name = storage.save("a.pdf", upload)
    upload.close()
    with storage.open(name) as kept:
        assert kept.read() == b"%PDF-"


class Cut(ContentFile):  # type: ignore[type-arg]
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")


def test_a_write_that_fails_leaves_nothing(storage: WholeFiles, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        storage.save("a/b.txt", Cut(b""))
    assert list(files_below(tmp_path)) == []
    assert list((tmp_path / "a").iterdir()) == []


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path: Path) -> None:
    old, new, whole = tmp_path / ".1.part", tmp_path / ".2.part", tmp_path / "a.jpg"
    for path in (old, new, whole):
        path.touch()
    then = time.time() - 2 * 24 * 3600
    for path in (old, whole):
        os.utime(path, (then, then))
    assert sweep_drafts(tmp_path, 24 * 3600) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".2.part", "a.jpg"]


def test_a_link_is_no_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b.jpg").symlink_to("/etc/hostname")
    assert [path.name for path in files_below(tmp_path)] == ["a.jpg"]
