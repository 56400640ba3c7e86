"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """This part's objects of one body, ours or the neighbour's, public or not."""
    return {}
