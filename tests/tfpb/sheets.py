"""Pages of this room, for the walk over every template: each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.tfpb import (
    bilan_sheets,
    circuit_sheets,
    convention_sheets,
    overview_sheets,
    programme_sheets,
    stock_sheets,
    table_sheets,
)

_PARTS = (
    stock_sheets,
    convention_sheets,
    programme_sheets,
    circuit_sheets,
    bilan_sheets,
    table_sheets,
    overview_sheets,
)
SHEETS = [sheet for part in _PARTS for sheet in part.SHEETS]


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    found: dict[str, Any] = {}
    for part in _PARTS:
        found |= part.furnish(cast)
    return found
