"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.partners.rights import Door
from parvis.reports import (
    blackspot_access,
    contact_access,
    desk_access,
    part_access,
    report_access,
    route_access,
    word_access,
)
from parvis.reports.blackspot_access import BLACKSPOT
from parvis.reports.contact_access import CALLBACK, CONTACT
from parvis.reports.desk_access import ANSWER_TEMPLATE, COMMITMENT, DWELLING_DESK, SAVED_VIEW
from parvis.reports.part_access import PART
from parvis.reports.report_access import REPORT
from parvis.reports.route_access import ROUTE
from parvis.reports.word_access import MESSAGE, NOTE, PHOTO

__all__ = [
    "ANSWER_TEMPLATE",
    "BLACKSPOT",
    "CALLBACK",
    "COMMITMENT",
    "CONTACT",
    "DOORS",
    "DWELLING_DESK",
    "MESSAGE",
    "NOTE",
    "PART",
    "PHOTO",
    "REPORT",
    "ROUTE",
    "SAVED_VIEW",
]

DOORS: dict[str, Door] = {
    **report_access.DOORS,
    **part_access.DOORS,
    **word_access.DOORS,
    **contact_access.DOORS,
    **route_access.DOORS,
    **desk_access.DOORS,
    **blackspot_access.DOORS,
}
