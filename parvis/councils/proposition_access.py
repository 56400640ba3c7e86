"""Who may read a proposition, review it, follow it, and decide about a small project."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.councils.scopes import (
    AGGLOMERATION,
    BODIES,
    HEADS,
    ROLES,
    WRITERS,
    coordinated,
    in_quartier,
    inside,
)
from parvis.councils.workflow import MicroState, PropositionState
from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    BEARER,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
)

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


def coordinated_by_us(actor: Actor) -> Q:
    """Followed by a body that the actor's agglomération coordinates; where no body follows, on a
    quartier of the perimeter."""
    ours = coordinated(actor, "body__")
    return NOTHING if ours == NOTHING else ours | (in_quartier(actor) & Q(body=None))


def granted(actor: Actor) -> Q:
    return Q(state__in=DECIDED, body__published_at__isnull=False)


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
        "my agglomération coordinates it": coordinated_by_us,
    },
    rows=(
        Row(ANYONE, ("see", "support"), "reviewed"),
        Row(BEARER, ("see", "withdraw"), "link borne"),
        *(Row(role, ("see", "carry", "link"), "followed by my body", BODIES) for role in ROLES),
        # To reach is to read who proposed and how to tell them.
        Row("responsable", ("review", "answer", "reach", "adopt"), "followed by my body", BODIES),
        Row(
            "coordination",
            ("see", "review", "answer", "reach", "link"),
            "my agglomération coordinates it",
            AGGLOMERATION,
        ),
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
        # To check is to read what was spent, line by line, with its vouchers.
        *(Row(role, ("see", "edit", "check"), "my body", BODIES) for role in ROLES),
        # Members write it; what leaves the body in its name is sent by who animates it.
        Row("responsable", ("send",), "my body", BODIES),
        *(Row(role, ("see", "check"), "ours to pay") for role in ROLES),
        *(Row(role, ("decide",), "ours to pay") for role in HEADS),
    ),
)


def quartiers_of_my_body(actor: Actor) -> Q:
    """Quartiers of the body for which the actor acts: what they propose there, its member does."""
    through = apps.get_model("councils", "Body").quartiers.through.objects
    mine = through.filter(inside(actor, "body__"), quartier_id=OuterRef("pk"))
    return Q(Exists(mine)) if actor.kind in BODIES else NOTHING


def quartiers_of_our_desks(actor: Actor) -> Q:
    """Quartiers where the actor may write down what somebody says at a desk: those of their
    perimeter, and those of communes where their organisation lets homes."""
    if actor.role not in WRITERS or actor.kind in BODIES or actor.organisation_id is None:
        return NOTHING
    today = timezone.localdate()
    held = apps.get_model("upkeep", "Holding").objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=today),
        Q(ends_on=None) | Q(ends_on__gte=today),
        residence__commune__quartiers=OuterRef("pk"),
        organisation_id=actor.organisation_id,
    )
    communes = set(actor.communes) | {commune for commune, _ in actor.crossings}
    through = apps.get_model("places", "Quartier").communes.through.objects
    lying = through.filter(quartier_id=OuterRef("pk"), commune_id__in=communes)
    quartiers = set(actor.quartiers) | {quartier for _, quartier in actor.crossings}
    return Q(pk__in=quartiers) | Q(Exists(lying)) | Q(Exists(held))


_PROPOSITION, _PROJECT = PROPOSITION.resource, MICRO_PROJECT.resource
DOORS: dict[str, Door] = {
    "councils:propositions": Door(EVERYONE),
    "councils:export_propositions": Door(EVERYONE),
    "councils:propose": Door(EVERYONE),
    "councils:proposition": Door(EVERYONE, _PROPOSITION),
    "councils:support": Door(EVERYONE, _PROPOSITION, "support"),
    "councils:unsupport": Door(EVERYONE, _PROPOSITION, "support"),
    # By the author's own link, and by the one mailed to who supports.
    "councils:my_proposition": Door(EVERYONE),
    "councils:withdraw_proposition": Door(EVERYONE),
    "councils:my_support": Door(EVERYONE),
    "councils:drop_support": Door(EVERYONE),
    "councils:propositions_to_review": Door(PARTNERS, roles=HEADS),
    "councils:review_proposition": Door(EVERYONE, _PROPOSITION, "review"),
    "councils:reach_author": Door(EVERYONE, _PROPOSITION, "reach"),
    "councils:author_number": Door(EVERYONE, _PROPOSITION, "reach"),
    "councils:told_proposition": Door(EVERYONE, _PROPOSITION, "reach"),
    "councils:take_up_proposition": Door(EVERYONE, _PROPOSITION, "adopt"),
    "councils:count_paper": Door(EVERYONE, _PROPOSITION, "carry"),
    "councils:answer_proposition": Door(EVERYONE, _PROPOSITION, "answer"),
    "councils:link_proposition": Door(EVERYONE, _PROPOSITION, "link"),
    "councils:micro_projects": Door(PARTNERS),
    "councils:new_micro_project": Door(EVERYONE, "councils.body", "enter"),
    "councils:budget": Door(EVERYONE, "councils.body"),
    "councils:micro_project": Door(EVERYONE, _PROJECT),
    "councils:edit_micro_project": Door(EVERYONE, _PROJECT, "edit"),
    "councils:submit_micro_project": Door(EVERYONE, _PROJECT, "send"),
    "councils:drop_micro_project": Door(EVERYONE, _PROJECT, "send"),
    "councils:decide_micro_project": Door(EVERYONE, _PROJECT, "decide"),
    "councils:plan_micro_project": Door(EVERYONE, _PROJECT, "decide"),
    "councils:micro_expenses": Door(EVERYONE, _PROJECT, "check"),
    "councils:add_micro_expense": Door(EVERYONE, _PROJECT, "edit"),
    "councils:remove_micro_expense": Door(EVERYONE, _PROJECT, "edit"),
    "councils:micro_voucher": Door(EVERYONE, _PROJECT, "check"),
    "councils:close_micro_project": Door(EVERYONE, _PROJECT, "send"),
}
