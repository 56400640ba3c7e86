"""Worksites of the cast: what tests write of them and announce."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.works.models import WorksAnnouncement, Worksite
from tests.works.scene import day


def an_announcement(worksite: Worksite, *, public: bool = True, **fields: Any) -> WorksAnnouncement:
    """The water is cut in a week, as it stands in the database, nobody being told."""
    residences = fields.pop("residences", [])
    given = {
        "title": "L’eau sera coupée mardi matin",
        "what": "Nous changeons les tuyaux de l’immeuble.",
        "starts_on": day(7),
        "ends_on": day(7),
        "nuisances": ["eau"],
        "changed_at": timezone.now(),
        "published_at": timezone.now() if public else None,
        **fields,
    }
    made = WorksAnnouncement.objects.create(worksite=worksite, **given)
    made.residences.set(residences)
    return made


def words(**fields: Any) -> dict[str, Any]:
    """What an announcement says, for the acts."""
    return {
        "title": "L’eau sera coupée mardi matin",
        "what": "Nous changeons les tuyaux de l’immeuble.",
        "starts_on": day(10),
        "ends_on": day(10),
        **fields,
    }
