"""Objects of this room for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.actions import pact_world
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {**pact_world.BY_RESOURCE}
OBJECTS = {**pact_world.OBJECTS}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """What our agglomération, or the neighbour's, wrote."""
    return pact_world.side(cast, ours=ours, public=public)
