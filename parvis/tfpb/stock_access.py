"""Who may see the stock and the rates, and write them."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, PARTNERS, Door, Policy, Row
from parvis.tfpb.scopes import (
    AGGLOMERATION,
    PARTIES,
    ROLES,
    WRITERS,
    lies_in_perimeter,
    of_landlord,
)


def ours(actor: Actor) -> Q:
    return of_landlord(actor, "")


def in_perimeter(actor: Actor) -> Q:
    return lies_in_perimeter(actor, "")


def everything_public(actor: Actor) -> Q:
    return Q()


def in_my_communes(actor: Actor) -> Q:
    return Q(commune_id__in=sorted(actor.communes))


DWELLINGS = Policy(
    "tfpb.dwellings",
    "patrimoine concerné par l’abattement",
    scopes={"of my organisation": ours, "my perimeter": in_perimeter},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", PARTIES) for role in ROLES),
        *(Row(role, ("edit",), "of my organisation") for role in WRITERS),
    ),
)

RATE = Policy(
    "tfpb.communerate",
    "taux de TFPB d’une commune",
    scopes={"public": everything_public, "my communes": in_my_communes},
    rows=(
        Row(ANYONE, ("see",), "public"),  # the tax administration publishes them
        Row("coordination", ("edit",), "my communes", AGGLOMERATION),
    ),
)

_COORDINATION = ("coordination",)
DOORS: dict[str, Door] = {
    "tfpb:rates": Door(PARTNERS),
    "tfpb:write_rate": Door(PARTNERS, roles=_COORDINATION),
    "tfpb:stock": Door(PARTNERS),
    "tfpb:stock_homes": Door(PARTNERS),
    "tfpb:stock_export": Door(PARTNERS),
    "tfpb:stock_declaration": Door(PARTNERS),
    "tfpb:stock_new": Door(PARTNERS, roles=WRITERS),
    "tfpb:stock_import": Door(PARTNERS, roles=WRITERS),
    "tfpb:stock_estimate": Door(PARTNERS, roles=WRITERS),
    "tfpb:stock_home": Door(PARTNERS, "tfpb.dwellings"),
    "tfpb:stock_edit": Door(PARTNERS, "tfpb.dwellings", "edit"),
    "tfpb:stock_drop": Door(PARTNERS, "tfpb.dwellings", "edit"),
    "tfpb:programme_stock": Door(PARTNERS, "tfpb.programme", "track"),
    "tfpb:take_stock": Door(PARTNERS, "tfpb.programme", "edit"),
    "tfpb:deliberation": Door(PARTNERS),
    "tfpb:deliberation_pdf": Door(PARTNERS),
}
