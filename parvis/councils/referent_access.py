"""Who may see référents and designate them."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import AGGLOMERATION, BODIES, ROLES, coordinated, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, Door, Policy, Row


def of_published(actor: Actor) -> Q:
    return Q(member__body__published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "member__body__")


def of_my_agglomeration(actor: Actor) -> Q:
    return coordinated(actor, "member__body__")


REFERENT = Policy(
    "councils.referent",
    "référent",
    scopes={
        "of a published body": of_published,
        "my body": of_my_body,
        "my agglomération coordinates the body": of_my_agglomeration,
    },
    rows=(
        Row(ANYONE, ("see",), "of a published body"),
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        Row("responsable", ("edit",), "my body", BODIES),
        *(
            Row(role, ("see",), "my agglomération coordinates the body", AGGLOMERATION)
            for role in ROLES
        ),
        Row("coordination", ("edit",), "my agglomération coordinates the body", AGGLOMERATION),
    ),
)

DOORS: dict[str, Door] = {}
