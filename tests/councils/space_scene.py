"""Sittings of a body, expenses, trainings, documents due, notes and subjects of the network."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.councils import (
    space_due_acts,
    space_expense_acts,
    space_network_acts,
    space_note_acts,
    space_training_acts,
)
from parvis.councils.models import (
    Body,
    BodyNote,
    DueDocument,
    Expense,
    Member,
    NetworkTopic,
    Presence,
    Referent,
    TrainingOffer,
)
from parvis.gatherings.models import Gathering
from parvis.meetings import acts as meetings
from parvis.meetings.models import Instance, Sitting
from parvis.partners.actors import Actor
from tests.cast import Cast
from tests.gatherings.scene import in_days


def pdf(name: str = "document.pdf") -> ContentFile[bytes]:
    """The beginning of a PDF, which is all that is looked at."""
    return ContentFile(b"%PDF-1.7 essai", name=name)


def instance_of(body: Body) -> Instance:
    """The instance in which a body itself sits."""
    found = Instance.objects.filter(organiser=body.organisation).first()
    return found or meetings.write_instance(
        Instance(organiser=body.organisation),
        kind="conseil_citoyen",
        name="Séance plénière",
        quartiers=[],
        members=[],
        chairs=[],
    )


def a_sitting(body: Body, actor: Actor, *, days: int = 7, hours: int = 2) -> Sitting:
    """A sitting of a body in some days, or some days ago."""
    made = meetings.plan_sitting(
        instance_of(body),
        actor=actor,
        starts_at=in_days(days),
        ends_at=in_days(days, hours),
        place_label="Maison de quartier",
    )
    return Sitting.objects.select_related("gathering", "instance").get(pk=made.pk)


def at(sitting: Sitting, start: Any, end: Any) -> Sitting:
    """The same sitting, at these moments."""
    Gathering.objects.filter(pk=sitting.gathering_id).update(starts_at=start, ends_at=end)
    return Sitting.objects.select_related("gathering", "instance").get(pk=sitting.pk)


def a_presence(member: Member, sitting: Sitting, **fields: Any) -> Presence:
    """A member is called to a sitting."""
    return Presence.objects.create(
        member=member, sitting=sitting, invited_at=timezone.now(), **fields
    )


def an_expense(member: Member, amount: str = "12.50", **fields: Any) -> Expense:
    """What a member paid for the bus, asked from the agglomération."""
    given = {
        "kind": "deplacement",
        "label": "Bus aller et retour",
        "amount": Decimal(amount),
        "spent_on": timezone.localdate(),
        "payer": member.body.coordinator,
        "voucher": pdf(),
        **fields,
    }
    return space_expense_acts.claim_expense(member, **given)


def a_training(body: Body, **fields: Any) -> TrainingOffer:
    """A training in ten days, offered to the bodies of the same agglomération."""
    day = timezone.localdate() + timedelta(days=10)
    given = {
        "title": "Lire un budget",
        "starts_on": day,
        "ends_on": day,
        "hours": Decimal("3.5"),
        "place": "Maison du projet",
        **fields,
    }
    return space_training_acts.offer_training(body.coordinator, **given)


def a_due_document(body: Body, cast: Cast, *, days: int = 30, **fields: Any) -> DueDocument:
    """The yearly programming, which the town owes to a body."""
    given = {
        "actor": cast.actor(cast.claire),
        "kind": "programmation",
        "title": "Programmation annuelle",
        "owed_by": cast.town,
        "due_on": timezone.localdate() + timedelta(days=days),
        **fields,
    }
    return space_due_acts.expect_document(body, **given)


def a_note(body: Body, actor: Actor, **fields: Any) -> BodyNote:
    """A note of a body."""
    given = {"title": "Brouillon", "text": "Ce que nous pensons du projet.", **fields}
    return space_note_acts.write_note(body, actor=actor, **given)


def a_referent(member: Member, cast: Cast, **fields: Any) -> Referent:
    """A member is référent of Rives from today on, in an instance of its own."""
    instance = meetings.write_instance(
        Instance(organiser=member.body.coordinator),
        kind="copil",
        name="Comité de pilotage",
        quartiers=[],
        members=[],
        chairs=[],
    )
    given = {
        "quartier": cast.rives,
        "instance": instance,
        "starts_on": timezone.localdate() - timedelta(days=3),
        **fields,
    }
    return Referent.objects.create(member=member, **given)


def a_topic(body: Body, actor: Actor, **fields: Any) -> NetworkTopic:
    """A subject of the network, with a first message."""
    given = {"title": "Préparer un COPIL", "text": "Comment faites-vous ?", **fields}
    return space_network_acts.open_topic(body, actor=actor, **given)
