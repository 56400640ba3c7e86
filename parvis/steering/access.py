"""Doors of the partners' home."""

from parvis.partners.rights import SIGNED_IN, Door

# Whoever signs in lands here; without a mandate the page says what to do.
DOORS = {"steering:home": Door(SIGNED_IN)}
