"""How this room's things stand on the thread: each part has its file."""

from __future__ import annotations

from parvis.toolbox import (
    after_things,
    booklet_things,
    content_things,
    course_things,
    edit_things,
    network_things,
    sheet_things,
    swap_things,
)

__all__ = [
    "after_things",
    "booklet_things",
    "content_things",
    "course_things",
    "edit_things",
    "network_things",
    "sheet_things",
    "swap_things",
]
