"""Files that the commands of a draw by lot read."""

from __future__ import annotations

from pathlib import Path

from parvis.councils.draw_rules import DrawRefused

MOST_BYTES = 200_000_000


def read_whole(path: Path) -> bytes:
    """The bytes of a file; DrawRefused when there is none, or far too many."""
    if not path.is_file():
        raise DrawRefused(f"Le fichier « {path} » n’existe pas.")
    if path.stat().st_size > MOST_BYTES:
        raise DrawRefused(f"Le fichier « {path} » est démesuré.")
    return path.read_bytes()


def read_salt(path: Path) -> tuple[bytes, bool]:
    """The salt kept in a file, and that it is not new; DrawRefused for anything else."""
    try:
        salt = bytes.fromhex(read_whole(path).decode("ascii").strip())
    except ValueError as error:
        raise DrawRefused(f"« {path} » ne contient pas un sel.") from error
    if len(salt) != 32:
        raise DrawRefused(f"« {path} » ne contient pas un sel de 32 octets.")
    return salt, False
