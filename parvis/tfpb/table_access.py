"""Who may describe models of tables, and bring tables in and out."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, Door, Policy, Row
from parvis.tfpb.scopes import ROLES, WRITERS


def ours(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


TABLE_MODEL = Policy(
    "tfpb.table_model",
    "modèle de tableau TFPB",
    scopes={"of my organisation": ours},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("edit",), "of my organisation") for role in WRITERS),
    ),
)

DOORS: dict[str, Door] = {}
