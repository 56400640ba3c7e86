"""Who may write, read and answer an orientation: its sender until it is sent, its receiver after.

A coordination, a manager of the sender's organisation and who runs the installation see nothing.
A responsable of the service that received it sees that it exists; to read it out of turn is logged
and told (`break`).
"""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import MINE, PARTNERS, Door, Policy, Row
from parvis.vigilance.scopes import (
    FIELD_KINDS,
    FIELD_ROLES,
    kept_by_mine,
    receives,
    written_by_me,
)
from parvis.vigilance.workflow import State

READABLE = (State.SENT, State.ACCEPTED, State.REFUSED, State.CLOSED)


def received(path: str = "") -> Q:
    """What was sent one day; what was withdrawn since keeps its line, without any content."""
    return Q(**{f"{path}sent_at__isnull": False}) & ~Q(**{f"{path}state": State.DRAFT})


def mine(actor: Actor) -> Q:
    return written_by_me(actor)


def draft_of_mine(actor: Actor) -> Q:
    return written_by_me(actor) & Q(state=State.DRAFT)


def sent_to_my_door(actor: Actor) -> Q:
    """Sent to a door where this actor was named to open them."""
    return receives(actor, "door_id") & received()


def sent_to_my_organisation(actor: Actor) -> Q:
    """Sent to a door of the actor's organisation, whoever opens it."""
    return kept_by_mine(actor, "door__organisation_id") & received()


def opened_by_others(actor: Actor) -> Q:
    """Sent to a door of the actor's organisation that others were named to open."""
    return sent_to_my_organisation(actor) & ~receives(actor, "door_id")


def secret_of_my_draft(actor: Actor) -> Q:
    return written_by_me(actor, "orientation__") & Q(orientation__state=State.DRAFT)


def secret_sent_to_my_door(actor: Actor) -> Q:
    return receives(actor, "orientation__door_id") & Q(orientation__state__in=READABLE)


def entry_of_mine(actor: Actor) -> Q:
    return written_by_me(actor, "orientation__")


def entry_at_my_door(actor: Actor) -> Q:
    return receives(actor, "orientation__door_id") & received("orientation__")


def entry_at_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "orientation__door__organisation_id") & received("orientation__")


AT_MY_DOOR = "sent to a door I open"
AT_MY_ORGANISATION = "sent to a door of my organisation"
BY_OTHERS = "sent to a door of my organisation that others open"
MY_DRAFT = "draft of mine"

ORIENTATION = Policy(
    "vigilance.orientation",
    "orientation",
    scopes={
        MINE: mine,
        MY_DRAFT: draft_of_mine,
        AT_MY_DOOR: sent_to_my_door,
        AT_MY_ORGANISATION: sent_to_my_organisation,
        BY_OTHERS: opened_by_others,
    },
    rows=(
        *(Row(role, ("see", "withdraw"), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(Row(role, ("write",), MY_DRAFT, FIELD_KINDS) for role in FIELD_ROLES),
        *(
            Row(role, ("see", "receive", "read", "answer", "withdraw"), AT_MY_DOOR, FIELD_KINDS)
            for role in FIELD_ROLES
        ),
        Row("responsable", ("see", "receive"), AT_MY_ORGANISATION, FIELD_KINDS),
        Row("responsable", ("break",), BY_OTHERS, FIELD_KINDS),
    ),
)
SECRET = Policy(
    "vigilance.secret",
    "contenu d’une orientation",
    scopes={MINE: secret_of_my_draft, AT_MY_DOOR: secret_sent_to_my_door},
    rows=(
        *(Row(role, ("see",), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(Row(role, ("see",), AT_MY_DOOR, FIELD_KINDS) for role in FIELD_ROLES),
    ),
    personal=True,
)
ENTRY = Policy(
    "vigilance.entry",
    "ligne du journal d’une orientation",
    scopes={
        MINE: entry_of_mine,
        AT_MY_DOOR: entry_at_my_door,
        AT_MY_ORGANISATION: entry_at_my_organisation,
    },
    rows=(
        *(Row(role, ("see",), MINE, FIELD_KINDS) for role in FIELD_ROLES),
        *(Row(role, ("see",), AT_MY_DOOR, FIELD_KINDS) for role in FIELD_ROLES),
        Row("responsable", ("see",), AT_MY_ORGANISATION, FIELD_KINDS),
    ),
)

_ORIENTATION = "vigilance.orientation"
DOORS: dict[str, Door] = {
    "vigilance:orientations": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:received": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:write": Door(PARTNERS, roles=FIELD_ROLES),
    "vigilance:orientation": Door(PARTNERS, _ORIENTATION),
    "vigilance:edit": Door(PARTNERS, _ORIENTATION, "write"),
    "vigilance:read": Door(PARTNERS, _ORIENTATION, "read"),
    "vigilance:break_glass": Door(PARTNERS, _ORIENTATION, "break"),
    "vigilance:answer": Door(PARTNERS, _ORIENTATION, "answer"),
    "vigilance:withdraw": Door(PARTNERS, _ORIENTATION, "withdraw"),
}
