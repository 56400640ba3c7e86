"""What a gathering may be, as data/kinds.toml lists it, read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "kinds.toml"
SEANCE = "seance"  # of an instance: the room of meetings plans it
PREPARATION = "preparation"  # of a body of participation, which plans it and never shows it
DIAGNOSTIC = "diagnostic"  # en marchant: its own room plans it
COURSE, WORKSHOP = "cours", "cours_atelier"  # dates of a programme, which the toolbox plans


@dataclass(frozen=True)
class GatheringKind:
    """One kind; `open`: people of the quartier may come; `apart`: a room of its own plans it;
    `programme`: one registers there for all the dates of a programme."""

    code: str
    label: str
    icon: str
    open: bool
    apart: bool = False
    programme: bool = False


@cache
def kinds() -> dict[str, GatheringKind]:
    """Every kind by its code, in the order of the file."""
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))["kind"]
    return {line["code"]: GatheringKind(**line) for line in lines}


def label_of(code: str) -> str:
    """What this kind is called; a code that left the list is shown as it is."""
    found = kinds().get(code)
    return found.label if found else code
