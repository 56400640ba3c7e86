"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.actions import pact_sheets
from tests.cast import Cast

SHEETS = [*pact_sheets.SHEETS]


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    return pact_sheets.furnish(cast)
