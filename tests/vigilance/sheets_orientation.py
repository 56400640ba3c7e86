"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import Sheet

SHEETS: list[Sheet] = []


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    return {}
