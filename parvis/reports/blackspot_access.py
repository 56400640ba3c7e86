"""Who may see, decide and plan points noirs."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row, within
from parvis.reports.scopes import HANDLERS, ROLES, TERRITORIAL


def lies_in_perimeter(actor: Actor) -> Q:
    """What has a commune and quartiers of its own, as a report has."""

    def quartiers(ids: Iterable[int]) -> Q:
        through = apps.get_model("reports", "Blackspot").quartiers.through
        return Q(
            Exists(through.objects.filter(blackspot_id=OuterRef("pk"), quartier_id__in=list(ids)))
        )

    return within(actor, commune="commune_id", quartiers=quartiers)


def owned(actor: Actor) -> Q:
    return Q(owner_id=actor.organisation_id) if actor.organisation_id else NOTHING


BLACKSPOT = Policy(
    "reports.blackspot",
    "point noir",
    scopes={"my perimeter": lies_in_perimeter, "owned by my organisation": owned},
    rows=(
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "owned by my organisation") for role in ROLES),
        *(Row(role, ("plan",), "owned by my organisation") for role in HANDLERS),
        Row("coordination", ("decide", "plan"), "my perimeter"),
    ),
)

DOORS: dict[str, Door] = {
    "reports:blackspots": Door(PARTNERS),
    "reports:blackspot": Door(PARTNERS, "reports.blackspot"),
    "reports:decide_blackspot": Door(PARTNERS, "reports.blackspot", "decide"),
    "reports:plan_blackspot": Door(PARTNERS, "reports.blackspot", "plan"),
}
