"""Objects of the part `programme` for the walk over every URL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parvis.tfpb.models import Split, SplitPart, UsualMeans
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "tfpb:usual": lambda side: {
        "landlord": side.tfpb_programme.landlord_id,
        "year": side.tfpb_programme.year,
    },
    "tfpb:new_usual": lambda side: {"year": side.tfpb_programme.year},
    "tfpb:copy_usual": lambda side: {"year": side.tfpb_programme.year},
}
BY_RESOURCE: dict[str, Any] = {
    "tfpb.usualmeans": lambda side: {"pk": side.tfpb_usual.pk},
    "tfpb.splitpart": lambda side: {"pk": side.tfpb_part.pk},
}
OBJECTS: dict[str, str] = {
    "tfpb.usualmeans": "tfpb_usual",
    "tfpb.splitpart": "tfpb_part",
}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """A row of droit commun of that landlord, and a part that the other one proposes to it."""
    programme = base["tfpb_programme"]
    usual = UsualMeans.objects.create(
        landlord=programme.landlord,
        year=programme.year,
        domain="nettoyage",
        indicator="passages par semaine",
        outside_cost=Decimal("80.00"),
        inside_cost=Decimal("95.00"),
    )
    split = Split.objects.create(
        title="Médiation de nuit",
        pilot=cast.other_landlord if ours else cast.landlord,
        year=programme.year,
        total=Decimal("1000.00"),
        basis=Split.Basis.PERCENT,
    )
    part = SplitPart.objects.create(
        split=split,
        landlord=programme.landlord,
        weight=Decimal(40),
        percent=Decimal(40),
        amount=Decimal("400.00"),
    )
    return {"tfpb_usual": usual, "tfpb_part": part}
