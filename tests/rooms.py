"""The rooms whose pages and objects stand beside their own tests."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

NEWER = (
    "notices",
    "gatherings",
    "toolbox",
    "meetings",
    "vigilance",
    "works",
    "actions",
    "walks",
    "tfpb",
    "councils",
    "portal",
)


def room_module(room: str, name: str) -> Any:
    """The module `tests/<room>/<name>.py`, or None when the room has none."""
    path = f"tests.{room}.{name}"
    return import_module(path) if find_spec(path) else None
