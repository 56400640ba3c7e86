"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.councils import body_acts
from parvis.councils.models import Recognition
from tests.cast import Cast
from tests.councils.scene import a_member, seats_of

ARGUMENTS: dict[str, Any] = {
    "councils:quartier": lambda side: {"pk": side.body_quartier.pk},
    "councils:recognition_file": lambda side: {"pk": side.body.pk, "act": side.body_act.pk},
    "councils:close_seat": lambda side: {"pk": side.body.pk, "seat": side.body_seat.pk},
    "councils:seat": lambda side: {"pk": side.body.pk, "seat": side.body_seat.pk},
    "councils:end_term": lambda side: {"pk": side.body.pk, "term": side.body_term.pk},
}
BY_RESOURCE: dict[str, Any] = {
    "councils.body": lambda side: {"pk": side.body.pk},
    "councils.member": lambda side: {"pk": side.member.pk},
}
OBJECTS: dict[str, str] = {"councils.body": "body", "councils.member": "member"}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """This part's objects of one body, ours or the neighbour's, public or not; `member` stands
    there for every part."""
    today, actor = timezone.localdate(), cast.actor(cast.claire if ours else cast.bruno)
    body.rules_file.save("reglement.pdf", ContentFile(b"%PDF-1.7 essai"))
    act = Recognition(body=body, signed_on=today, authority=cast.agglomeration)
    act.file.save("arrete.pdf", ContentFile(b"%PDF-1.7 essai"))
    held, free = seats_of(body, "acteurs")
    sitting = a_member(body, "Rose Essai", organisation=cast.association)
    return {
        "body_quartier": cast.rives if ours else cast.faubourg,
        "body_act": act,
        "body_seat": free,
        "body_term": body_acts.seat_member(held, sitting, actor=actor, starts_on=today),
    }
