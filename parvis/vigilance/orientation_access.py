"""Who may write, read and answer an orientation: its sender until it is sent, its receiver after.

A coordination, a manager of the sender's organisation and who runs the installation see nothing.
"""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import MINE, Door, Policy, Row
from parvis.vigilance.scopes import (
    FIELD_KINDS,
    FIELD_ROLES,
    kept_by_mine,
    receives,
    written_by_me,
)
from parvis.vigilance.workflow import State

RECEIVED = (State.SENT, State.ACCEPTED, State.REFUSED, State.CLOSED)


def mine(actor: Actor) -> Q:
    return written_by_me(actor)


def sent_to_my_door(actor: Actor) -> Q:
    """Sent to a door where this actor was named to open them."""
    return receives(actor, "door_id") & Q(state__in=RECEIVED)


def sent_to_my_organisation(actor: Actor) -> Q:
    """Sent to a door of the actor's organisation, whoever opens it."""
    return kept_by_mine(actor, "door__organisation_id") & Q(state__in=RECEIVED)


def secret_of_my_draft(actor: Actor) -> Q:
    return written_by_me(actor, "orientation__") & Q(orientation__state=State.DRAFT)


def secret_sent_to_my_door(actor: Actor) -> Q:
    return receives(actor, "orientation__door_id") & Q(orientation__state__in=RECEIVED)


def entry_of_mine(actor: Actor) -> Q:
    return written_by_me(actor, "orientation__")


def entry_at_my_door(actor: Actor) -> Q:
    return receives(actor, "orientation__door_id") & Q(orientation__state__in=RECEIVED)


def entry_at_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "orientation__door__organisation_id") & Q(
        orientation__state__in=RECEIVED
    )


ORIENTATION = Policy(
    "vigilance.orientation",
    "orientation",
    scopes={
        MINE: mine,
        "sent to a door I open": sent_to_my_door,
        "sent to a door of my organisation": sent_to_my_organisation,
    },
    rows=(
        *(Row(role, ("see", "send", "withdraw"), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(
            Row(role, ("see", "answer", "withdraw"), "sent to a door I open", FIELD_KINDS)
            for role in FIELD_ROLES
        ),
        Row("responsable", ("see", "break"), "sent to a door of my organisation", FIELD_KINDS),
    ),
)
SECRET = Policy(
    "vigilance.secret",
    "contenu d’une orientation",
    scopes={MINE: secret_of_my_draft, "sent to a door I open": secret_sent_to_my_door},
    rows=(
        *(Row(role, ("see",), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(Row(role, ("see",), "sent to a door I open", FIELD_KINDS) for role in FIELD_ROLES),
    ),
    personal=True,
)
ENTRY = Policy(
    "vigilance.entry",
    "ligne du journal d’une orientation",
    scopes={
        MINE: entry_of_mine,
        "sent to a door I open": entry_at_my_door,
        "sent to a door of my organisation": entry_at_my_organisation,
    },
    rows=(
        *(Row(role, ("see",), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(Row(role, ("see",), "sent to a door I open", FIELD_KINDS) for role in FIELD_ROLES),
        Row("responsable", ("see",), "sent to a door of my organisation", FIELD_KINDS),
    ),
)

DOORS: dict[str, Door] = {}
