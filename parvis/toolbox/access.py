"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.partners.rights import PARTNERS, Door
from parvis.toolbox import (
    after_access,
    booklet_access,
    content_access,
    course_access,
    edit_access,
    network_access,
    sheet_access,
    swap_access,
)
from parvis.toolbox.sheet_access import PAPER, PICTURE, SHEET, WRITERS

__all__ = [
    "DOORS",
    "PAPER",
    "PICTURE",
    "SHEET",
]

DOORS: dict[str, Door] = {
    "toolbox:office": Door(PARTNERS, roles=WRITERS),
    **sheet_access.DOORS,
    **edit_access.DOORS,
    **booklet_access.DOORS,
    **course_access.DOORS,
    **after_access.DOORS,
    **network_access.DOORS,
    **swap_access.DOORS,
    **content_access.DOORS,
}
