"""What an instance may be, as data/kinds.toml lists it, read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "kinds.toml"


@dataclass(frozen=True)
class InstanceKind:
    """One kind: its name, its short name, and the words of its level."""

    code: str
    label: str
    short: str
    level: str


@cache
def kinds() -> dict[str, InstanceKind]:
    """Every kind by its code, in the order of the file."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        line["code"]: InstanceKind(**{**line, "level": data["levels"][line["level"]]})
        for line in data["kind"]
    }


def kind_of(code: str) -> InstanceKind:
    """That kind; a code that left the list is shown as it is."""
    return kinds().get(code) or InstanceKind(code, code, code, "")
