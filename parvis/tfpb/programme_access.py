"""Who may see a programme, write it, give an opinion on it, and lead it from state to state.

A landlord's draft is seen by nobody else; what it sent, by the parties of that place; what was
published with its bilan, by everybody.
"""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row
from parvis.tfpb import scopes
from parvis.tfpb.scopes import AGGLOMERATION, BAILLEUR, PARTIES, ROLES, WRITERS


def ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, "")


def sent(actor: Actor) -> Q:
    return scopes.sent_in_perimeter(actor, "")


def published(actor: Actor) -> Q:
    return scopes.published(actor, "")


def line_ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, "programme__")


def line_sent(actor: Actor) -> Q:
    return scopes.sent_in_perimeter(actor, "programme__")


def line_published(actor: Actor) -> Q:
    return scopes.published(actor, "programme__")


def usual_sent(actor: Actor) -> Q:
    """The landlord has sent a programme of that year in the actor's perimeter."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    programmes = apps.get_model("tfpb", "Programme").objects
    same = programmes.filter(landlord_id=OuterRef("landlord_id"), year=OuterRef("year"))
    return Q(Exists(same.filter(scopes.sent_in_perimeter(actor, ""))))


PROGRAMME = Policy(
    "tfpb.programme",
    "programme d’actions TFPB",
    scopes={"of my organisation": ours, "sent, in my perimeter": sent, "published": published},
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
        *(
            Row(role, ("follow", "edit", "remark", "spend"), "of my organisation", BAILLEUR)
            for role in WRITERS
        ),
        # What stands behind a published sheet (opinions, remarks, vouchers) stays among parties.
        Row("lecteur", ("follow",), "of my organisation", BAILLEUR),
        Row("lecteur", ("follow",), "sent, in my perimeter", PARTIES),
        *(
            Row(role, ("follow", "remark", "opine", "judge"), "sent, in my perimeter", PARTIES)
            for role in WRITERS
        ),
        Row("coordination", ("steer",), "sent, in my perimeter", AGGLOMERATION),
    ),
)
LINE = Policy(
    "tfpb.line",
    "ligne de programme TFPB",
    scopes={
        "of my organisation": line_ours,
        "sent, in my perimeter": line_sent,
        "published": line_published,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
        *(
            Row(
                role, ("follow", "edit", "remark", "spend", "check"), "of my organisation", BAILLEUR
            )
            for role in WRITERS
        ),
        Row("lecteur", ("follow",), "of my organisation", BAILLEUR),
        Row("lecteur", ("follow",), "sent, in my perimeter", PARTIES),
        *(
            Row(role, ("follow", "remark", "check", "judge"), "sent, in my perimeter", PARTIES)
            for role in WRITERS
        ),
    ),
)
USUAL_MEANS = Policy(
    "tfpb.usual_means",
    "tableau de droit commun",
    scopes={"of my organisation": ours, "joined to a programme of my perimeter": usual_sent},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "joined to a programme of my perimeter", PARTIES) for role in ROLES),
        *(Row(role, ("edit",), "of my organisation", BAILLEUR) for role in WRITERS),
    ),
)

DOORS: dict[str, Door] = {}
