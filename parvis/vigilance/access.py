"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.partners.rights import Door
from parvis.vigilance import door_access, orientation_access, signal_access
from parvis.vigilance.door_access import DOOR, RECEIVER
from parvis.vigilance.orientation_access import ENTRY, ORIENTATION, SECRET
from parvis.vigilance.signal_access import FIGURES, SIGNAL, UNPAID

__all__ = [
    "DOOR",
    "DOORS",
    "ENTRY",
    "FIGURES",
    "ORIENTATION",
    "RECEIVER",
    "SECRET",
    "SIGNAL",
    "UNPAID",
]

DOORS: dict[str, Door] = {
    **door_access.DOORS,
    **orientation_access.DOORS,
    **signal_access.DOORS,
}
