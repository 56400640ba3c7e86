"""Doors of the demonstration: everything is open, since everything in it is invented."""

from parvis.partners.rights import EVERYONE, Door

DOORS = {
    "demo:letters": Door(EVERYONE),
    "demo:letter": Door(EVERYONE),
    "demo:gateway": Door(EVERYONE),
    "demo:enter": Door(EVERYONE),
}
