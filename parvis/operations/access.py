"""Doors of the running of the installation."""

from parvis.partners.rights import EVERYONE, Door

DOORS = {"operations:healthz": Door(EVERYONE)}
