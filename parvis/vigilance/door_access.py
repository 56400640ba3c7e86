"""Who may see, correct and open the doors that help."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.access import AGGLOMERATION
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row
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
    "vigilance.door",
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

DOORS: dict[str, Door] = {}
