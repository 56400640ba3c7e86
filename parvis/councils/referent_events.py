"""What happens to designations of référents, in words, and the mails that référents get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from parvis.councils.body_models import Body
from parvis.councils.presence_models import Presence
from parvis.gatherings.models import Guest
from parvis.meetings.models import Seat, Sitting
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient

REFERENT = "referent"  # the kind, as the thread names it
REFERENT_SENTENCES = {
    "designated": "Référent désigné par {concerns}",
    "ended": "Fin d’une désignation de référent de {concerns}",
}


def address_of(presence: Presence) -> str:
    """The e-mail address by which a member may be told; empty without one."""
    member = presence.member
    contact = getattr(member, "contact", None)
    return (contact.email if contact else "") or (member.user.email if member.user else "")


def told_bodies(sitting: Sitting, bodies: Iterable[int]) -> set[int]:
    """Those of these bodies whose organisation was called to the sitting: its members read the
    sitting's own page."""
    seats = Seat.objects.filter(
        instance=sitting.instance_id, organisation_id=OuterRef("organisation_id")
    )
    guests = Guest.objects.filter(
        gathering=sitting.gathering_id, organisation_id=OuterRef("organisation_id")
    )
    rows = Body.objects.filter(pk__in=set(bodies)).filter(Exists(seats) | Exists(guests))
    return set(rows.values_list("pk", flat=True))


def tell_referents(sitting: Sitting, presences: list[Presence], *, only_documents: bool) -> int:
    """Write to these référents: they are invited, or the documents have come. The agenda is told
    to those alone whose body was called to the sitting; how many mails are new."""
    told = told_bodies(sitting, [one.member.body_id for one in presences])
    by_key = {f"member:{one.member_id}": one for one in presences}
    documents = list(sitting.documents.values_list("title", flat=True))
    points = list(sitting.items.values_list("title", flat=True)) if told else []
    page = settings.SITE_URL + reverse("councils:referent_sitting", args=[sitting.pk])

    def compose(who: Recipient) -> Mail:
        one = by_key[who.key]
        words: dict[str, Any] = {
            "instance": sitting.instance,
            "gathering": sitting.gathering,
            "documents": documents,
            "points": points if one.member.body_id in told else [],
            "page": page,
            "body": one.member.body.organisation.name,
            "only_documents": only_documents,
        }
        return render("councils/notices/referent_called", words)

    event = "documents" if only_documents else "called"
    people = [Recipient(key, address_of(one)) for key, one in by_key.items()]
    return outbox.put(f"referent.{event}:{sitting.pk}", people, compose)
