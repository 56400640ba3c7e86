"""Objects of this room for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.meetings.models import AgendaItem, Decision, Document, Instance, Seat, Sitting
from tests.cast import Cast
from tests.gatherings.scene import in_days

ARGUMENTS: dict[str, Any] = {
    "meetings:advance": lambda side: {"pk": side.decision.pk, "code": "done"},
}
BY_RESOURCE: dict[str, Any] = {
    "meetings.instance": lambda side: {"pk": side.instance.pk},
    "meetings.sitting": lambda side: {"pk": side.sitting.pk},
    "meetings.decision": lambda side: {"pk": side.decision.pk},
    "meetings.document": lambda side: {"pk": side.document.pk},
}
OBJECTS = {
    "meetings.instance": "instance",
    "meetings.sitting": "sitting",
    "meetings.decision": "decision",
    "meetings.document": "document",
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """An instance of our agglomération, or of the neighbour's, and a sitting that was convened
    (`public`) or is prepared."""
    organiser = cast.agglomeration if ours else cast.neighbour
    instance = Instance.objects.create(kind="cotech", name="Comité", organiser=organiser)
    Seat.objects.create(instance=instance, organisation=cast.landlord if ours else cast.other_town)
    gathering = Gathering.objects.create(
        kind="seance",
        title="Comité",
        organiser=organiser,
        starts_at=in_days(3),
        ends_at=in_days(3, 2),
        changed_at=timezone.now(),
    )
    sitting = Sitting.objects.create(
        instance=instance, gathering=gathering, convened_at=timezone.now() if public else None
    )
    item = AgendaItem.objects.create(sitting=sitting, title="Éclairage")
    decision = Decision.objects.create(
        sitting=sitting,
        item=item,
        text="Remplacer les lampes",
        organisation=cast.landlord if ours else cast.other_town,
        taken_at=timezone.now(),
    )
    document = Document.objects.create(
        sitting=sitting,
        title="Plan",
        file=ContentFile(b"%PDF-1.7", "plan.pdf"),
        size=8,
        at=timezone.now(),
    )
    return {"instance": instance, "sitting": sitting, "decision": decision, "document": document}
