"""Who may see what was delivered, write its handover, and check how it lasts."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, Door, Policy, Row
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


def check_of_carried(actor: Actor) -> Q:
    return ours(actor, "delivery__operation__project__carrier_id")


def check_of_joined(actor: Actor) -> Q:
    return project_joined(actor, "delivery__operation__project_id")


def check_of_inside(actor: Actor) -> Q:
    return project_inside(actor, "delivery__operation__project_id")


def check_of_wholly(actor: Actor) -> Q:
    return project_wholly(actor, "delivery__operation__project_id")


def check_of_owned(actor: Actor) -> Q:
    return ours(actor, "delivery__operation__owner_id")


def check_of_taken(actor: Actor) -> Q:
    return ours(actor, "delivery__taker_id")


# The rights of who follows a delivery (`see`) and of who checks it (`make`).
DURABILITY_CHECK = Policy(
    "works.durabilitycheck",
    "vérification dans la durée",
    scopes={
        "project carried by my organisation": check_of_carried,
        "my organisation takes part": check_of_joined,
        "project touches my perimeter": check_of_inside,
        "project wholly in my communes": check_of_wholly,
        "operation owned by my organisation": check_of_owned,
        "taken over by my organisation": check_of_taken,
    },
    rows=(
        *(Row(role, ("see",), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see",), "project touches my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "taken over by my organisation") for role in ROLES),
        *(Row(role, ("make",), "operation owned by my organisation") for role in WRITERS),
        *(Row(role, ("make",), "project carried by my organisation") for role in WRITERS),
        Row("coordination", ("make",), "project wholly in my communes", AGGLOMERATION),
        *(Row(role, ("make",), "taken over by my organisation") for role in WRITERS),
    ),
)

_DELIVERY, _CHECK = "works.delivery", "works.durabilitycheck"
DOORS: dict[str, Door] = {
    "works:deliveries": Door(EVERYONE),
    "works:delivery": Door(EVERYONE, _DELIVERY),
    "works:guide": Door(EVERYONE, _DELIVERY),
    "works:survey_results": Door(EVERYONE, _DELIVERY),
    # What residents answer by the link that they were given.
    "works:answer": Door(EVERYONE),
    "works:answered": Door(EVERYONE),
    # Partners.
    "works:new_delivery": Door(PARTNERS, roles=WRITERS),
    "works:edit_delivery": Door(PARTNERS, _DELIVERY, "edit"),
    "works:deliver": Door(PARTNERS, _DELIVERY, "edit"),
    "works:hand_over": Door(PARTNERS, _DELIVERY, "edit"),
    "works:handover_minutes": Door(PARTNERS, _DELIVERY, "follow"),
    "works:new_reserve": Door(PARTNERS, _DELIVERY, "edit"),
    "works:lift_reserve": Door(PARTNERS, _DELIVERY, "edit"),
    "works:new_guide": Door(PARTNERS, _DELIVERY, "edit"),
    "works:remove_guide": Door(PARTNERS, _DELIVERY, "edit"),
    "works:new_visits": Door(PARTNERS, _DELIVERY, "edit"),
    "works:remove_visits": Door(PARTNERS, _DELIVERY, "edit"),
    "works:new_workshop": Door(PARTNERS, _DELIVERY, "edit"),
    "works:attach_gathering": Door(PARTNERS, _DELIVERY, "edit"),
    "works:detach_gathering": Door(PARTNERS, _DELIVERY, "edit"),
    "works:survey": Door(PARTNERS, _DELIVERY, "follow"),
    "works:survey_letter": Door(PARTNERS, _DELIVERY, "follow"),
    "works:date_survey": Door(PARTNERS, _DELIVERY, "edit"),
    "works:enter_paper": Door(PARTNERS, _DELIVERY, "check"),
    "works:publish_survey": Door(PARTNERS, _DELIVERY, "edit"),
    "works:durability": Door(PARTNERS),
    "works:checks": Door(PARTNERS, _DELIVERY, "follow"),
    "works:check": Door(PARTNERS, _CHECK),
    "works:make_check": Door(PARTNERS, _CHECK, "make"),
    "works:act_on_check": Door(PARTNERS, _CHECK, "make"),
}
