"""The generation of a priority neighbourhood, told by its code, and when it is in force."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parent / "data" / "generations.toml"
_OVERSEAS = ("97", "98")


@cache
def _generations() -> list[dict[str, Any]]:
    return list(tomllib.loads(_FILE.read_text(encoding="utf-8"))["generation"])


def of(code: str) -> dict[str, Any]:
    """Generation and validity of a QPV code such as QN05920M; empty when the code tells nothing."""
    for row in _generations():
        if code.startswith(row["prefix"]):
            side = "overseas_" if code[len(row["prefix"]) :].startswith(_OVERSEAS) else ""
            return {
                "generation": row["year"],
                "valid_from": row[f"{side}from"],
                "valid_until": row.get(f"{side}until"),
            }
    return {}
