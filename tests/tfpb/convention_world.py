"""Objects of the part `convention` for the walk over every URL."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.tfpb.models import Caution, ConventionPaper
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "tfpb:lift_caution": lambda side: {
        "pk": side.tfpb_convention.pk,
        "caution": side.tfpb_caution.pk,
    },
}
BY_RESOURCE: dict[str, Any] = {"tfpb.conventionpaper": lambda side: {"pk": side.tfpb_paper.pk}}
OBJECTS: dict[str, str] = {"tfpb.conventionpaper": "tfpb_paper"}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """Our objects, or the neighbour's; `base` holds the convention, the programme and the line."""
    convention = base["tfpb_convention"]
    paper = ConventionPaper.objects.create(
        convention=convention,
        kind=ConventionPaper.Kind.TEXT,
        title="Convention signée",
        file=ContentFile(b"%PDF-1.7", "convention.pdf"),
        organisation=convention.landlord,
        at=timezone.now(),
    )
    caution = Caution.objects.create(
        convention=convention,
        kind=Caution.Kind.WARNING,
        said_on=date(2025, 3, 1),
        by=cast.agglomeration if ours else cast.neighbour,
        reason="Le bilan de l’an dernier manque.",
    )
    return {"tfpb_paper": paper, "tfpb_caution": caution}
