"""The log of who read how to reach a resident.

A page shows a contact only once it was asked for by a button, which is a POST: reading a page never
writes, and nobody has a number shown without meaning to. The log is read by who answers for the
organisation, and told to the person whose contact it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import PersonalReading

KEPT = timedelta(days=365)
ABOUT_LENGTH = 120
R = TypeVar("R", bound=HttpResponseBase)


def note_readings(
    actor: Actor,
    kind: str,
    things: Iterable[tuple[int, str]],
    *,
    how: str = PersonalReading.How.PAGE,
    now: datetime | None = None,
) -> int:
    """Log that this actor reads these contacts, each with what it hangs from; how many. Who acts
    for nobody reads their own, by a link: that is not logged."""
    if actor.organisation_id is None:
        return 0
    rows = [
        PersonalReading(
            organisation_id=actor.organisation_id,
            person_id=actor.user_id,
            kind=kind,
            thing_id=pk,
            about=about[:ABOUT_LENGTH],
            how=how,
            at=now or timezone.now(),
        )
        for pk, about in things
    ]
    return len(PersonalReading.objects.bulk_create(rows))


def readings_of(kind: str, ids: Iterable[int]) -> dict[int, list[PersonalReading]]:
    """Who read the contacts of these things, oldest first. One query."""
    rows = PersonalReading.objects.filter(kind=kind, thing_id__in=list(ids))
    found: dict[int, list[PersonalReading]] = {}
    for row in rows.select_related("organisation").order_by("at", "pk"):
        found.setdefault(row.thing_id, []).append(row)
    return found


def old_readings(now: datetime) -> Any:
    """Those that were kept long enough."""
    return PersonalReading.objects.filter(at__lt=now - KEPT)
