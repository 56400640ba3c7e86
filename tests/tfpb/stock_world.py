"""Objects of the part `stock` for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.tfpb.scene import some_dwellings

ARGUMENTS: dict[str, Any] = {
    "tfpb:stock_export": lambda side: {"what": "residences", "form": "csv"},
    "tfpb:stock_declaration": lambda side: {"form": "csv"},
}
BY_RESOURCE: dict[str, Any] = {"tfpb.dwellings": lambda side: {"pk": side.tfpb_dwellings.pk}}
OBJECTS: dict[str, str] = {"tfpb.dwellings": "tfpb_dwellings"}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """Our objects, or the neighbour's; `base` holds the convention, the programme and the line."""
    place = {} if ours else {"landlord": cast.other_landlord, "commune": cast.raismes}
    year = 2026 if public else 2025
    return {"tfpb_dwellings": some_dwellings(cast, tax_year=year, **place)}
