"""The tree of categories as its file gives it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "categories.toml"
# What a leaf takes from its family when it does not say its own.
_INHERITED = ("theme", "delay_days", "icon", "stop", "may_be_public", "in_dwelling", "wreck")


def tree() -> list[dict[str, Any]]:
    """Families then their leaves, in the order of the file, each with all that it inherits."""
    rows: list[dict[str, Any]] = []
    with FILE.open("rb") as file:
        families = tomllib.load(file)["family"]
    for family in families:
        rows.append({**_row(family), "parent": None})
        for leaf in family["leaf"]:
            inherited = {name: family[name] for name in _INHERITED if name in family}
            rows.append({**_row({**inherited, **leaf}), "parent": family["code"]})
    for position, row in enumerate(rows, start=1):
        row["position"] = position
    return rows


def _row(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": given["code"],
        "label": given["label"],
        "hint": given.get("hint", ""),
        "icon": given["icon"],
        "theme_code": given["theme"],
        "questions": given.get("questions", []),
        "delay_days": given["delay_days"],
        "may_be_public": given.get("may_be_public", True),
        "stop": given.get("stop", ""),
        "inside_only": given.get("inside_only", False),
        "in_dwelling": given.get("in_dwelling", False),
        "wreck": given.get("wreck", False),
    }
