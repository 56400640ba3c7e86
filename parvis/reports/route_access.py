"""Who may write what becomes of the reports of a commune."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row

ROUTERS = ("coordination", "responsable")  # who may write what becomes of a commune's reports


def commune_in_perimeter(actor: Actor) -> Q:
    """Communes that the actor has whole."""
    return Q(commune_id__in=actor.communes) if actor.communes else NOTHING


ROUTE = Policy(
    "reports.route",
    "circuit d’une commune",
    scopes={"my communes": commune_in_perimeter},
    rows=(
        Row("coordination", ("see", "edit"), "my communes"),
        Row("responsable", ("see", "edit"), "my communes", ("commune",)),
    ),
)


def communes_to_route(actor: Actor) -> frozenset[int]:
    """Communes for which this actor may write what becomes of reports: the policy's own rows."""
    allowed = any(row.grants(actor, "edit") for row in ROUTE.rows)
    return actor.communes if allowed else frozenset()


DOORS: dict[str, Door] = {
    "reports:routes": Door(PARTNERS, roles=ROUTERS),
    "reports:new_route": Door(PARTNERS, roles=ROUTERS),
    "reports:change_route": Door(PARTNERS, "reports.route", "edit"),
    "reports:remove_route": Door(PARTNERS, "reports.route", "edit"),
}
