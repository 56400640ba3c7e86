"""Pages of this room, for the walk over every template; each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import Sheet
from tests.toolbox import (
    sheets_after,
    sheets_booklet,
    sheets_content,
    sheets_course,
    sheets_edit,
    sheets_network,
    sheets_swap,
)
from tests.toolbox.scene import a_sheet

PARTS = (
    sheets_edit,
    sheets_booklet,
    sheets_course,
    sheets_after,
    sheets_network,
    sheets_swap,
    sheets_content,
)
OWN = [
    Sheet("toolbox/sheets.html", "/boite-a-outils/"),
    Sheet("toolbox/sheet.html", "/boite-a-outils/{toolbox_sheet}/"),
    Sheet("toolbox/office.html", "/atelier/", who="karim"),
]
SHEETS: list[Sheet] = [*OWN, *(sheet for part in PARTS for sheet in part.SHEETS)]


def furnish(cast: Cast) -> dict[str, Any]:
    """A published sheet, and what each part hangs on it."""
    sheet = a_sheet(cast)
    found: dict[str, Any] = {"toolbox_sheet": sheet.pk}
    for part in PARTS:
        found |= part.furnish(cast, sheet)
    return found
