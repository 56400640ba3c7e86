"""Who may see what a body brings to the préfet, and move the case on."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.body_access import BODY
from parvis.councils.scopes import BODIES, HEADS, ROLES, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def sent_to_us(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    return Q(prefet_id=actor.organisation_id, sent_at__isnull=False)


def notified_to_us(actor: Actor) -> Q:
    """Cases with a step of the actor's organisation, once they were sent."""
    if actor.organisation_id is None:
        return NOTHING
    steps = apps.get_model("councils", "ChallengeStep").objects
    ours = steps.filter(challenge_id=OuterRef("pk"), organisation_id=actor.organisation_id)
    return Q(Exists(ours)) & Q(sent_at__isnull=False)


CHALLENGE = Policy(
    "councils.challenge",
    "interpellation du préfet",
    scopes={
        "published": published,
        "my body": of_my_body,
        "sent to my organisation": sent_to_us,
        "a step is my organisation's": notified_to_us,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see", "write"), "my body", BODIES) for role in ROLES),
        Row("responsable", ("send", "follow", "extend"), "my body", BODIES),
        *(Row(role, ("see",), "sent to my organisation") for role in ROLES),
        # A step makes its organisation a reader: who has but one of them adds no other.
        *(Row(role, ("follow", "answer", "extend"), "sent to my organisation") for role in HEADS),
        *(Row(role, ("see",), "a step is my organisation's") for role in ROLES),
        *(Row(role, ("follow",), "a step is my organisation's") for role in HEADS),
    ),
)


def steps_written(actor: Actor) -> Q:
    """The steps that the actor writes: all of a case of their body or sent to their service, and
    elsewhere those of their own organisation."""
    if actor.role not in HEADS or actor.organisation_id is None:
        return NOTHING
    cases = apps.get_model("councils", "Challenge").objects
    whole = NOTHING
    if actor.role == "responsable" and actor.kind in BODIES:
        whole = of_my_body(actor)
    ours = cases.filter(whole | sent_to_us(actor) if whole != NOTHING else sent_to_us(actor))
    sent = Q(challenge__sent_at__isnull=False)
    return sent & (
        Q(Exists(ours.filter(pk=OuterRef("challenge_id"))))
        | Q(organisation_id=actor.organisation_id)
    )


DOORS: dict[str, Door] = {
    "councils:challenges": Door(EVERYONE),
    "councils:body_challenges": Door(EVERYONE, BODY.resource),
    "councils:new_challenge": Door(PARTNERS, BODY.resource, "enter"),
    "councils:challenge": Door(EVERYONE, CHALLENGE.resource),
    "councils:challenge_pdf": Door(EVERYONE, CHALLENGE.resource),
    "councils:challenge_file": Door(EVERYONE, CHALLENGE.resource),
    "councils:edit_challenge": Door(PARTNERS, CHALLENGE.resource, "write"),
    "councils:adopt_challenge": Door(PARTNERS, CHALLENGE.resource, "send"),
    "councils:reopen_challenge": Door(PARTNERS, CHALLENGE.resource, "send"),
    "councils:send_challenge": Door(PARTNERS, CHALLENGE.resource, "send"),
    "councils:publish_challenge": Door(PARTNERS, CHALLENGE.resource, "send"),
    "councils:new_challenge_step": Door(PARTNERS, CHALLENGE.resource, "extend"),
    "councils:challenge_step": Door(PARTNERS, CHALLENGE.resource, "follow"),
    "councils:answer_challenge": Door(PARTNERS, CHALLENGE.resource, "answer"),
}
