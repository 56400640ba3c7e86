"""Who may see what was delivered, write its handover, and check how it lasts."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, Door, Policy, Row
from parvis.works.project_access import (
    AGGLOMERATION,
    ROLES,
    TERRITORIAL,
    WRITERS,
    ours,
    project_inside,
    project_joined,
    project_wholly,
)


def delivered_in_public(actor: Actor) -> Q:
    """Delivered by a published project."""
    return Q(operation__project__published_at__isnull=False, delivered_on__isnull=False)


def of_carried(actor: Actor) -> Q:
    return ours(actor, "operation__project__carrier_id")


def of_joined(actor: Actor) -> Q:
    return project_joined(actor, "operation__project_id")


def of_inside(actor: Actor) -> Q:
    return project_inside(actor, "operation__project_id")


def of_wholly(actor: Actor) -> Q:
    return project_wholly(actor, "operation__project_id")


def owned(actor: Actor) -> Q:
    return ours(actor, "operation__owner_id")


def taken(actor: Actor) -> Q:
    return ours(actor, "taker_id")


DELIVERY = Policy(
    "works.delivery",
    "livraison",
    scopes={
        "delivered by a published project": delivered_in_public,
        "project carried by my organisation": of_carried,
        "my organisation takes part": of_joined,
        "project touches my perimeter": of_inside,
        "project wholly in my communes": of_wholly,
        "operation owned by my organisation": owned,
        "taken over by my organisation": taken,
    },
    rows=(
        Row(ANYONE, ("see",), "delivered by a published project"),
        # `follow`: reserves, costs, checks, surveys that are not published.
        *(Row(role, ("see", "follow"), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see", "follow"), "my organisation takes part") for role in ROLES),
        *(
            Row(role, ("see", "follow"), "project touches my perimeter", TERRITORIAL)
            for role in ROLES
        ),
        *(Row(role, ("see", "follow"), "taken over by my organisation") for role in ROLES),
        *(Row(role, ("edit", "check"), "operation owned by my organisation") for role in WRITERS),
        *(Row(role, ("edit", "check"), "project carried by my organisation") for role in WRITERS),
        Row("coordination", ("edit", "check"), "project wholly in my communes", AGGLOMERATION),
        # Who keeps it up says how it lasts.
        *(Row(role, ("check",), "taken over by my organisation") for role in WRITERS),
    ),
)

DOORS: dict[str, Door] = {}
