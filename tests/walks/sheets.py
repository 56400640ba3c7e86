"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.walks.return_scene import a_return
from tests.walks.scene import called, found

SHEETS = [
    Sheet("walks/walks.html", "/diagnostics/", COORDINATION),
    Sheet("walks/walk.html", "/diagnostics/{walk}/", COORDINATION, pieces=("walks/_plan.html",)),
    Sheet("walks/observation.html", "/diagnostics/constats/{finding}/", COORDINATION),
    # Return
    Sheet("walks/return_form.html", "/diagnostics/{walked}/retour/", COORDINATION),
    Sheet(
        "walks/compare.html",
        "/diagnostics/{return_walk}/avant-apres/",
        COORDINATION,
        pieces=("walks/_tabs.html", "walks/_compare_row.html", "walks/_compare_picture.html"),
    ),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A walk to come, with its route, and one that was walked."""
    walk = called(cast)
    again = a_return(cast)
    return {
        "walk": walk.pk,
        "finding": found(cast, walk).pk,
        "walked": again.before_id,
        "return_walk": again.pk,
    }
