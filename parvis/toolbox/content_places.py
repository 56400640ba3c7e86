"""Pages that the site has anyway, each with a text of its own that an edited one may replace.

A code is the address as well: which view answers there is not this room's business.
"""

from __future__ import annotations

LEGAL = "mentions-legales"
PRIVACY = "donnees-personnelles"
ACCESSIBILITY = "accessibilite"
HELP = "aide"
ABOUT = "a-propos"

PLACES: dict[str, str] = {
    LEGAL: "Mentions légales",
    PRIVACY: "Données personnelles",
    ACCESSIBILITY: "Accessibilité",
    HELP: "Aide",
    ABOUT: "À propos",
}


def choices() -> list[tuple[str, str]]:
    """Every place, for a form."""
    return list(PLACES.items())


def address(place: str) -> str:
    """Where the page of a place is read; empty for none."""
    return f"/{place}/" if place in PLACES else ""
