"""Who may see a plan and its actions, write them, and decide of them."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.actions import convention_access
from parvis.actions.convention_access import CONVENTION, PLEDGE
from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
)

__all__ = ["ACTION", "CONVENTION", "DOORS", "PICTURE", "PLAN", "PLEDGE"]

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
WRITERS = ("coordination", "responsable", "contributeur")
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def _organised(actor: Actor, path: str) -> Q:
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def _touches(actor: Actor, path: str) -> Q:
    """The plan that this column names has a quartier in the actor's perimeter."""
    communes = set(actor.communes) | {commune for commune, _ in actor.crossings}
    quartiers = set(actor.quartiers) | {quartier for _, quartier in actor.crossings}
    if not communes and not quartiers:
        return NOTHING
    through = apps.get_model("actions", "Plan").quartiers.through.objects
    lying = Q(quartier_id__in=quartiers) | Q(quartier__communes__in=set(actor.communes))
    return Q(Exists(through.filter(lying, plan_id=OuterRef(path))))


def _has_part(actor: Actor, path: str) -> Q:
    """The actor's organisation takes part in the action that this column names."""
    if actor.organisation_id is None:
        return NOTHING
    shares = apps.get_model("actions", "PartnerShare").objects
    mine = shares.filter(action_id=OuterRef(path), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


def plan_organised(actor: Actor) -> Q:
    return _organised(actor, "organiser_id")


def plan_in_perimeter(actor: Actor) -> Q:
    return _touches(actor, "pk")


def plan_where_we_act(actor: Actor) -> Q:
    """Plans of which the actor's organisation leads an action or has a part of one."""
    if actor.organisation_id is None:
        return NOTHING
    actions = apps.get_model("actions", "Action").objects.filter(plan_id=OuterRef("pk"))
    mine = Q(lead_id=actor.organisation_id) | _has_part(actor, "pk")
    return Q(Exists(actions.filter(mine)))


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def organised(actor: Actor) -> Q:
    return _organised(actor, "plan__organiser_id")


def led(actor: Actor) -> Q:
    return _organised(actor, "lead_id")


def shared(actor: Actor) -> Q:
    return _has_part(actor, "pk")


def in_perimeter(actor: Actor) -> Q:
    return _touches(actor, "plan_id")


def of_published(actor: Actor) -> Q:
    return Q(action__published_at__isnull=False)


def of_organised(actor: Actor) -> Q:
    return _organised(actor, "action__plan__organiser_id")


def of_led(actor: Actor) -> Q:
    return _organised(actor, "action__lead_id")


def of_perimeter(actor: Actor) -> Q:
    return _touches(actor, "action__plan_id")


def of_shared(actor: Actor) -> Q:
    return _has_part(actor, "action_id")


PLAN = Policy(
    "actions.plan",
    "plan d’actions",
    scopes={
        "organised by my organisation": plan_organised,
        "my perimeter": plan_in_perimeter,
        "my organisation acts in it": plan_where_we_act,
    },
    rows=(
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "my organisation acts in it") for role in ROLES),
        *(Row(role, ("edit",), "organised by my organisation") for role in WRITERS),
    ),
)
ACTION = Policy(
    "actions.action",
    "fiche action",
    scopes={
        "published": published,
        "of our plan": organised,
        "led by my organisation": led,
        "my organisation has a part": shared,
        "my perimeter": in_perimeter,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of our plan") for role in ROLES),
        *(Row(role, ("see",), "led by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation has a part") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("edit", "validate"), "of our plan") for role in WRITERS),
        *(Row(role, ("edit",), "led by my organisation") for role in WRITERS),
    ),
)
PICTURE = Policy(
    "actions.picture",
    "photo d’une action",
    scopes={
        "of a published action": of_published,
        "of our plan": of_organised,
        "led by my organisation": of_led,
        "my organisation has a part": of_shared,
        "my perimeter": of_perimeter,
    },
    rows=(
        Row(ANYONE, ("see",), "of a published action"),
        *(Row(role, ("see",), "of our plan") for role in ROLES),
        *(Row(role, ("see",), "led by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation has a part") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("remove",), "of our plan") for role in WRITERS),
        *(Row(role, ("remove",), "led by my organisation") for role in WRITERS),
    ),
)

_PLAN, _ACTION = "actions.plan", "actions.action"
DOORS: dict[str, Door] = {
    **convention_access.DOORS,
    "actions:plans": Door(PARTNERS),
    "actions:new_plan": Door(PARTNERS, roles=("coordination", "responsable")),
    "actions:plan": Door(PARTNERS, _PLAN),
    "actions:edit_plan": Door(PARTNERS, _PLAN, "edit"),
    "actions:board": Door(PARTNERS, _PLAN),
    "actions:calendar": Door(PARTNERS, _PLAN),
    "actions:map": Door(PARTNERS, _PLAN),
    "actions:export": Door(PARTNERS, _PLAN),
    "actions:import": Door(PARTNERS, _PLAN, "edit"),
    "actions:plan_pdf": Door(PARTNERS, _PLAN),
    "actions:new": Door(PARTNERS, _PLAN, "edit"),
    "actions:ours": Door(PARTNERS),
    "actions:action": Door(EVERYONE, _ACTION),
    "actions:action_pdf": Door(EVERYONE, _ACTION),
    "actions:edit": Door(PARTNERS, _ACTION, "edit"),
    "actions:callers": Door(PARTNERS, _ACTION, "edit"),
    "actions:follow_sheet": Door(PARTNERS, _ACTION, "edit"),
    "actions:write_line": Door(PARTNERS, _ACTION, "edit"),
    "actions:tell": Door(PARTNERS, _ACTION, "edit"),
    "actions:undo": Door(PARTNERS, _ACTION, "edit"),
    "actions:advance": Door(PARTNERS, _ACTION, "edit"),
    "actions:publish": Door(PARTNERS, _ACTION, "edit"),
    "actions:tick": Door(PARTNERS, _ACTION, "edit"),
    "actions:measure": Door(PARTNERS, _ACTION, "edit"),
    "actions:give_picture": Door(PARTNERS, _ACTION, "edit"),
    "actions:picture": Door(EVERYONE, "actions.picture"),
    "actions:remove_picture": Door(PARTNERS, "actions.picture", "remove"),
}
