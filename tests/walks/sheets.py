"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.walks.scene import called, found

SHEETS = [
    Sheet("walks/walks.html", "/diagnostics/", COORDINATION),
    Sheet("walks/walk.html", "/diagnostics/{walk}/", COORDINATION, pieces=("walks/_plan.html",)),
    Sheet("walks/observation.html", "/diagnostics/constats/{finding}/", COORDINATION),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A walk to come, with its route, and one that was walked."""
    walk = called(cast)
    return {"walk": walk.pk, "finding": found(cast, walk).pk}
