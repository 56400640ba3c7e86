"""Objects of this room for the walk over every URL: each part brings its own."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.tfpb.models import Line, Programme
from tests.cast import Cast
from tests.tfpb import (
    bilan_world,
    circuit_world,
    convention_world,
    overview_world,
    programme_world,
    stock_world,
    table_world,
)
from tests.tfpb.scene import a_convention, a_line, a_programme

_PARTS = (
    stock_world,
    convention_world,
    programme_world,
    circuit_world,
    bilan_world,
    table_world,
    overview_world,
)
ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "tfpb.convention": lambda side: {"pk": side.tfpb_convention.pk},
    "tfpb.programme": lambda side: {"pk": side.tfpb_programme.pk},
    "tfpb.line": lambda side: {"pk": side.tfpb_line.pk},
}
OBJECTS: dict[str, str] = {
    "tfpb.convention": "tfpb_convention",
    "tfpb.programme": "tfpb_programme",
    "tfpb.line": "tfpb_line",
}
for _part in _PARTS:
    ARGUMENTS |= _part.ARGUMENTS
    BY_RESOURCE |= _part.BY_RESOURCE
    OBJECTS |= _part.OBJECTS


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A running programme of our landlord in Anzin, or of another one in Raismes; everybody reads
    the published one."""
    landlord = cast.landlord if ours else cast.other_landlord
    commune = cast.anzin if ours else cast.raismes
    town = cast.town if ours else cast.other_town
    agglomeration = cast.agglomeration if ours else cast.neighbour
    convention = a_convention(
        cast,
        landlord=landlord,
        communes=[commune],
        parties=[landlord, town, agglomeration],
    )
    programme: Programme = a_programme(
        cast,
        convention=convention,
        landlord=landlord,
        commune=commune,
        year=2026 if public else 2025,
        state="running",
        published_at=timezone.now() if public else None,
    )
    line: Line = a_line(programme)
    base = {
        "tfpb_convention": convention,
        "tfpb_programme": programme,
        "tfpb_line": line,
    }
    found = dict(base)
    for part in _PARTS:
        found |= part.side(cast, ours=ours, public=public, base=base)
    return found
