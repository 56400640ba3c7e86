"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "councils.body": lambda side: {"pk": side.body.pk},
    "councils.member": lambda side: {"pk": side.member.pk},
}
OBJECTS: dict[str, str] = {"councils.body": "body", "councils.member": "member"}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """This part's objects of one body, ours or the neighbour's, public or not; `member` stands
    there for every part."""
    return {}
