"""The lists that sort actions, as data/lists.toml gives them, read once by each process.

Nothing of it stands in the database: it is no `lists` module, which `parvis load_lists` would load.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "lists.toml"


@dataclass(frozen=True)
class Goal:
    """Which share of the hours residents should work, from a day on, and who says so."""

    starts_on: date
    share: Decimal
    reference: str
    confirmed: bool


@cache
def _lists() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def goal_on(day: date) -> Goal | None:
    """The objective of insertion that holds on that day; None before the first one."""
    begun = [line for line in _lists()["insertion_goal"] if line["starts_on"] <= day]
    if not begun:
        return None
    last = max(begun, key=lambda line: line["starts_on"])
    return Goal(**{**last, "share": Decimal(last["share"])})


@cache
def choices(name: str) -> dict[str, str]:
    """The words of a list ("domain", "moment", "scheme", "insertion") by their code, in order."""
    return {line["code"]: line["label"] for line in _lists()[name]}


def label_of(name: str, code: str) -> str:
    """What a code is called; one that left the list is shown as it is."""
    return choices(name).get(code, code)
