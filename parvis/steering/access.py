"""Doors of the partners' home."""

from parvis.partners.rights import PARTNERS, Door

DOORS = {"steering:home": Door(PARTNERS)}
