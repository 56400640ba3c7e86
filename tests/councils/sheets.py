"""Pages of this room, for the walk over every template; each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.councils import (
    sheets_aside,
    sheets_body,
    sheets_challenge,
    sheets_draw,
    sheets_frame,
    sheets_opinion,
    sheets_proposition,
    sheets_referent,
    sheets_space,
)
from tests.councils.scene import a_body, hugo_in
from tests.pages.sheet import Sheet

PARTS = (
    sheets_body,
    sheets_space,
    sheets_referent,
    sheets_aside,
    sheets_frame,
    sheets_challenge,
    sheets_opinion,
    sheets_proposition,
    sheets_draw,
)
SHEETS: list[Sheet] = [sheet for part in PARTS for sheet in part.SHEETS]
THIRD = len(SHEETS) // 3 + 1  # of much the same length: each worker takes some
GROUPS = {
    f"councils, {at // THIRD + 1}": SHEETS[at : at + THIRD] for at in range(0, len(SHEETS), THIRD)
}


def furnish(cast: Cast) -> dict[str, Any]:
    """A public body with hugo in it, and what each part hangs on it."""
    body = a_body(cast)
    hugo_in(cast, body)
    found: dict[str, Any] = {"council": body.pk}
    for part in PARTS:
        found |= part.furnish(cast, body)
    return found
