"""Who may describe models of tables, and bring tables in and out."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.tfpb.scopes import ROLES, WRITERS


def ours(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


TABLE_MODEL = Policy(
    "tfpb.tablemodel",
    "modèle de tableau TFPB",
    scopes={"of my organisation": ours},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("edit",), "of my organisation") for role in WRITERS),
    ),
)

_PROGRAMME = "tfpb.programme"
DOORS: dict[str, Door] = {
    "tfpb:tables": Door(EVERYONE, _PROGRAMME, "read"),
    "tfpb:table_export": Door(EVERYONE, _PROGRAMME, "read"),
    "tfpb:import_programme": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:import_bilan": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:import_usual_means": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:many_tables": Door(PARTNERS),
    "tfpb:many_tables_export": Door(PARTNERS),
    "tfpb:table_models": Door(PARTNERS),
    "tfpb:new_table_model": Door(PARTNERS, roles=WRITERS),
    "tfpb:table_model": Door(PARTNERS, "tfpb.tablemodel"),
    "tfpb:remove_table_model": Door(PARTNERS, "tfpb.tablemodel", "edit"),
    "tfpb:data_csv": Door(EVERYONE),
    "tfpb:data_json": Door(EVERYONE),
}
