"""Who may see a convention of abatement, write it, sign it and read its documents."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row
from parvis.tfpb.scopes import AGGLOMERATION, HEADS, PARTIES, ROLES, of_landlord


def _covers(actor: Actor, path: str) -> Q:
    """The agreement covers a part of the actor's perimeter."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    communes = apps.get_model("partners", "Agreement").communes.through.objects
    quartiers = apps.get_model("partners", "Agreement").quartiers.through.objects
    lying = communes.filter(agreement_id=OuterRef(path))
    named = quartiers.filter(agreement_id=OuterRef(path))
    condition = Q(Exists(lying.filter(commune_id__in=sorted(actor.communes))))
    if actor.quartiers:
        condition |= Q(Exists(named.filter(quartier_id__in=sorted(actor.quartiers))))
    for commune, quartier in sorted(actor.crossings):
        condition |= Q(Exists(lying.filter(commune_id=commune))) & Q(
            Exists(named.filter(quartier_id=quartier))
        )
    return condition


def _wholly(actor: Actor, path: str) -> Q:
    """The agreement covers communes of the actor's perimeter, and none outside."""
    mine = sorted(actor.communes)
    communes = apps.get_model("partners", "Agreement").communes.through.objects
    lying = communes.filter(agreement_id=OuterRef(path))
    return Q(Exists(lying.filter(commune_id__in=mine))) & ~Q(
        Exists(lying.exclude(commune_id__in=mine))
    )


def _party(actor: Actor, path: str) -> Q:
    """The actor's organisation is a party to the agreement."""
    if actor.organisation_id is None:
        return NOTHING
    signatures = apps.get_model("partners", "Signature").objects
    mine = signatures.filter(agreement_id=OuterRef(path), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


def answered_by(actor: Actor) -> Q:
    """The signatures that the actor's organisation answers itself, its predecessors' included."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(organisation_id=actor.organisation_id) | Q(
        organisation__successor_id=actor.organisation_id
    )


def ours(actor: Actor) -> Q:
    return of_landlord(actor, "")


def party(actor: Actor) -> Q:
    return _party(actor, "agreement_id")


def covering(actor: Actor) -> Q:
    return _covers(actor, "agreement_id")


def wholly(actor: Actor) -> Q:
    return _wholly(actor, "agreement_id")


def paper_ours(actor: Actor) -> Q:
    return of_landlord(actor, "convention__")


def paper_party(actor: Actor) -> Q:
    return _party(actor, "convention__agreement_id")


def paper_covering(actor: Actor) -> Q:
    return _covers(actor, "convention__agreement_id")


CONVENTION = Policy(
    "tfpb.convention",
    "convention d’abattement de TFPB",
    scopes={
        "of my organisation": ours,
        "my organisation is a party": party,
        "covers a part of my perimeter": covering,
        "wholly in my communes": wholly,
    },
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is a party") for role in ROLES),
        *(Row(role, ("see",), "covers a part of my perimeter", PARTIES) for role in ROLES),
        # Each party says itself that it has voted, signed or refused.
        *(Row(role, ("sign", "file"), "my organisation is a party") for role in HEADS),
        *(Row(role, ("sign", "file", "declare"), "of my organisation") for role in HEADS),
        Row(
            "coordination",
            ("edit", "sign", "file", "declare", "caution"),
            "wholly in my communes",
            AGGLOMERATION,
        ),
        *(Row(role, ("caution",), "covers a part of my perimeter", ("etat",)) for role in HEADS),
    ),
)
PAPER = Policy(
    "tfpb.conventionpaper",
    "document d’une convention d’abattement",
    scopes={
        "of my organisation": paper_ours,
        "my organisation is a party": paper_party,
        "covers a part of my perimeter": paper_covering,
    },
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is a party") for role in ROLES),
        *(Row(role, ("see",), "covers a part of my perimeter", PARTIES) for role in ROLES),
    ),
)

DOORS: dict[str, Door] = {
    "tfpb:conventions": Door(PARTNERS),
    "tfpb:new_convention": Door(PARTNERS, roles=("coordination",)),
    "tfpb:convention": Door(PARTNERS, "tfpb.convention"),
    "tfpb:edit_convention": Door(PARTNERS, "tfpb.convention", "edit"),
    "tfpb:amend_convention": Door(PARTNERS, "tfpb.convention", "edit"),
    "tfpb:answer_convention": Door(PARTNERS, "tfpb.convention", "sign"),
    "tfpb:declare_convention": Door(PARTNERS, "tfpb.convention", "declare"),
    "tfpb:file_paper": Door(PARTNERS, "tfpb.convention", "file"),
    "tfpb:say_caution": Door(PARTNERS, "tfpb.convention", "caution"),
    "tfpb:lift_caution": Door(PARTNERS, "tfpb.convention", "caution"),
    "tfpb:paper": Door(PARTNERS, "tfpb.conventionpaper"),
}
