"""Who exchanges sheets with other territories: everybody takes a published one, the coordination
of an agglomération brings one in."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import EVERYONE, NOTHING, PARTNERS, Door, Policy, Row

COORDINATION = ("coordination",)
AGGLOMERATION = ("agglomeration",)


def of_my_coordination(actor: Actor) -> Q:
    return Q(coordination_id=actor.organisation_id) if actor.organisation_id else NOTHING


def swaps(actor: Actor) -> bool:
    """Whether this actor brings in sheets of other territories."""
    return actor.role in COORDINATION and actor.kind in AGGLOMERATION


PACKAGE = Policy(
    "toolbox.package",
    "paquet reçu d’un autre territoire",
    scopes={"of my coordination": of_my_coordination},
    rows=(Row("coordination", ("see", "import"), "of my coordination", AGGLOMERATION),),
)
FEED = Policy(
    "toolbox.feed",
    "fil d’un autre territoire",
    scopes={"of my coordination": of_my_coordination},
    rows=(Row("coordination", ("see", "edit"), "of my coordination", AGGLOMERATION),),
)

DOORS: dict[str, Door] = {
    "toolbox:swap_key": Door(EVERYONE),
    "toolbox:swap_export": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:swap": Door(PARTNERS, roles=COORDINATION),
    "toolbox:swap_package": Door(PARTNERS, "toolbox.package", "import", roles=COORDINATION),
    "toolbox:swap_drop": Door(PARTNERS, "toolbox.package", "import", roles=COORDINATION),
    "toolbox:swap_feeds": Door(PARTNERS, roles=COORDINATION),
    "toolbox:swap_unfollow": Door(PARTNERS, "toolbox.feed", "edit", roles=COORDINATION),
}
