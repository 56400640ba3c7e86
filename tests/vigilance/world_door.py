"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any


def _commune(side: Any) -> dict[str, Any]:
    return {"code": side.support_door.communes.get().code}


ARGUMENTS: dict[str, Any] = {
    "vigilance:bill_commune": _commune,
    "vigilance:bill_need": lambda side: {**_commune(side), "need": "energie"},
    "vigilance:bill_poster": _commune,
    "vigilance:doors_table": lambda side: {"form": "csv"},
}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}
