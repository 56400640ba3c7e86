"""Who may see the stock and write it."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import Door, Policy, Row
from parvis.tfpb.scopes import PARTIES, ROLES, WRITERS, lies_in_perimeter, of_landlord


def ours(actor: Actor) -> Q:
    return of_landlord(actor, "")


def in_perimeter(actor: Actor) -> Q:
    return lies_in_perimeter(actor, "")


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

DOORS: dict[str, Door] = {}
