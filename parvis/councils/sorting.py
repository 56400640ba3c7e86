"""The lists of this room, as data/lists.toml gives them, read once by each process."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "lists.toml"


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def lines(name: str) -> dict[str, dict[str, Any]]:
    """The lines of a list ("expense", "fund") by their code, in the order of the file."""
    return {line["code"]: line for line in _file()[name]}


@cache
def choices(name: str) -> dict[str, str]:
    """The words of a list by their code, in order."""
    return {code: str(line["label"]) for code, line in lines(name).items()}


def label_of(name: str, code: str) -> str:
    """What a code is called; one that left the list is shown as it is."""
    return choices(name).get(code, code)


@cache
def settings() -> dict[str, int]:
    """The figures that an agglomération may set."""
    found: dict[str, int] = _file()["settings"]
    return found
