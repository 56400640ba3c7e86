"""Who may see référents, designate them, call them to a sitting, and read what it is about."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.body_access import BODY
from parvis.councils.scopes import (
    AGGLOMERATION,
    BODIES,
    ROLES,
    WRITERS,
    coordinated,
    inside,
    myself,
)
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row

PROJECT = "project"  # what an instance may steer, as the thread names it


def _rows(room: str, model: str) -> Any:
    """The rows of a model, found by its name: policies import no model."""
    return apps.get_model(room, model).objects


def of_published(actor: Actor) -> Q:
    return Q(member__body__published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "member__body__")


def of_my_agglomeration(actor: Actor) -> Q:
    return coordinated(actor, "member__body__")


def seen_body(actor: Actor) -> Q:
    """The body is public, or coordinated by the actor's organisation."""
    return of_published(actor) | Q(member__body__coordinator_id=actor.organisation_id)


def sent_to_us(actor: Actor) -> Q:
    """Référents in an instance that the actor's organisation holds, or for a project that such an
    instance steers; only those of bodies that the actor sees."""
    if actor.organisation_id is None:
        return NOTHING
    held = _rows("meetings", "Instance").filter(organiser_id=actor.organisation_id)
    steering = held.filter(subject_kind=PROJECT, subject_id=OuterRef("project_id"))
    ours = Q(instance__organiser_id=actor.organisation_id) | Q(Exists(steering))
    return ours & seen_body(actor)


def organised(actor: Actor) -> Q:
    """Sittings of instances that the actor's organisation holds."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(instance__organiser_id=actor.organisation_id)


def _called(actor: Actor, sitting: str) -> Q:
    """A référent of the actor’s body was called to the sitting that this column names."""
    calls = _rows("councils", "Presence").filter(
        inside(actor, "member__body__"),
        sitting_id=OuterRef(sitting),
        as_referent=True,
        invited_at__isnull=False,
    )
    return Q(Exists(calls))


def ours_there(actor: Actor) -> Q:
    """Sittings that were convened and where a référent of the actor's body is, or was called."""
    if actor.kind not in BODIES or actor.organisation_id is None:
        return NOTHING
    day = OuterRef("gathering__starts_at__date")
    running = _rows("councils", "Referent").filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        inside(actor, "member__body__"),
        starts_on__lte=day,
    )
    there = Q(Exists(running.filter(instance_id=OuterRef("instance_id")))) | Q(
        Exists(running.filter(project_id=OuterRef("instance__subject_id"))),
        instance__subject_kind=PROJECT,
    )
    return (there | _called(actor, "pk")) & Q(convened_at__isnull=False)


def _touches(quartiers: Any) -> Q:
    """The instance, or the project that it steers, lies on some of these quartiers."""
    own = _rows("meetings", "Instance").model.quartiers.through.objects.filter(
        instance_id=OuterRef("instance_id"), quartier__in=quartiers
    )
    steered = _rows("works", "RenewalProject").model.quartiers.through.objects.filter(
        renewalproject_id=OuterRef("instance__subject_id"), quartier__in=quartiers
    )
    return Q(Exists(own)) | Q(Exists(steered), instance__subject_kind=PROJECT)


def touches_my_body(actor: Actor) -> Q:
    if actor.kind not in BODIES or actor.organisation_id is None:
        return NOTHING
    bodies = _rows("councils", "Body").filter(organisation_id=actor.organisation_id)
    return _touches(bodies.values("quartiers"))


def touches_my_perimeter(actor: Actor) -> Q:
    wanted = {*actor.quartiers, *(quartier for _, quartier in actor.crossings)}
    if not (actor.communes or wanted):
        return NOTHING
    here = Q(communes__in=sorted(actor.communes)) | Q(pk__in=sorted(wanted))
    return _touches(_rows("places", "Quartier").filter(here).values("pk"))


def document_of_a_call(actor: Actor) -> Q:
    """Documents of sittings to which a référent of the actor's body was called."""
    if actor.kind not in BODIES or actor.organisation_id is None:
        return NOTHING
    return _called(actor, "sitting_id") & Q(sitting__convened_at__isnull=False)


def call_of_my_body(actor: Actor) -> Q:
    return inside(actor, "member__body__") & Q(as_referent=True)


def my_call(actor: Actor) -> Q:
    return myself(actor, "member__") & Q(as_referent=True)


def call_to_us(actor: Actor) -> Q:
    """Calls to sittings that the actor's organisation holds, of bodies that the actor sees."""
    if actor.organisation_id is None:
        return NOTHING
    held = Q(sitting__instance__organiser_id=actor.organisation_id, as_referent=True)
    return held & seen_body(actor)


REFERENT = Policy(
    "councils.referent",
    "référent",
    scopes={
        "of a published body": of_published,
        "my body": of_my_body,
        "my agglomération coordinates the body": of_my_agglomeration,
        "in an instance that we hold": sent_to_us,
    },
    rows=(
        Row(ANYONE, ("see",), "of a published body"),
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        Row("responsable", ("edit", "call"), "my body", BODIES),
        *(
            Row(role, ("see",), "my agglomération coordinates the body", AGGLOMERATION)
            for role in ROLES
        ),
        Row("coordination", ("edit",), "my agglomération coordinates the body", AGGLOMERATION),
        *(Row(role, ("call",), "in an instance that we hold") for role in WRITERS),
    ),
)
CALLED_SITTING = Policy(
    "councils.calledsitting",
    "séance où des référents sont appelés",
    scopes={
        "we hold the instance": organised,
        "référents of my body are there": ours_there,
        "on my body’s quartiers": touches_my_body,
        "on my perimeter": touches_my_perimeter,
    },
    rows=(
        *(Row(role, ("see",), "we hold the instance") for role in ROLES),
        *(Row(role, ("call",), "we hold the instance") for role in WRITERS),
        *(Row(role, ("see",), "référents of my body are there", BODIES) for role in ROLES),
        Row("responsable", ("call",), "référents of my body are there", BODIES),
        # To note is to read on which day a sitting was held, and which quartiers had nobody there.
        *(Row(role, ("note",), "we hold the instance") for role in ROLES),
        *(Row(role, ("note",), "on my body’s quartiers", BODIES) for role in ROLES),
        *(Row(role, ("note",), "on my perimeter") for role in ROLES),
    ),
)
CALLED_DOCUMENT = Policy(
    "councils.calleddocument",
    "document d’une séance où des référents sont invités",
    scopes={"a référent of my body was invited": document_of_a_call},
    rows=tuple(Row(role, ("see",), "a référent of my body was invited", BODIES) for role in ROLES),
)
CALL = Policy(
    "councils.call",
    "invitation d’un référent à une séance",
    scopes={"my body": call_of_my_body, "my own": my_call, "to our sitting": call_to_us},
    rows=(
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "to our sitting") for role in ROLES),
        *(Row(role, ("answer",), "my own", BODIES) for role in ROLES),
        Row("responsable", ("answer", "attest"), "my body", BODIES),
        *(Row(role, ("attest",), "to our sitting") for role in WRITERS),
    ),
)

_SITTING = CALLED_SITTING.resource
DOORS: dict[str, Door] = {
    "councils:referents": Door(EVERYONE),
    "councils:referent": Door(EVERYONE, REFERENT.resource),
    "councils:body_referents": Door(EVERYONE, BODY.resource),
    "councils:designate": Door(PARTNERS, BODY.resource, "compose"),
    "councils:end_designation": Door(PARTNERS, REFERENT.resource, "edit"),
    "councils:referent_sittings": Door(EVERYONE),
    "councils:referent_sitting": Door(PARTNERS, _SITTING),
    "councils:referent_contacts": Door(PARTNERS, _SITTING),
    "councils:invite_referents": Door(PARTNERS, _SITTING, "call"),
    "councils:attest_referents": Door(PARTNERS, _SITTING, "call"),
    "councils:answer_call": Door(PARTNERS, CALL.resource, "answer"),
    "councils:referent_document": Door(PARTNERS, CALLED_DOCUMENT.resource),
    "councils:yearly": Door(EVERYONE),
    "councils:yearly_pdf": Door(EVERYONE),
}
