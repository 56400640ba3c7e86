"""Objects of the circuit of programmes for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.tfpb.models import Consultation, SentVersion
from parvis.tfpb.snapshot import snapshot_of
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "tfpb:advance_programme": lambda side: {"pk": side.tfpb_programme.pk, "code": "close"},
    "tfpb:version": lambda side: {"pk": side.tfpb_programme.pk, "number": 1},
    "tfpb:consultation": lambda side: {
        "pk": side.tfpb_programme.pk,
        "number": side.tfpb_consultation.pk,
    },
}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """The programme was sent once, and residents were consulted about it."""
    programme, now = base["tfpb_programme"], timezone.now()
    SentVersion.objects.create(
        programme=programme,
        of=SentVersion.Of.PROGRAMME,
        number=1,
        content=snapshot_of(programme),
        sent_at=now,
        organisation=programme.landlord,
    )
    consultation = Consultation.objects.create(
        programme=programme,
        body=Consultation.Body.TENANTS,
        name="Amicale des Tilleuls",
        held_on=timezone.localdate(),
        asked="Des bacs plus grands.",
    )
    return {"tfpb_consultation": consultation}
