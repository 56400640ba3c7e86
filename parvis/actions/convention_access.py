"""Who may see a convention de GUP, write it, and say how its pledges are kept."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
DOERS = ("coordination", "responsable", "contributeur")
AGGLOMERATION = ("agglomeration",)
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def _covers(path: str, communes: set[int]) -> Q:
    through = apps.get_model("partners", "Agreement").communes.through.objects
    return Q(Exists(through.filter(agreement_id=OuterRef(path), commune_id__in=sorted(communes))))


def _inside(actor: Actor, path: str) -> Q:
    """The agreement that this column names covers a part of the actor's perimeter."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    through = apps.get_model("partners", "Agreement").quartiers.through.objects
    known = through.filter(agreement_id=OuterRef(path))
    condition = _covers(path, set(actor.communes))
    if actor.quartiers:
        condition |= Q(Exists(known.filter(quartier_id__in=sorted(actor.quartiers))))
    for commune, quartier in sorted(actor.crossings):
        condition |= _covers(path, {commune}) & Q(Exists(known.filter(quartier_id=quartier)))
    return condition


def _wholly(actor: Actor, path: str) -> Q:
    """It covers communes of the actor's perimeter, and none outside."""
    mine = sorted(actor.communes)
    through = apps.get_model("partners", "Agreement").communes.through.objects
    outside = through.filter(agreement_id=OuterRef(path)).exclude(commune_id__in=mine)
    return _covers(path, set(mine)) & ~Q(Exists(outside))


def _signed(actor: Actor, path: str) -> Q:
    """The actor's organisation is among the signatories."""
    if actor.organisation_id is None:
        return NOTHING
    signatures = apps.get_model("partners", "Signature").objects
    mine = signatures.filter(agreement_id=OuterRef(path), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def signed(actor: Actor) -> Q:
    return _signed(actor, "agreement_id")


def inside(actor: Actor) -> Q:
    return _inside(actor, "agreement_id")


def wholly(actor: Actor) -> Q:
    return _wholly(actor, "agreement_id")


def pledge_published(actor: Actor) -> Q:
    return Q(convention__published_at__isnull=False)


def pledge_signed(actor: Actor) -> Q:
    return _signed(actor, "convention__agreement_id")


def pledge_inside(actor: Actor) -> Q:
    return _inside(actor, "convention__agreement_id")


def pledge_wholly(actor: Actor) -> Q:
    return _wholly(actor, "convention__agreement_id")


def pledged_by_us(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


CONVENTION = Policy(
    "actions.convention",
    "convention de GUP",
    scopes={
        "published": published,
        "signed by my organisation": signed,
        "covers a part of my perimeter": inside,
        "wholly in my communes": wholly,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "signed by my organisation") for role in ROLES),
        *(Row(role, ("see",), "covers a part of my perimeter", TERRITORIAL) for role in ROLES),
        # How pledges are kept is read by those who signed, not by passers-by.
        *(Row(role, ("follow",), "signed by my organisation") for role in ROLES),
        *(Row(role, ("follow",), "covers a part of my perimeter", TERRITORIAL) for role in ROLES),
        Row("coordination", ("edit",), "wholly in my communes", AGGLOMERATION),
    ),
)
PLEDGE = Policy(
    "actions.pledge",
    "engagement d’une convention de GUP",
    scopes={
        "published": pledge_published,
        "convention signed by my organisation": pledge_signed,
        "convention covers a part of my perimeter": pledge_inside,
        "convention wholly in my communes": pledge_wholly,
        "pledged by my organisation": pledged_by_us,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see", "follow"), "convention signed by my organisation") for role in ROLES),
        *(
            Row(role, ("see", "follow"), "convention covers a part of my perimeter", TERRITORIAL)
            for role in ROLES
        ),
        *(Row(role, ("see", "follow", "keep"), "pledged by my organisation") for role in DOERS),
        Row(
            "coordination",
            ("edit", "check"),
            "convention wholly in my communes",
            AGGLOMERATION,
        ),
    ),
)

DOORS: dict[str, Door] = {
    "actions:conventions": Door(EVERYONE),
    "actions:convention": Door(EVERYONE, "actions.convention"),
    "actions:new_convention": Door(PARTNERS, roles=("coordination",)),
    "actions:edit_convention": Door(PARTNERS, "actions.convention", "edit"),
    "actions:publish_convention": Door(PARTNERS, "actions.convention", "edit"),
    "actions:new_ground": Door(PARTNERS, "actions.convention", "edit"),
    "actions:new_pledge": Door(PARTNERS, "actions.convention", "edit"),
    "actions:pledge": Door(EVERYONE, "actions.pledge"),
    "actions:edit_pledge": Door(PARTNERS, "actions.pledge", "edit"),
    "actions:check_pledge": Door(PARTNERS, "actions.pledge", "check"),
}
