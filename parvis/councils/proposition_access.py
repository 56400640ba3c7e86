"""Who may read a proposition, review it, follow it, and decide about a small project."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import (
    AGGLOMERATION,
    BODIES,
    HEADS,
    ROLES,
    in_quartier,
    inside,
)
from parvis.councils.workflow import MicroState, PropositionState
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, BEARER, NOTHING, Door, Policy, Row

LINK = "proposition"  # what its author's own link bears
HIDDEN = (PropositionState.TO_REVIEW, PropositionState.REFUSED, PropositionState.WITHDRAWN)
DECIDED = (MicroState.GRANTED, MicroState.DONE)


def public(actor: Actor) -> Q:
    return ~Q(state__in=HIDDEN)


def borne(actor: Actor) -> Q:
    if actor.bearer is None or actor.bearer[0] != LINK:
        return NOTHING
    return Q(pk=actor.bearer[1])


def followed_by_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def perimeter(actor: Actor) -> Q:
    return in_quartier(actor)


def granted(actor: Actor) -> Q:
    return Q(state__in=DECIDED)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def ours_to_pay(actor: Actor) -> Q:
    """Projects that were put before the committee of the actor's organisation."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(payer_id=actor.organisation_id, submitted_at__isnull=False)


PROPOSITION = Policy(
    "councils.proposition",
    "proposition",
    scopes={
        "reviewed": public,
        "link borne": borne,
        "followed by my body": followed_by_my_body,
        "my perimeter": perimeter,
    },
    rows=(
        Row(ANYONE, ("see", "support"), "reviewed"),
        Row(BEARER, ("see", "withdraw"), "link borne"),
        *(Row(role, ("see", "carry"), "followed by my body", BODIES) for role in ROLES),
        Row("responsable", ("review", "answer"), "followed by my body", BODIES),
        Row("coordination", ("see", "review", "answer"), "my perimeter", AGGLOMERATION),
    ),
)
MICRO_PROJECT = Policy(
    "councils.microproject",
    "projet d’habitants",
    scopes={
        "granted": granted,
        "my body": of_my_body,
        "ours to pay": ours_to_pay,
    },
    rows=(
        Row(ANYONE, ("see",), "granted"),
        *(Row(role, ("see", "edit"), "my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "ours to pay") for role in ROLES),
        *(Row(role, ("decide",), "ours to pay") for role in HEADS),
    ),
)

DOORS: dict[str, Door] = {}
