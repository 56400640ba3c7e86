"""Who may do what in this room: projects, worksites and handover each have their file."""

from __future__ import annotations

from parvis.partners.rights import Door
from parvis.works import handover_access, project_access, site_access
from parvis.works.handover_access import DELIVERY, DURABILITY_CHECK
from parvis.works.project_access import (
    EMPTIED,
    OPERATION,
    PROJECT,
    PUBLIC_MEETING,
    QUESTION,
)
from parvis.works.site_access import ANNOUNCEMENT, WORKSITE

__all__ = [
    "ANNOUNCEMENT",
    "DELIVERY",
    "DOORS",
    "DURABILITY_CHECK",
    "EMPTIED",
    "OPERATION",
    "PROJECT",
    "PUBLIC_MEETING",
    "QUESTION",
    "WORKSITE",
]

DOORS: dict[str, Door] = {
    **project_access.DOORS,
    **site_access.DOORS,
    **handover_access.DOORS,
}
