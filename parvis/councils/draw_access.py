"""Who may see a draw, run it, and know whom it named."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import BODIES, HEADS, ROLES, coordinated, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row


def sealed(actor: Actor) -> Q:
    return Q(sealed_at__isnull=False, body__published_at__isnull=False)


def run_by_us(actor: Actor) -> Q:
    return Q(runner_id=actor.organisation_id) if actor.organisation_id else NOTHING


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


def listed_by_us(actor: Actor) -> Q:
    return Q(source__draw__runner_id=actor.organisation_id) if actor.organisation_id else NOTHING


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

# A row of a source list says who somebody is: only who runs the draw reads it, to settle what the
# computer could not.
LISTED = Policy(
    "councils.listedperson",
    "personne d’une liste source",
    scopes={"of a list of ours": listed_by_us},
    rows=tuple(Row(role, ("see",), "of a list of ours") for role in HEADS),
    personal=True,
)


def drawable(actor: Actor) -> Q:
    """The bodies for which this actor may begin a draw: its coordination, or who carries it."""
    if actor.organisation_id is None or actor.role not in HEADS:
        return NOTHING
    condition = Q(carrier_id=actor.organisation_id)
    return condition | coordinated(actor) if actor.role == "coordination" else condition


_SEE = Door(EVERYONE, DRAW.resource)
_RUN = Door(PARTNERS, DRAW.resource, "run")
_CALL = Door(PARTNERS, DRAWN.resource, "call")
DOORS: dict[str, Door] = {
    "councils:draws": Door(EVERYONE, "councils.body"),
    "councils:new_draw": Door(PARTNERS, roles=HEADS),
    "councils:draw": _SEE,
    "councils:draw_record": _SEE,
    "councils:draw_report": _SEE,
    "councils:draw_witness": _SEE,
    "councils:draw_witness_state": _SEE,
    **{
        f"councils:{name}": _RUN
        for name in (
            "draw_edit",
            "draw_add_list",
            "draw_columns",
            "draw_drop_list",
            "draw_sift",
            "draw_review",
            "draw_rules",
            "draw_prepare",
            "draw_parties",
            "draw_commitment",
            "draw_number",
            "draw_seal",
            "draw_reveal",
            "draw_tell_number",
            "draw_now",
            "draw_cancel",
            "draw_people",
            "draw_letters",
            "draw_calls",
            "draw_again",
        )
    },
    "councils:drawn_person": _CALL,
    "councils:drawn_attempt": _CALL,
    "councils:drawn_reach": _CALL,
    "councils:drawn_answer": _CALL,
    "councils:drawn_call": _CALL,
    "councils:drawn_seat": _CALL,
}
