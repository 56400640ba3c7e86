"""The pages of the room that stand side by side with the consolidation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.partners.actors import Actor

# Name of the page, its label, its icon, and whether it is for partners alone.
PAGES: list[tuple[str, str, str, bool]] = [
    ("tfpb:overview", "Consolidation", "chart-column", False),
    ("tfpb:programmes", "Programmes", "clipboard-list", False),
    ("tfpb:blocking", "Qui bloque quoi", "hourglass", True),
    ("tfpb:conventions", "Conventions", "file-pen-line", True),
    ("tfpb:stock", "Patrimoine", "building-2", True),
    ("tfpb:deliberation", "Délibération", "landmark", True),
    ("tfpb:many_tables", "Tableaux", "table", True),
]


def nav(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages that this actor may open, in order."""
    return [
        {"url": reverse(name), "label": label, "icon": icon, "here": name == here}
        for name, label, icon, partners in PAGES
        if actor.is_partner or not partners
    ]
