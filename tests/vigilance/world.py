"""Objects of this room for the walk over every URL; each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.vigilance import world_door, world_orientation, world_signal
from tests.vigilance.scene import a_door, a_receiver, an_orientation

PARTS = (world_door, world_orientation, world_signal)
ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "vigilance.supportdoor": lambda side: {"pk": side.support_door.pk},
    "vigilance.receiver": lambda side: {"pk": side.receiver.pk},
    "vigilance.orientation": lambda side: {"pk": side.orientation.pk},
}
OBJECTS: dict[str, str] = {
    "vigilance.supportdoor": "support_door",
    "vigilance.receiver": "receiver",
    "vigilance.orientation": "orientation",
}
for part in PARTS:
    ARGUMENTS |= part.ARGUMENTS
    BY_RESOURCE |= part.BY_RESOURCE
    OBJECTS |= part.OBJECTS


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A door of our town with an orientation that was sent (`public`) or is a draft, or of the
    neighbour's."""
    door = a_door(cast, cast.town if ours else cast.other_town)
    receiver = a_receiver(door, cast.sofia if ours else cast.nadia)
    orientation = an_orientation(
        cast,
        door,
        cast.ines if ours else cast.paul,
        "sent" if public else "draft",
        commune=cast.anzin if ours else cast.raismes,
    )
    made = {"support_door": door, "receiver": receiver, "orientation": orientation}
    for part in PARTS:
        if hasattr(part, "side"):
            made |= part.side(cast, ours=ours, public=public)
    return made
