"""What concerns one dwelling: whose it is, and what its landlord wants done with it."""

from __future__ import annotations

from datetime import date

from parvis.places.models import Residence
from parvis.reports.models import Category, DwellingDesk
from parvis.upkeep.answers import NOBODY_ANSWERS, Answer, landlord_of

NOBODY = Answer(None, "", None, NOBODY_ANSWERS)


def who_lets(residence: Residence, on: date) -> Answer:
    """The landlord of a residence that day: nobody else is told of what happens in a dwelling."""
    return landlord_of(residence.pk, on) or NOBODY


def desk_instead(category: Category, residence: Residence | None, on: date) -> DwellingDesk | None:
    """The landlord's own desk, when it wants its tenants there rather than here."""
    if not category.in_dwelling or residence is None:
        return None
    desks = DwellingDesk.objects.filter(handled_here=False).select_related("organisation")
    return desks.filter(pk=who_lets(residence, on).organisation_id).first()
