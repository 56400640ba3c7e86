"""Who may do what in this room."""

from __future__ import annotations

from parvis.partners.rights import Door

DOORS: dict[str, Door] = {}
