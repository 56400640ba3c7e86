"""Who may see and write who keeps up what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row, within

ROLES = ("coordination", "responsable", "contributeur", "lecteur")


def _places(model: str) -> Any:
    """The rows of a model of places, found by its name: policies import no model."""
    return apps.get_model("places", model).objects


# --- Managed areas
def in_my_perimeter(actor: Actor) -> Q:
    """Areas written on my communes and quartiers, and whole quartiers that my communes touch."""
    condition = within(actor, commune="commune_id", quartiers=_of_quartiers)
    if actor.communes:
        communes = sorted(actor.communes)
        touched = _places("Quartier_communes").filter(
            quartier_id=OuterRef("quartier_id"), commune_id__in=communes
        )
        condition |= Q(commune=None, residence=None) & Q(Exists(touched))
        condition |= Q(commune=None, residence__commune__in=communes)
        condition |= _drawn_over(Q(pk__in=communes))
    return condition


def mine_to_write(actor: Actor) -> Q:
    """Areas that lie in my perimeter and in nobody else's.

    A whole quartier or a bare outline that reaches a neighbour's commune is nobody's to change
    alone: it is written once for each commune.
    """
    condition = within(actor, commune="commune_id", quartiers=_of_quartiers)
    if actor.communes:
        communes = sorted(actor.communes)
        lies_on = _places("Quartier_communes").filter(quartier_id=OuterRef("quartier_id"))
        whole = Q(commune=None, residence=None, quartier__isnull=False)
        condition |= (
            whole
            & Q(Exists(lies_on.filter(commune_id__in=communes)))
            & ~Q(Exists(lies_on.exclude(commune_id__in=communes)))
        )
        condition |= Q(commune=None, residence__commune__in=communes)
        condition |= _drawn_over(Q(pk__in=communes)) & ~_drawn_over(~Q(pk__in=communes))
    return condition


def my_organisation_s(actor: Actor) -> Q:
    """Areas that my organisation owns or keeps up."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(manager_id=actor.organisation_id) | Q(owner_id=actor.organisation_id)


def _of_quartiers(ids: Iterable[int]) -> Q:
    return Q(quartier_id__in=list(ids))


def _drawn_over(communes: Q) -> Q:
    """Bare outlines (no place given) whose box meets the box of one of these communes."""
    meeting = _places("Commune").filter(
        communes,
        west__lte=OuterRef("east"),
        east__gte=OuterRef("west"),
        south__lte=OuterRef("north"),
        north__gte=OuterRef("south"),
    )
    return Q(commune=None, quartier=None, residence=None) & Q(Exists(meeting))


# --- Holdings and residences
def _quartiers_over(prefix: str) -> Callable[[Iterable[int]], Q]:
    """Residences standing in the box of some quartiers; to see, not to write."""

    def condition(ids: Iterable[int]) -> Q:
        over = _places("Quartier").filter(
            pk__in=list(ids),
            west__lte=OuterRef(f"{prefix}longitude"),
            east__gte=OuterRef(f"{prefix}longitude"),
            south__lte=OuterRef(f"{prefix}latitude"),
            north__gte=OuterRef(f"{prefix}latitude"),
        )
        return Q(Exists(over))

    return condition


def residence_in_my_perimeter(actor: Actor) -> Q:
    return within(actor, commune="residence__commune_id", quartiers=_quartiers_over("residence__"))


def residence_in_my_communes(actor: Actor) -> Q:
    return Q(residence__commune__in=sorted(actor.communes)) if actor.communes else NOTHING


def held_by_my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


# --- Places that a form may offer: what the actor's perimeter holds, and no more
def communes_to_write(actor: Actor) -> Q:
    """Communes of my perimeter, and those on which my quartiers lie."""
    communes = {*actor.communes, *(commune for commune, _ in actor.crossings)}
    through = _places("Quartier_communes").filter(
        commune_id=OuterRef("pk"), quartier_id__in=sorted(actor.quartiers)
    )
    return Q(pk__in=sorted(communes)) | Q(Exists(through))


def quartiers_to_write(actor: Actor) -> Q:
    """Quartiers of my perimeter, and those that my communes touch."""
    quartiers = {*actor.quartiers, *(quartier for _, quartier in actor.crossings)}
    through = _places("Quartier_communes").filter(
        quartier_id=OuterRef("pk"), commune_id__in=sorted(actor.communes)
    )
    return Q(pk__in=sorted(quartiers)) | Q(Exists(through))


def residences_to_write(actor: Actor) -> Q:
    """Residences of my communes."""
    return Q(commune_id__in=sorted(actor.communes))


MANAGED_AREA = Policy(
    "upkeep.managedarea",
    "espace géré",
    scopes={
        "my perimeter": in_my_perimeter,
        "my perimeter alone": mine_to_write,
        "my organisation's": my_organisation_s,
    },
    rows=(
        *(Row(role, ("see",), "my perimeter") for role in ROLES),
        *(Row(role, ("see",), "my organisation's") for role in ROLES),
        Row("coordination", ("edit",), "my perimeter alone"),
    ),
)

HOLDING = Policy(
    "upkeep.holding",
    "détention d’une résidence",
    scopes={
        "my perimeter": residence_in_my_perimeter,
        "my communes": residence_in_my_communes,
        "my organisation's": held_by_my_organisation,
    },
    rows=(
        *(Row(role, ("see",), "my perimeter") for role in ROLES),
        *(Row(role, ("see",), "my organisation's") for role in ROLES),
        Row("coordination", ("edit",), "my communes"),
    ),
)

_COORDINATION = ("coordination",)
_RESPONSABLE = ("responsable",)
DOORS: dict[str, Door] = {
    "upkeep:areas": Door(PARTNERS),
    "upkeep:area": Door(PARTNERS, "upkeep.managedarea"),
    "upkeep:new_area": Door(PARTNERS, roles=_COORDINATION),
    "upkeep:change_area": Door(PARTNERS, "upkeep.managedarea", "edit", roles=_COORDINATION),
    "upkeep:end_area": Door(PARTNERS, "upkeep.managedarea", "edit", roles=_COORDINATION),
    "upkeep:lodges": Door(PARTNERS, roles=_RESPONSABLE),
    "upkeep:new_lodge": Door(PARTNERS, roles=_RESPONSABLE),
    "upkeep:lodge": Door(PARTNERS, "partners.lodge"),
    "upkeep:change_lodge": Door(PARTNERS, "partners.lodge", "edit"),
    "upkeep:new_phone": Door(PARTNERS, "partners.lodge", "edit"),
    "upkeep:revoke_phone": Door(PARTNERS, "partners.lodge", "edit"),
    "upkeep:give_code": Door(PARTNERS, "partners.lodge", "edit"),
    "upkeep:remove_caretaker": Door(PARTNERS, "partners.lodge", "edit"),
    "upkeep:holdings": Door(PARTNERS),
    "upkeep:new_holding": Door(PARTNERS, roles=_COORDINATION),
    "upkeep:merge_landlords": Door(PARTNERS, roles=_COORDINATION),
}
