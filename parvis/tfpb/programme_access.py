"""Who may see a programme, write it, give an opinion on it, and lead it from state to state.

A landlord's draft is seen by nobody else; what it sent, by the parties of that place; what was
published with its bilan, by everybody. To see a programme is to know that it is there and how far
it has come; to read it is to have its lines and amounts as they stand now, which its landlord alone
has while it completes them: parties then read the last version sent.
"""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

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
from parvis.tfpb import scopes
from parvis.tfpb.scopes import AGGLOMERATION, BAILLEUR, PARTIES, ROLES, WRITERS


def ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, "")


def sent(actor: Actor) -> Q:
    return scopes.sent_in_perimeter(actor, "")


def published(actor: Actor) -> Q:
    return scopes.published(actor, "")


def standing(actor: Actor) -> Q:
    return scopes.standing_in_perimeter(actor, "")


def line_ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, "programme__")


def line_standing(actor: Actor) -> Q:
    return scopes.standing_in_perimeter(actor, "programme__")


def line_published(actor: Actor) -> Q:
    return scopes.published(actor, "programme__")


def piloted(actor: Actor) -> Q:
    """A part of an action that the actor's organisation shares out."""
    if actor.organisation_id is None:
        return NOTHING
    mine = actor.organisation_id
    return Q(split__pilot_id=mine) | Q(split__pilot__successor_id=mine)


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
    scopes={
        "of my organisation": ours,
        "sent, in my perimeter": sent,
        "standing as sent, in my perimeter": standing,
        "published": published,
    },
    rows=(
        Row(ANYONE, ("see", "read"), "published"),
        *(Row(role, ("see", "read"), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
        *(
            Row(role, ("read", "track"), "standing as sent, in my perimeter", PARTIES)
            for role in ROLES
        ),
        # To track is to read what stands behind the amounts: stock, spending, checks.
        *(Row(role, ("track",), "of my organisation", BAILLEUR) for role in ROLES),
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
        "standing as sent, in my perimeter": line_standing,
        "published": line_published,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "standing as sent, in my perimeter", PARTIES) for role in ROLES),
        *(
            Row(
                role, ("follow", "edit", "remark", "spend", "check"), "of my organisation", BAILLEUR
            )
            for role in WRITERS
        ),
        Row("lecteur", ("follow",), "of my organisation", BAILLEUR),
        Row("lecteur", ("follow",), "standing as sent, in my perimeter", PARTIES),
        *(
            Row(
                role,
                ("follow", "remark", "check", "judge"),
                "standing as sent, in my perimeter",
                PARTIES,
            )
            for role in WRITERS
        ),
    ),
)
USUAL_MEANS = Policy(
    "tfpb.usualmeans",
    "tableau de droit commun",
    scopes={"of my organisation": ours, "joined to a programme of my perimeter": usual_sent},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "joined to a programme of my perimeter", PARTIES) for role in ROLES),
        *(Row(role, ("edit",), "of my organisation", BAILLEUR) for role in WRITERS),
    ),
)
# A landlord reads its own part of a shared action, and who shares it out reads all of them.
SPLIT_PART = Policy(
    "tfpb.splitpart",
    "part d’une action partagée",
    scopes={"proposed to my organisation": ours, "shared out by my organisation": piloted},
    rows=(
        *(Row(role, ("see",), "proposed to my organisation") for role in ROLES),
        *(Row(role, ("see",), "shared out by my organisation") for role in ROLES),
        *(Row(role, ("answer",), "proposed to my organisation", BAILLEUR) for role in WRITERS),
    ),
)

_PROGRAMME, _LINE = "tfpb.programme", "tfpb.line"
_PART, _USUAL = "tfpb.splitpart", "tfpb.usualmeans"
DOORS: dict[str, Door] = {
    "tfpb:programmes": Door(EVERYONE),
    "tfpb:open_programme": Door(PARTNERS),
    "tfpb:programme": Door(EVERYONE, _PROGRAMME),
    "tfpb:together": Door(EVERYONE, _PROGRAMME),
    "tfpb:head": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:real": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:rebuild": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:reorder": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:new_line": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:line": Door(EVERYONE, _LINE),
    "tfpb:write_line": Door(PARTNERS, _LINE, "edit"),
    "tfpb:remove_line": Door(PARTNERS, _LINE, "edit"),
    "tfpb:line_action": Door(PARTNERS, _LINE, "edit"),
    "tfpb:line_course": Door(PARTNERS, _LINE, "edit"),
    "tfpb:line_follow_sheet": Door(PARTNERS, _LINE, "edit"),
    "tfpb:split": Door(PARTNERS, _LINE, "edit"),
    "tfpb:take_part": Door(PARTNERS, _PART, "answer"),
    "tfpb:usual": Door(PARTNERS),
    "tfpb:new_usual": Door(PARTNERS),
    "tfpb:copy_usual": Door(PARTNERS),
    "tfpb:usual_row": Door(PARTNERS, _USUAL, "edit"),
    "tfpb:remove_usual": Door(PARTNERS, _USUAL, "edit"),
}
