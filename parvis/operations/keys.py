"""The keys of an installation: kept apart from its backups, so that neither opens anything alone.

A key file lies at the top of the data folder and its name ends in `_key`, `_keys` or `.pem`:
`secret_key` (signs sessions and links, closes second factors), `seal_keys` (closes orientations).
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from parvis.documents.storage import sync_folder

ENDINGS = ("_key", "_keys", ".pem")
FROM_SETTINGS = ("SECRET_KEY", "SEAL_KEYS")
HEAVIEST = 1_000_000  # bytes of a file of keys; a true one has a thousand
NOT_KEYS = "Ce fichier n’est pas un fichier de clés de Parvis."
_SALT = b"parvis.operations.keys"


class Refused(Exception):  # noqa: N818 - what happened
    """The keys were not put back; says why, in French."""


def key_files() -> list[Path]:
    """The files of keys of this installation."""
    return sorted(
        path
        for path in settings.VAR_DIR.iterdir()
        if path.name.endswith(ENDINGS) and path.is_file() and not path.is_symlink()
    )


def open_to_others() -> list[Path]:
    """The files of keys that somebody else of the machine may read or write."""
    shared = stat.S_IRWXG | stat.S_IRWXO
    return [path for path in key_files() if path.stat().st_mode & shared]


def marks(put_back: Mapping[str, str] | None = None) -> dict[str, str]:
    """What tells whether two installations hold the same keys, without giving them: four bytes of
    a digest that is slow to compute.

    `put_back`: files of keys that are about to lie here; a key from the settings goes before them.
    """
    found = {path.name: path.read_bytes() for path in key_files()}
    found["secret_key"] = settings.SECRET_KEY.encode()
    if settings.SEAL_KEYS:
        found["seal_keys"] = "\n".join(settings.SEAL_KEYS).encode()
    given = from_settings()
    found |= {
        name: content.encode()
        for name, content in (put_back or {}).items()
        if f"PARVIS_{name.upper()}" not in given
    }
    return {
        name: hashlib.scrypt(content.strip(), salt=_SALT, n=2**14, r=8, p=1, dklen=4).hex()
        for name, content in sorted(found.items())
    }


def from_settings() -> list[str]:
    """The settings that give a key, which no file then holds."""
    held = settings.VAR_DIR / "secret_key"
    given = not held.exists() or held.read_text() != settings.SECRET_KEY
    return [
        f"PARVIS_{name}"
        for name, true in zip(FROM_SETTINGS, (given, bool(settings.SEAL_KEYS)), strict=True)
        if true
    ]


def write_to(target: Path) -> list[str]:
    """Write the files of keys into one file that its owner alone reads; gives their names.

    FileExistsError for a name that is taken: keys are never written over.
    """
    found = {path.name: path.read_text() for path in key_files()}
    told = {"parvis_keys": 1, "made_at": datetime.now().astimezone().isoformat(), "files": found}
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(told, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return sorted(found)


def read_from(source: Path) -> dict[str, str]:
    """The files of keys in a file that `write_to` wrote, by their names."""
    if source.stat().st_size > HEAVIEST:
        raise Refused(NOT_KEYS)
    try:
        told = json.loads(source.read_text())
        files = told["files"] if told["parvis_keys"] == 1 else None
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise Refused(NOT_KEYS) from None
    if not isinstance(files, dict):
        raise Refused(NOT_KEYS)
    for name, content in files.items():
        plain = Path(name).name == name and not name.startswith(".")
        if not (plain and name.endswith(ENDINGS) and isinstance(content, str)):
            raise Refused(NOT_KEYS)
    return files


def put_back(files: dict[str, str]) -> list[str]:
    """Put files of keys in the data folder; gives the names of those that changed.

    What lay there under the same name is kept beside it, under a name that ends in `.before`.
    """
    changed = []
    for name, content in files.items():
        place = settings.VAR_DIR / name
        if place.exists() and place.read_text() == content:
            continue
        if place.exists():
            place.replace(settings.VAR_DIR / f"{name}.before")
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        changed.append(name)
    sync_folder(settings.VAR_DIR)
    return changed
