"""How walks are prepared and held, as data/grids.toml and data/practice.toml say it; each is read
once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class StopKind:
    """One type of stop with its grid: [{"theme": ..., "label": ...}, ...]."""

    code: str
    label: str
    icon: str
    looks: tuple[dict[str, str], ...]
    inside: str = ""  # where in a building (`places.models.Inside`); empty: outside


@cache
def stop_kinds() -> dict[str, StopKind]:
    """Every type of stop by its code, in the order of the file."""
    lines = tomllib.loads((DATA / "grids.toml").read_text(encoding="utf-8"))["stop"]
    return {line["code"]: StopKind(**{**line, "looks": tuple(line["looks"])}) for line in lines}


def stop_kind(code: str) -> StopKind:
    """That type; a code that left the list is shown as it is, without a grid."""
    return stop_kinds().get(code) or StopKind(code, code, "map-pin", ())


@cache
def roles() -> dict[str, str]:
    """What a participant may take on, by code."""
    return {line["code"]: line["label"] for line in _practice()["role"]}


@cache
def checklist() -> dict[str, str]:
    """What is to be ready before a walk, by code."""
    return {line["code"]: line["label"] for line in _practice()["check"]}


@cache
def severities() -> dict[int, str]:
    """How much a weakness weighs, from the least."""
    return {line["value"]: line["label"] for line in _practice()["severity"]}


def usual_stops() -> int:
    """About how many stops a route has."""
    return int(_practice()["route"]["stops"])


def days(name: str) -> int:
    """A delay of the practice, in days: "link_open_after", "account_after"."""
    return int(_practice()["days"][name])


@cache
def _practice() -> dict[str, Any]:
    return tomllib.loads((DATA / "practice.toml").read_text(encoding="utf-8"))
