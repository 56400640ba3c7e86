"""Conventions for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.actions.models import Convention, Pledge
from parvis.partners.models import Agreement, Signature
from tests.cast import Cast

BY_RESOURCE: dict[str, Any] = {
    "actions.convention": lambda side: {"pk": side.convention.pk},
    "actions.pledge": lambda side: {"pk": side.pledge.pk},
}
OBJECTS = {
    "actions.convention": "convention",
    "actions.pledge": "pledge",
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A convention of our agglomération, or of the neighbour's, with a pledge."""
    code = f"GUP-{'A' if ours else 'B'}{'P' if public else 'D'}"
    agreement = Agreement.objects.create(kind="convention_gup", code=code, title="Convention")
    agreement.communes.set([cast.anzin if ours else cast.raismes])
    pledging = cast.landlord if ours else cast.other_town
    Signature.objects.create(agreement=agreement, organisation=pledging)
    convention = Convention.objects.create(
        agreement=agreement, published_at=timezone.now() if public else None
    )
    pledge = Pledge.objects.create(
        convention=convention, organisation=pledging, number=1, task="Sortir les encombrants"
    )
    return {"convention": convention, "pledge": pledge}
