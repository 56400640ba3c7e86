"""The convention de GUP of the cast, with what its signatories pledge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.actions import pledging
from parvis.actions.models import Convention, Pledge
from parvis.partners.models import Signature
from tests.cast import Cast


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def signed(cast: Cast, *, public: bool = False, **fields: Any) -> Convention:
    """Claire's convention on Rives, signed by the agglomération, the town and a landlord; the
    other landlord has no part in it."""
    claire = cast.actor(cast.claire)
    given = {
        "kind": "convention_gup",
        "code": "GUP-RIVES",
        "title": "Convention de GUP des Rives",
        "communes": [cast.anzin, cast.valenciennes],
        "quartiers": [cast.rives],
        "project_quartiers": [cast.rives],
        "starts_on": today(-300),
        "ends_on": today(800),
        "signatories": [cast.agglomeration, cast.town, cast.landlord],
        **fields,
    }
    made = pledging.open_convention(actor=claire, **given)
    Signature.objects.filter(agreement=made.agreement).update(signed_on=today(-310))
    return pledging.publish_convention(made, actor=claire) if public else made


def pledged(cast: Cast, convention: Convention | None = None, **fields: Any) -> Pledge:
    """Escaut Habitat pledges to take the bulky waste out each week."""
    given = {
        "organisation": cast.landlord,
        "task": "Sortir les encombrants des halls",
        "place": "Les Tilleuls",
        "frequency": "weekly",
        **fields,
    }
    held = convention or signed(cast)
    return pledging.make_pledge(held, actor=cast.actor(cast.claire), **given)


def found(cast: Cast, pledge: Pledge, result: str, **fields: Any) -> Pledge:
    """Claire checks the pledge."""
    given = {
        "by": cast.agglomeration,
        "evidence": "Passage du 3 mars avec le gardien.",
        "checked_on": today(),
        **fields,
    }
    pledging.check_pledge(pledge, actor=cast.actor(cast.claire), result=result, **given)
    return Pledge.objects.get(pk=pledge.pk)
