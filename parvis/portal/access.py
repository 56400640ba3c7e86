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
}
