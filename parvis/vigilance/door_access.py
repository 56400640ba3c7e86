"""Who may see, correct and open the doors that help."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.access import AGGLOMERATION
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.vigilance.scopes import FIELD_KINDS, kept_by_mine


def everybody(actor: Actor) -> Q:
    """Doors are told to everybody: that is what they are for."""
    return Q()


def kept_by_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "organisation_id")


def wholly_in_my_communes(actor: Actor) -> Q:
    """Doors that serve communes of the perimeter and none outside it."""
    if not actor.communes:
        return NOTHING
    served = apps.get_model("vigilance", "SupportDoor").communes.through.objects.filter(
        supportdoor_id=OuterRef("pk")
    )
    mine = sorted(actor.communes)
    return Q(Exists(served.filter(commune_id__in=mine))) & ~Q(
        Exists(served.exclude(commune_id__in=mine))
    )


def at_doors_of_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "door__organisation_id")


DOOR = Policy(
    "vigilance.supportdoor",
    "porte",
    scopes={
        "public": everybody,
        "kept by my organisation": kept_by_my_organisation,
        "wholly in my communes": wholly_in_my_communes,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),
        Row("coordination", ("edit",), "wholly in my communes", AGGLOMERATION),
        Row("responsable", ("edit", "name"), "kept by my organisation", FIELD_KINDS),
    ),
)
RECEIVER = Policy(
    "vigilance.receiver",
    "destinataire",
    scopes={"at doors of my organisation": at_doors_of_my_organisation},
    rows=(Row("responsable", ("see", "end"), "at doors of my organisation", FIELD_KINDS),),
)


def may_add(actor: Actor) -> bool:
    """Whether this actor may write a new door: of its communes, or kept by its organisation."""
    if actor.role == "coordination":
        return actor.kind in AGGLOMERATION
    return actor.role == "responsable" and actor.kind in FIELD_KINDS


_DOOR = "vigilance.supportdoor"
_WRITERS = ("coordination", "responsable")
DOORS: dict[str, Door] = {
    "vigilance:bill": Door(EVERYONE),
    "vigilance:bill_commune": Door(EVERYONE),
    "vigilance:bill_need": Door(EVERYONE),
    "vigilance:bill_poster": Door(EVERYONE),
    "vigilance:doors": Door(PARTNERS),
    "vigilance:doors_table": Door(PARTNERS),
    "vigilance:new_door": Door(PARTNERS, roles=_WRITERS),
    "vigilance:import_doors": Door(PARTNERS, roles=("coordination",)),
    "vigilance:door": Door(PARTNERS, _DOOR),
    "vigilance:edit_door": Door(PARTNERS, _DOOR, "edit"),
    "vigilance:check_door": Door(PARTNERS, _DOOR, "edit"),
    "vigilance:name_receiver": Door(PARTNERS, _DOOR, "name"),
    "vigilance:end_receiver": Door(PARTNERS, "vigilance.receiver", "end"),
}
