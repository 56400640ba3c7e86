"""Who may see vouchers and pictures taken in the field. Spending and bilans are read on their
programme, under its rights."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, Door, Policy, Row
from parvis.tfpb import scopes
from parvis.tfpb.scopes import BAILLEUR, PARTIES, ROLES, WRITERS

_PATH = "line__programme__"


def ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, _PATH)


def sent(actor: Actor) -> Q:
    return scopes.sent_in_perimeter(actor, _PATH)


def published(actor: Actor) -> Q:
    return scopes.published(actor, _PATH)


VOUCHER = Policy(
    "tfpb.voucher",
    "justificatif de dépense",
    scopes={"of my organisation": ours, "sent, in my perimeter": sent},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
        *(Row(role, ("give",), "of my organisation", BAILLEUR) for role in WRITERS),
    ),
)
FIELD_CHECK = Policy(
    "tfpb.field_check",
    "constat sur place",
    scopes={
        "of my organisation": ours,
        "sent, in my perimeter": sent,
        "published": published,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
    ),
)

DOORS: dict[str, Door] = {}
