"""Who gives anonymous signals and counts, and who reads the figures made of them."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import Door, Policy, Row
from parvis.vigilance.scopes import FIELD_KINDS, FIELD_ROLES, kept_by_mine


def given_by_my_organisation(actor: Actor) -> Q:
    return kept_by_mine(actor, "organisation_id")


SIGNAL = Policy(
    "vigilance.signal",
    "signal anonyme",
    scopes={"given by my organisation": given_by_my_organisation},
    rows=tuple(
        Row(role, ("see", "remove"), "given by my organisation", FIELD_KINDS)
        for role in FIELD_ROLES
    ),
)
UNPAID = Policy(
    "vigilance.unpaid",
    "impayés d’une résidence",
    scopes={"given by my organisation": given_by_my_organisation},
    rows=tuple(
        Row(role, ("see", "edit"), "given by my organisation", ("bailleur",))
        for role in FIELD_ROLES
    ),
)

DOORS: dict[str, Door] = {}
