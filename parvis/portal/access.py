"""Doors of the public front door, and who reads what retention erased."""

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import EVERYONE, PARTNERS, SIGNED_IN, Door, Policy, Row

_COORDINATION = ("coordination",)


def counts_alone(actor: Actor) -> Q:
    """Every row: counts of the installation, in which nobody is named."""
    return Q()


RETENTION = Policy(
    "portal.retentionrun",
    "passage de la conservation",
    scopes={"the installation, counts alone": counts_alone},
    rows=(Row("coordination", ("see",), "the installation, counts alone"),),
)

DOORS = {
    "portal:home": Door(EVERYONE),
    "portal:quartiers": Door(EVERYONE),
    "portal:quartier": Door(EVERYONE),
    "portal:door": Door(EVERYONE),
    "portal:door_calendar": Door(EVERYONE),
    "portal:search": Door(EVERYONE),
    "portal:privacy": Door(EVERYONE),
    # What is kept of oneself: opened by the link that was sent to one's address.
    "portal:my_data": Door(EVERYONE),
    "portal:my_data_asked": Door(EVERYONE),
    "portal:my_data_open": Door(EVERYONE),
    "portal:my_data_shown": Door(EVERYONE),
    "portal:my_data_export": Door(EVERYONE),
    "portal:my_data_erase": Door(EVERYONE),
    "portal:my_data_confirm": Door(EVERYONE),
    "portal:my_data_end": Door(EVERYONE),
    "portal:my_account_data": Door(SIGNED_IN),
    "portal:retention": Door(PARTNERS, roles=_COORDINATION),
    "portal:legal": Door(EVERYONE),
    "portal:accessibility": Door(EVERYONE),
    "portal:help": Door(EVERYONE),
    "portal:about": Door(EVERYONE),
    "portal:map": Door(EVERYONE),
    "portal:sitemap": Door(EVERYONE),
    "portal:sitemap_of": Door(EVERYONE),
    "portal:robots": Door(EVERYONE),
    "portal:security": Door(EVERYONE),
}
