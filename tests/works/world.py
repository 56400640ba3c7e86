"""Objects of this room for the walk over every URL: each part brings its own."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.works import handover_world, project_world, site_world

_PARTS = (project_world, site_world, handover_world)
ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}
for _part in _PARTS:
    ARGUMENTS |= _part.ARGUMENTS
    BY_RESOURCE |= _part.BY_RESOURCE
    OBJECTS |= _part.OBJECTS


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """Our objects, or the neighbour's."""
    found: dict[str, Any] = {}
    for part in _PARTS:
        found |= part.side(cast, ours=ours, public=public)
    return found
