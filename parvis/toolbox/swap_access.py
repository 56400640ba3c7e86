"""Who exchanges sheets with other territories: everybody takes a published one, the coordination
of an agglomération brings one in."""

from __future__ import annotations

from parvis.partners.rights import EVERYONE, PARTNERS, Door, Policy, Row
from parvis.toolbox.scopes import AGGLOMERATION, of_my_coordination

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
    "toolbox:swap": Door(PARTNERS, roles=("coordination",)),
    "toolbox:swap_package": Door(PARTNERS, "toolbox.package", "import", roles=("coordination",)),
    "toolbox:swap_drop": Door(PARTNERS, "toolbox.package", "import", roles=("coordination",)),
    "toolbox:swap_feeds": Door(PARTNERS, roles=("coordination",)),
    "toolbox:swap_unfollow": Door(PARTNERS, "toolbox.feed", "edit", roles=("coordination",)),
}
