"""Who may see a draw, run it, and know whom it named."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import BODIES, HEADS, ROLES, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row


def sealed(actor: Actor) -> Q:
    return Q(sealed_at__isnull=False)


def run_by_us(actor: Actor) -> Q:
    return Q(runner_id=actor.organisation_id) if actor.organisation_id else NOTHING


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def named_in_ours(actor: Actor) -> Q:
    return Q(draw__runner_id=actor.organisation_id) if actor.organisation_id else NOTHING


DRAW = Policy(
    "councils.draw",
    "tirage au sort",
    scopes={"rules published": sealed, "run by us": run_by_us, "my body": of_my_body},
    rows=(
        Row(ANYONE, ("see",), "rules published"),
        *(Row(role, ("see",), "my body", BODIES) for role in ROLES),
        *(Row(role, ("see",), "run by us") for role in ROLES),
        *(Row(role, ("run",), "run by us") for role in HEADS),
    ),
)
DRAWN = Policy(
    "councils.drawnperson",
    "personne tirée au sort",
    scopes={"named in a draw run by us": named_in_ours},
    rows=tuple(Row(role, ("see", "call"), "named in a draw run by us") for role in HEADS),
    personal=True,
)

DOORS: dict[str, Door] = {}
