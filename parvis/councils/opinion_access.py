"""Who may ask for an opinion, read one, and owes it a reply."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.scopes import BODIES, ROLES, WRITERS, inside
from parvis.councils.workflow import OpinionState
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row


def asked_by_us(actor: Actor) -> Q:
    return Q(asker_id=actor.organisation_id) if actor.organisation_id else NOTHING


def asked_of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__") & Q(sent_at__isnull=False)


def we_shall_reply(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    return Q(replier_id=actor.organisation_id, sent_at__isnull=False)


def its_opinion_is_public(actor: Actor) -> Q:
    opinions = apps.get_model("councils", "Opinion").objects
    public = opinions.filter(request_id=OuterRef("pk"), published_at__isnull=False)
    return Q(Exists(public)) & Q(sent_at__isnull=False)


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def draft_of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__") & Q(state=OpinionState.DRAFT)


def sent_to_us(actor: Actor) -> Q:
    """Opinions that were sent to the actor's organisation, to reply or because it had asked."""
    if actor.organisation_id is None:
        return NOTHING
    ours = Q(replier_id=actor.organisation_id) | Q(request__asker_id=actor.organisation_id)
    return ours & Q(sent_at__isnull=False)


def ours_to_reply(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    return Q(replier_id=actor.organisation_id, sent_at__isnull=False)


REQUEST = Policy(
    "councils.opinionrequest",
    "demande d’avis",
    scopes={
        "its opinion is public": its_opinion_is_public,
        "asked by my organisation": asked_by_us,
        "asked of my body": asked_of_my_body,
        "my organisation is to reply": we_shall_reply,
    },
    rows=(
        Row(ANYONE, ("see",), "its opinion is public"),
        *(Row(role, ("see",), "asked by my organisation") for role in ROLES),
        *(Row(role, ("edit",), "asked by my organisation") for role in WRITERS),
        *(Row(role, ("see", "take"), "asked of my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "my organisation is to reply") for role in ROLES),
    ),
)
OPINION = Policy(
    "councils.opinion",
    "avis",
    scopes={
        "published": published,
        "my body": of_my_body,
        "in debate in my body": draft_of_my_body,
        "sent to my organisation": sent_to_us,
        "my organisation is to reply": ours_to_reply,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        # Until it is adopted and sent, an opinion is the body's alone.
        *(Row(role, ("see", "debate"), "my body", BODIES) for role in ROLES),
        *(Row(role, ("write",), "in debate in my body", BODIES) for role in ROLES),
        Row("responsable", ("decide",), "my body", BODIES),
        *(Row(role, ("see",), "sent to my organisation") for role in ROLES),
        *(Row(role, ("reply",), "my organisation is to reply") for role in WRITERS),
    ),
)

DOORS: dict[str, Door] = {}
