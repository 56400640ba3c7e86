"""Objects of the part `overview` for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "tfpb:overview_export": lambda side: {"form": "csv"},
    "tfpb:overview_lines": lambda side: {"form": "csv"},
}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """Our objects, or the neighbour's; `base` holds the convention, the programme and the line."""
    return {}
