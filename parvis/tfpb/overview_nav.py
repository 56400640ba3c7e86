"""The pages of the room that stand side by side with the consolidation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.partners.actors import Actor

# Name of the page, its label, and whether it is for partners alone.
PAGES: list[tuple[str, str, bool]] = [
    ("tfpb:overview", "Consolidation", False),
    ("tfpb:programmes", "Programmes", False),
    ("tfpb:blocking", "Qui bloque quoi", True),
    ("tfpb:conventions", "Conventions", True),
    ("tfpb:stock", "Patrimoine", True),
    ("tfpb:deliberation", "Délibération", True),
    ("tfpb:many_tables", "Tableaux", True),
]


def nav(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages that this actor may open, in order."""
    return [
        {"url": reverse(name), "label": label, "here": name == here}
        for name, label, partners in PAGES
        if actor.is_partner or not partners
    ]
