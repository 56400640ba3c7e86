"""Who may do what in this room."""

from __future__ import annotations

from parvis.actions import convention_access
from parvis.actions.convention_access import CONVENTION, PLEDGE
from parvis.partners.rights import Door

__all__ = ["CONVENTION", "DOORS", "PLEDGE"]

DOORS: dict[str, Door] = {**convention_access.DOORS}
