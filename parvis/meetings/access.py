"""Who may see an instance and its sittings, hold them, and carry out what was decided."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import (
    BEARER,
    EVERYONE,
    NOTHING,
    PARTNERS,
    SIGNED_IN,
    Door,
    Policy,
    Row,
)

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
HOLDERS = ("coordination", "responsable", "contributeur")


def _organised(actor: Actor, path: str) -> Q:
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def _sits(actor: Actor, path: str) -> Q:
    """The actor's organisation has a seat in the instance that this column names."""
    if actor.organisation_id is None:
        return NOTHING
    seats = apps.get_model("meetings", "Seat").objects
    mine = seats.filter(instance_id=OuterRef(path), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


def _called(actor: Actor, instance: str, gathering: str) -> Q:
    """The actor's organisation sits in the instance, or was asked to this very date."""
    if actor.organisation_id is None:
        return NOTHING
    guests = apps.get_model("gatherings", "Guest").objects
    asked = guests.filter(gathering_id=OuterRef(gathering), organisation_id=actor.organisation_id)
    return _sits(actor, instance) | Q(Exists(asked))


def organised(actor: Actor) -> Q:
    return _organised(actor, "organiser_id")


def sits(actor: Actor) -> Q:
    return _sits(actor, "pk")


def sitting_organised(actor: Actor) -> Q:
    return _organised(actor, "instance__organiser_id")


def convened(actor: Actor) -> Q:
    """Sittings to which the actor's organisation was called; before, it is a draft."""
    return _called(actor, "instance_id", "gathering_id") & Q(convened_at__isnull=False)


def released(actor: Actor) -> Q:
    """Sittings to which the actor's organisation was called and whose relevé was sent."""
    return convened(actor) & Q(sent_at__isnull=False)


def _borne(actor: Actor, gathering: str) -> Q:
    """The organisation whose link is borne was called to the date that this column names."""
    if actor.bearer is None or actor.bearer[0] != "guest":
        return NOTHING
    guests = apps.get_model("gatherings", "Guest").objects
    return Q(Exists(guests.filter(pk=actor.bearer[1], gathering_id=OuterRef(gathering))))


def sitting_of_link(actor: Actor) -> Q:
    return _borne(actor, "gathering_id") & Q(convened_at__isnull=False)


def document_of_link(actor: Actor) -> Q:
    return _borne(actor, "sitting__gathering_id") & Q(sitting__convened_at__isnull=False)


def of_sitting_organised(actor: Actor) -> Q:
    return _organised(actor, "sitting__instance__organiser_id")


def told(actor: Actor) -> Q:
    """Decisions of the actor's instances, once the relevé was sent."""
    called = _called(actor, "sitting__instance_id", "sitting__gathering_id")
    return called & Q(sitting__sent_at__isnull=False)


def ours_to_do(actor: Actor) -> Q:
    return _organised(actor, "organisation_id") & Q(sitting__sent_at__isnull=False)


def given_with_convocation(actor: Actor) -> Q:
    called = _called(actor, "sitting__instance_id", "sitting__gathering_id")
    return called & Q(sitting__convened_at__isnull=False)


INSTANCE = Policy(
    "meetings.instance",
    "instance",
    scopes={"organised by my organisation": organised, "my organisation sits": sits},
    rows=(
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation sits") for role in ROLES),
        *(Row(role, ("edit", "hold"), "organised by my organisation") for role in HOLDERS),
    ),
)
SITTING = Policy(
    "meetings.sitting",
    "séance",
    scopes={
        "organised by my organisation": sitting_organised,
        "called to it": convened,
        "called to it and told": released,
        "link borne": sitting_of_link,
    },
    rows=(
        Row(BEARER, ("see",), "link borne"),
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "called to it") for role in ROLES),
        # The relevé is a draft of its organiser until it is sent.
        *(Row(role, ("releve",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("releve",), "called to it and told") for role in ROLES),
        *(Row(role, ("hold",), "organised by my organisation") for role in HOLDERS),
    ),
)
DECISION = Policy(
    "meetings.decision",
    "décision",
    scopes={
        "taken at our sitting": of_sitting_organised,
        "told to my organisation": told,
        "given to my organisation": ours_to_do,
    },
    rows=(
        *(Row(role, ("see",), "taken at our sitting") for role in ROLES),
        *(Row(role, ("see",), "told to my organisation") for role in ROLES),
        *(Row(role, ("see",), "given to my organisation") for role in ROLES),
        *(Row(role, ("edit", "carry"), "taken at our sitting") for role in HOLDERS),
        *(Row(role, ("carry",), "given to my organisation") for role in HOLDERS),
    ),
)
DOCUMENT = Policy(
    "meetings.document",
    "document d’une séance",
    scopes={
        "of our sitting": of_sitting_organised,
        "given with the convocation": given_with_convocation,
        "link borne": document_of_link,
    },
    rows=(
        Row(BEARER, ("see",), "link borne"),
        *(Row(role, ("see",), "of our sitting") for role in ROLES),
        *(Row(role, ("see",), "given with the convocation") for role in ROLES),
        *(Row(role, ("remove",), "of our sitting") for role in HOLDERS),
    ),
)

_SITTING = "meetings.sitting"
DOORS: dict[str, Door] = {
    "meetings:instances": Door(PARTNERS),
    "meetings:new": Door(PARTNERS, roles=("coordination", "responsable")),
    "meetings:instance": Door(PARTNERS, "meetings.instance"),
    "meetings:edit": Door(PARTNERS, "meetings.instance", "edit"),
    "meetings:plan": Door(PARTNERS, "meetings.instance", "hold"),
    "meetings:sitting": Door(PARTNERS, _SITTING),
    "meetings:change": Door(PARTNERS, _SITTING, "hold"),
    "meetings:agenda": Door(PARTNERS, _SITTING, "hold"),
    "meetings:add": Door(PARTNERS, _SITTING, "hold"),
    "meetings:item": Door(PARTNERS, _SITTING, "hold"),
    "meetings:convene": Door(PARTNERS, _SITTING, "hold"),
    "meetings:cancel": Door(PARTNERS, _SITTING, "hold"),
    "meetings:decide": Door(PARTNERS, _SITTING, "hold"),
    "meetings:minutes": Door(PARTNERS, _SITTING, "hold"),
    "meetings:send": Door(PARTNERS, _SITTING, "hold"),
    "meetings:approve": Door(PARTNERS, _SITTING, "hold"),
    "meetings:give": Door(PARTNERS, _SITTING, "hold"),
    "meetings:agenda_pdf": Door(PARTNERS, _SITTING),
    "meetings:releve_pdf": Door(PARTNERS, _SITTING, "releve"),
    "meetings:slides": Door(PARTNERS, _SITTING),
    "meetings:calendar": Door(PARTNERS, _SITTING),
    "meetings:document": Door(PARTNERS, "meetings.document"),
    "meetings:remove_document": Door(PARTNERS, "meetings.document", "remove"),
    "meetings:decision": Door(PARTNERS, "meetings.decision"),
    "meetings:edit_decision": Door(PARTNERS, "meetings.decision", "edit"),
    "meetings:advance": Door(PARTNERS, "meetings.decision", "carry"),
    "meetings:letters": Door(PARTNERS, _SITTING, "hold"),
    # By an organisation's own link.
    "meetings:invited": Door(EVERYONE),
    "meetings:invited_paper": Door(EVERYONE),
    "meetings:invited_document": Door(EVERYONE),
    "meetings:feed_address": Door(SIGNED_IN),
    "meetings:feed": Door(EVERYONE),
}
