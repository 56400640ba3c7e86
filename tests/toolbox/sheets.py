"""Pages of this room, for the walk over every template; each part brings its own."""

from __future__ import annotations

from typing import Any

from parvis.toolbox.sheet_acts import judge, say_used
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
from tests.toolbox.sheet_scene import a_full_sheet, again

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
    Sheet("toolbox/sheets.html", "/boite-a-outils/", pieces=("toolbox/sheet_lines.html",)),
    Sheet("toolbox/sheets.html", "/boite-a-outils/?q=marchant&tri="),
    Sheet("toolbox/sheets.html", "/boite-a-outils/?q=marchent&public=habitants"),
    Sheet("toolbox/sheets.html", "/boite-a-outils/?tri=titre"),
    Sheet(
        "toolbox/sheets.html",
        "/boite-a-outils/?public=habitants&q=zzzz",
        pieces=("toolbox/sheet_suggested.html",),
    ),
    Sheet(
        "toolbox/sheet.html",
        "/boite-a-outils/{toolbox_sheet}/",
        pieces=(
            "toolbox/sheet_sections.html",
            "toolbox/sheet_uses.html",
            "toolbox/booklet_sheet_tools.html",
            "toolbox/blocks/text.html",
            "toolbox/blocks/picture.html",
            "toolbox/blocks/table.html",
            "toolbox/blocks/note.html",
            "toolbox/blocks/steps.html",
            "toolbox/blocks/paper.html",
        ),
    ),
    Sheet(
        "toolbox/sheet.html",
        "/boite-a-outils/{toolbox_sheet}/",
        who="karim",
        pieces=("toolbox/edit_sheet_tools.html",),
    ),
    Sheet("toolbox/sheet.html", "/boite-a-outils/{toolbox_sheet}/?texte=ar"),
    Sheet("toolbox/sheet_versions.html", "/boite-a-outils/{toolbox_sheet}/versions/"),
    Sheet("toolbox/sheet_version.html", "/boite-a-outils/{toolbox_sheet}/versions/1/"),
    Sheet("toolbox/sheet_changes.html", "/boite-a-outils/{toolbox_sheet}/changements/"),
    Sheet("toolbox/office.html", "/atelier/", who="karim"),
]
SHEETS: list[Sheet] = [*OWN, *(sheet for part in PARTS for sheet in part.SHEETS)]


def furnish(cast: Cast) -> dict[str, Any]:
    """A published sheet, and what each part hangs on it."""
    sheet = again(a_full_sheet(cast), title="Préparer une marche", duration="une demi-journée")
    say_used(cast.actor(cast.luc), sheet, useful="yes", what_for="Pour la marche des Tilleuls.")
    judge(sheet, useful=True)
    found: dict[str, Any] = {"toolbox_sheet": sheet.pk}
    for part in PARTS:
        found |= part.furnish(cast, sheet)
    return found
