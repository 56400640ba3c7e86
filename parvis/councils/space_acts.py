"""Calling members to a sitting of their body, what they answer, and who came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.councils.answers import BODIES
from parvis.councils.body_acts import held
from parvis.councils.models import Body, Member, Presence, Term
from parvis.councils.referent_acts import call_substitutes
from parvis.councils.space_mail import tell_members
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused

ANSWERS = Presence.Answer
# What the animator writes of somebody after a sitting: its code, and its words.
CAME, EXCUSED, ABSENT = "came", "excused", "absent"
RECORDED = {CAME: "présent", EXCUSED: "excusé", ABSENT: "absent sans excuse"}


def members_on(body: Body, day: Any) -> Any:
    """The members of a body whose term runs on that day, with how to reach them."""
    running = Term.objects.on(day).filter(member__body=body)
    rows = Member.objects.filter(body=body, pk__in=running.values("member_id"))
    return rows.select_related("contact", "user").order_by("number")


def call_members(sitting: Sitting, *, actor: Actor, now: datetime | None = None) -> int:
    """Call every member with a running term to a sitting of their own body; how many messages
    leave. Done again, it calls who joined since, and tells the others nothing.

    Refused when the sitting is over or called off, or when nobody holds a seat.
    """
    at = now or timezone.now()
    gathering = sitting.gathering
    if gathering.cancelled_at:
        raise Refused("Cette séance est annulée.")
    if gathering.ends_at < at:
        raise Refused("Cette séance est passée : notez plutôt qui était là.")
    body = BODIES.get(organisation_id=sitting.instance.organiser_id)
    with transaction.atomic():
        held(body)
        members = list(members_on(body, timezone.localdate(gathering.starts_at)))
        if not members:
            raise Refused("Aucun membre n’a de mandat en cours ce jour-là.")
        Presence.objects.bulk_create(
            [Presence(member=one, sitting=sitting, invited_at=at) for one in members],
            ignore_conflicts=True,
        )
        Presence.objects.filter(sitting=sitting, member__body=body, invited_at=None).update(
            invited_at=at
        )
        return tell_members(
            f"councils.sitting:{sitting.pk}",
            members,
            "called",
            body=body,
            sitting=sitting,
            gathering=gathering,
        )


def answer_presence(presence: Presence, answer: str, *, now: datetime | None = None) -> Presence:
    """A member will come, or is excused; it may be changed until the sitting is over. The
    substitute of a référent who is excused is called at once.

    Refused afterwards, or when the sitting was called off.
    """
    if answer not in (ANSWERS.COMING, ANSWERS.EXCUSED):
        raise Refused("Répondez « je viens » ou « je suis excusé ».")
    with transaction.atomic():
        rows = Presence.objects.select_for_update(of=("self",))
        fresh = rows.select_related("sitting__gathering").get(pk=presence.pk)
        gathering = fresh.sitting.gathering
        if gathering.cancelled_at:
            raise Refused("Cette séance est annulée.")
        if gathering.ends_at < (now or timezone.now()):
            raise Refused("Cette séance est passée.")
        fresh.answer = answer
        fresh.save(update_fields=["answer"])
        if fresh.as_referent and answer == ANSWERS.EXCUSED:
            call_substitutes(fresh.sitting, now=now)
    return fresh


def record_presences(
    sitting: Sitting, said: Mapping[int, str], *, body: Body, now: datetime | None = None
) -> int:
    """Write who came, by the id of their presence; an empty word takes it back. How many were
    written. Refused before the sitting begins."""
    if sitting.gathering.starts_at > (now or timezone.now()):
        raise Refused("La séance n’a pas commencé : on ne sait pas encore qui vient.")
    with transaction.atomic():
        rows = list(
            Presence.objects.select_for_update(of=("self",)).filter(
                sitting=sitting, member__body=body, pk__in=said
            )
        )
        for row in rows:
            word = said[row.pk]
            row.came = None if word not in RECORDED else word == CAME
            if word == EXCUSED:
                row.answer = ANSWERS.EXCUSED
            elif word == ABSENT and row.answer == ANSWERS.EXCUSED:
                row.answer = ANSWERS.AWAITED
        Presence.objects.bulk_update(rows, ["came", "answer"])
    return len(rows)
