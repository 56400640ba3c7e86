"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.partners.rights import (
    PARTNERS,
    Door,
)
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
from parvis.toolbox.after_access import (
    CERTIFICATE,
    NEED,
    TRAINEE,
)
from parvis.toolbox.content_access import (
    CONTENT,
)
from parvis.toolbox.course_access import (
    COURSE,
    ENROLMENT,
)
from parvis.toolbox.network_access import (
    ANSWER,
    ENTRY,
    EXPERIMENT,
    QUESTION,
    STRUCTURE,
)
from parvis.toolbox.scopes import WRITERS
from parvis.toolbox.sheet_access import (
    PAPER,
    PICTURE,
    SHEET,
    USE,
)
from parvis.toolbox.swap_access import (
    FEED,
    PACKAGE,
)

__all__ = [
    "ANSWER",
    "CERTIFICATE",
    "CONTENT",
    "COURSE",
    "DOORS",
    "ENROLMENT",
    "ENTRY",
    "EXPERIMENT",
    "FEED",
    "NEED",
    "PACKAGE",
    "PAPER",
    "PICTURE",
    "QUESTION",
    "SHEET",
    "STRUCTURE",
    "TRAINEE",
    "USE",
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
