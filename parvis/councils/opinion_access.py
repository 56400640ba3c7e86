"""Who may ask for an opinion, read one, and owes it a reply."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.councils.body_access import BODY
from parvis.councils.scopes import BODIES, ROLES, WRITERS, inside
from parvis.councils.workflow import OpinionState
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row


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


def sent_to_published(actor: Actor) -> Q:
    """Requests that reached a body that everybody sees: they are counted, not read."""
    return Q(sent_at__isnull=False, withdrawn_at=None, body__published_at__isnull=False)


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


def may_ask(actor: Actor) -> bool:
    """Institutions ask a body for its opinion; a body takes its own."""
    return actor.is_partner and actor.role in WRITERS and actor.kind not in BODIES


REQUEST = Policy(
    "councils.opinionrequest",
    "demande d’avis",
    scopes={
        "its opinion is public": its_opinion_is_public,
        "asked by my organisation": asked_by_us,
        "asked of my body": asked_of_my_body,
        "my organisation is to reply": we_shall_reply,
        "sent to a published body": sent_to_published,
    },
    rows=(
        Row(ANYONE, ("see",), "its opinion is public"),
        # How many of them only informed is told to everybody; what they say is not.
        Row(ANYONE, ("count",), "sent to a published body"),
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
        # To enter a reply is to write down the one that an organisation gave on paper or by mail.
        Row("responsable", ("decide", "enter_reply"), "my body", BODIES),
        *(Row(role, ("see",), "sent to my organisation") for role in ROLES),
        *(Row(role, ("reply",), "my organisation is to reply") for role in WRITERS),
    ),
)

_BODY, _REQUEST, _OPINION = BODY.resource, REQUEST.resource, OPINION.resource
DOORS: dict[str, Door] = {
    "councils:opinions": Door(EVERYONE),
    "councils:opinions_export": Door(EVERYONE),
    "councils:opinion": Door(EVERYONE, _OPINION),
    "councils:opinion_pdf": Door(EVERYONE, _OPINION),
    "councils:opinion_outcomes": Door(EVERYONE, _OPINION),
    "councils:outcomes": Door(EVERYONE, _BODY),
    "councils:opinions_of": Door(PARTNERS, _BODY, "enter"),
    "councils:new_opinion": Door(PARTNERS, _BODY, "enter"),
    "councils:opinion_versions": Door(PARTNERS, _OPINION, "debate"),
    "councils:write_opinion": Door(PARTNERS, _OPINION, "write"),
    "councils:opinion_subject": Door(PARTNERS, _OPINION, "write"),
    "councils:table_opinion": Door(PARTNERS, _OPINION, "decide"),
    "councils:adopt_opinion": Door(PARTNERS, _OPINION, "decide"),
    "councils:drop_opinion": Door(PARTNERS, _OPINION, "decide"),
    "councils:send_opinion": Door(PARTNERS, _OPINION, "decide"),
    "councils:publish_opinion": Door(PARTNERS, _OPINION, "decide"),
    "councils:reply_opinion": Door(PARTNERS, _OPINION, "reply"),
    "councils:enter_reply": Door(PARTNERS, _OPINION, "enter_reply"),
    "councils:opinion_requests": Door(PARTNERS),
    "councils:request_opinion": Door(PARTNERS, _BODY, roles=WRITERS),
    "councils:opinion_request": Door(EVERYONE, _REQUEST),
    "councils:request_document": Door(EVERYONE, _REQUEST),
    "councils:edit_request": Door(PARTNERS, _REQUEST, "edit"),
    "councils:request_subject": Door(PARTNERS, _REQUEST, "edit"),
    "councils:give_request_document": Door(PARTNERS, _REQUEST, "edit"),
    "councils:remove_request_document": Door(PARTNERS, _REQUEST, "edit"),
    "councils:send_request": Door(PARTNERS, _REQUEST, "edit"),
    "councils:withdraw_request": Door(PARTNERS, _REQUEST, "edit"),
    "councils:take_request": Door(PARTNERS, _REQUEST, "take"),
}
