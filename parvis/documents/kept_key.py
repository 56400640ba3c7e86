"""A key that an installation makes for itself at the first need, and keeps in its data folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept_key(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; `make` writes it when it is not there. Readable by its owner alone.

    Written aside, then linked: two processes that start together read one key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        write_key(draft, make())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def write_key(path: Path, content: str) -> None:
    """A new file, brought to the disk; FileExistsError when there is one."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
