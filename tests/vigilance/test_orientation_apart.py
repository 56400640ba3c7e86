"""Orientations stand apart: in no register, index, thread or due list of the house."""

from __future__ import annotations

import ast
from pathlib import Path

import parvis.vigilance
from parvis.thread import register

ROOM = Path(parvis.vigilance.__file__).parent
FORBIDDEN = ("parvis.thread", "parvis.search")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_module_of_the_room_knows_the_thread_or_the_search() -> None:
    paths = sorted(ROOM.rglob("*.py"))
    assert len(paths) > 20
    faults = [
        f"{path.relative_to(ROOM)}: {name}"
        for path in paths
        for name in imported(path)
        if name.startswith(FORBIDDEN)
    ]
    assert not faults


def test_no_kind_of_the_room_is_registered() -> None:
    assert not (ROOM / "things.py").exists()
    assert not (ROOM / "events.py").exists()
    names = {one.__class__.__module__ + str(one) for one in register.kinds().values()}
    assert names
    assert not [name for name in names if "vigilance" in name or "orientation" in name.lower()]
