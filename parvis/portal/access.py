"""Doors of the public front door."""

from parvis.partners.rights import EVERYONE, Door

DOORS = {
    "portal:home": Door(EVERYONE),
    "portal:quartiers": Door(EVERYONE),
    "portal:quartier": Door(EVERYONE),
    "portal:door": Door(EVERYONE),
    "portal:door_calendar": Door(EVERYONE),
    "portal:search": Door(EVERYONE),
    "portal:privacy": Door(EVERYONE),
    "portal:legal": Door(EVERYONE),
    "portal:accessibility": Door(EVERYONE),
    "portal:help": Door(EVERYONE),
    "portal:about": Door(EVERYONE),
    "portal:map": Door(EVERYONE),
    "portal:sitemap": Door(EVERYONE),
    "portal:sitemap_of": Door(EVERYONE),
    "portal:robots": Door(EVERYONE),
}
