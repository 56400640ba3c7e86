"""Pages of this room, for the walk over every template: each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.works import handover_sheets, project_sheets, site_sheets

_PARTS = (project_sheets, site_sheets, handover_sheets)
SHEETS = [sheet for part in _PARTS for sheet in part.SHEETS]


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    found: dict[str, Any] = {}
    for part in _PARTS:
        found |= part.furnish(cast)
    return found
