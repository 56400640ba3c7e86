"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.councils.models import Call, CalledDocument, CalledSitting, Presence, Referent
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Document, Instance, Seat, Sitting
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.works.scene import day

ARGUMENTS: dict[str, Any] = {
    "councils:yearly": lambda side: {"year": timezone.localdate().year},
    "councils:yearly_pdf": lambda side: {"year": timezone.localdate().year},
}
BY_RESOURCE: dict[str, Any] = {
    "councils.referent": lambda side: {"pk": side.referent.pk},
    "councils.calledsitting": lambda side: {"pk": side.called_sitting.pk},
    "councils.calleddocument": lambda side: {"pk": side.called_document.pk},
    "councils.call": lambda side: {"pk": side.call.pk},
}
OBJECTS: dict[str, str] = {
    "councils.referent": "referent",
    "councils.calledsitting": "called_sitting",
    "councils.calleddocument": "called_document",
    "councils.call": "call",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A member of the body is référent in an instance of its agglomération, and was called to a
    sitting with a document. That body has no référent anywhere else."""
    member = body.members.order_by("number")[0]
    quartier = body.quartiers.order_by("pk")[0]
    organiser = cast.agglomeration if ours else cast.neighbour
    instance = Instance.objects.create(
        kind="cotech", name=f"Comité de {body.organisation.name}", organiser=organiser
    )
    instance.quartiers.set([quartier])
    Seat.objects.create(instance=instance, organisation=cast.town if ours else cast.other_town)
    now = timezone.now()
    date = Gathering.objects.create(
        kind="seance",
        title=instance.name,
        starts_at=in_days(9),
        ends_at=in_days(9, 2),
        organiser=organiser,
        changed_at=now,
    )
    made = Sitting.objects.create(instance=instance, gathering=date, convened_at=now)
    paper = Document(sitting=made, title="Plan", size=8, at=now)
    paper.file.save("p.pdf", ContentFile(b"%PDF-1.7"))
    call = Presence.objects.create(member=member, sitting=made, as_referent=True, invited_at=now)
    return {
        "referent": Referent.objects.create(
            member=member, quartier=quartier, instance=instance, starts_on=day(-9)
        ),
        "called_sitting": CalledSitting.objects.get(pk=made.pk),
        "called_document": CalledDocument.objects.get(pk=paper.pk),
        "call": Call.objects.get(pk=call.pk),
    }
