"""Who may see a body, compose it, and read what it keeps to itself."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import (
    AGGLOMERATION,
    BODIES,
    ROLES,
    coordinated,
    inside,
    myself,
)
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, Door, Policy, Row


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor)


def of_my_agglomeration(actor: Actor) -> Q:
    return coordinated(actor)


def member_of_published(actor: Actor) -> Q:
    return Q(body__published_at__isnull=False)


def member_of_mine(actor: Actor) -> Q:
    return inside(actor, "body__")


def member_of_my_agglomeration(actor: Actor) -> Q:
    return coordinated(actor, "body__")


def me(actor: Actor) -> Q:
    return myself(actor)


def note_of_mine(actor: Actor) -> Q:
    return inside(actor, "body__")


BODY = Policy(
    "councils.body",
    "instance de participation",
    scopes={
        "published": published,
        "my body": of_my_body,
        "my agglomération coordinates it": of_my_agglomeration,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        # To enter is to read what the body keeps to itself: its members and their animator alone.
        *(Row(role, ("see", "enter"), "my body", BODIES) for role in ROLES),
        Row("responsable", ("edit", "compose", "speak"), "my body", BODIES),
        *(Row(role, ("see",), "my agglomération coordinates it", AGGLOMERATION) for role in ROLES),
        Row("coordination", ("edit", "compose"), "my agglomération coordinates it", AGGLOMERATION),
    ),
)
MEMBER = Policy(
    "councils.member",
    "membre d’une instance",
    scopes={
        "of a published body": member_of_published,
        "my body": member_of_mine,
        "my agglomération coordinates it": member_of_my_agglomeration,
        "myself": me,
    },
    rows=(
        # To see is to read what the member shows of themselves; to know, their name.
        Row(ANYONE, ("see",), "of a published body"),
        *(Row(role, ("see", "know"), "my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "my agglomération coordinates it", AGGLOMERATION) for role in ROLES),
        # How to reach them is for who animates the body, and for themselves.
        Row("responsable", ("reach", "act"), "my body", BODIES),
        *(Row(role, ("reach", "act"), "myself", BODIES) for role in ROLES),
    ),
)
NOTE = Policy(
    "councils.bodynote",
    "note interne d’une instance",
    scopes={"my body": note_of_mine},
    rows=tuple(Row(role, ("see", "edit"), "my body", BODIES) for role in ROLES),
)


def may_create(actor: Actor) -> bool:
    """Whether this actor may write down a body: the coordination of an agglomération."""
    return actor.role == "coordination" and actor.kind in AGGLOMERATION


DOORS: dict[str, Door] = {
    "councils:bodies": Door(EVERYONE),
    "councils:body": Door(EVERYONE, BODY.resource),
    "councils:quartier": Door(EVERYONE),
    "councils:body_rules_file": Door(EVERYONE, BODY.resource),
    "councils:recognition_file": Door(EVERYONE, BODY.resource),
    "councils:create_body": Door(PARTNERS, roles=("coordination",)),
    **{
        f"councils:{name}": Door(PARTNERS, BODY.resource, "edit")
        for name in ("edit_body", "publish_body", "dissolve_body", "change_regime", "recognise")
    },
    **{
        f"councils:{name}": Door(PARTNERS, BODY.resource, "compose")
        for name in ("composition", "open_seats", "close_seat", "add_member", "seat", "end_term")
    },
    "councils:member": Door(PARTNERS, MEMBER.resource, "know"),
    "councils:reach_member": Door(PARTNERS, MEMBER.resource, "reach"),
    "councils:member_contact": Door(PARTNERS, MEMBER.resource, "reach"),
    "councils:member_shown": Door(PARTNERS, MEMBER.resource, "act"),
    "councils:erase_member": Door(PARTNERS, MEMBER.resource, "act"),
}
