"""Pages of this room, for the walk over every template; each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.vigilance import sheets_door, sheets_orientation, sheets_signal

PARTS = (sheets_door, sheets_orientation, sheets_signal)
SHEETS = [sheet for part in PARTS for sheet in part.SHEETS]


def furnish(cast: Cast) -> dict[str, Any]:
    """What the pages of this room show."""
    names: dict[str, Any] = {}
    for part in PARTS:
        names |= part.furnish(cast)
    return names
