"""Where files lie: whole, or not at all.

A photo is written aside, brought to the disk, then given its name: a process that is killed, a disk
that is full or a power cut leaves no half file under a name that a row may hold.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

ASIDE = ".part"  # how the name of a file ends while it is written


class WholeFiles(FileSystemStorage):
    """Django's storage in a folder, whose files appear in one piece and survive a power cut."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.parent / f".{secrets.token_hex(8)}{ASIDE}"
        try:
            self._write(draft, content)
            while True:
                try:
                    os.link(draft, target)  # refuses a name that is taken, where a move would not
                except FileExistsError:
                    target = Path(self.path(self.get_available_name(name)))
                else:
                    break
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target.parent)
        return target.relative_to(self.location).as_posix()

    def _write(self, draft: Path, content: Any) -> None:
        with draft.open("xb") as file:
            for chunk in content.chunks():
                file.write(chunk.encode() if isinstance(chunk, str) else chunk)
            file.flush()
            os.fsync(file.fileno())
        if self.file_permissions_mode is not None:
            draft.chmod(self.file_permissions_mode)


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files_below(root: Path) -> Iterator[Path]:
    """Every whole file below this folder, in the order of names; none that is being written, and
    no link, which could lead out of the folder."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.endswith(ASIDE))
        for name in sorted(names):
            path = Path(folder) / name
            if not name.endswith(ASIDE) and path.is_file() and not path.is_symlink():
                yield path


def sweep_drafts(root: Path, older_than: float) -> int:
    """Remove what killed processes left half written, `older_than` seconds ago at least; how many
    files went."""
    gone = 0
    limit = time.time() - older_than
    for folder, _, names in os.walk(root):
        for name in names:
            if not name.endswith(ASIDE):
                continue
            path = Path(folder) / name
            with suppress(FileNotFoundError):  # its writer has just ended
                if path.stat().st_mtime < limit:
                    path.unlink()
                    gone += 1
    return gone
