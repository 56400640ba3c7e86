"""The pages of a programme and of a line, side by side at the head of each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.tfpb.programme_models import Line, Programme

# Name of the page, its label, and the right without which it is not shown.
OF_PROGRAMME: list[tuple[str, str, str]] = [
    ("tfpb:programme", "Programme", "see"),
    ("tfpb:programme_stock", "Patrimoine", "track"),
    ("tfpb:circuit", "Avis et passages", "follow"),
    ("tfpb:spending", "Dépenses", "track"),
    ("tfpb:checks", "Sur place", "track"),
    ("tfpb:bilan", "Bilan", "see"),
    ("tfpb:tables", "Tableaux", "read"),
]
OF_LINE: list[tuple[str, str, str]] = [
    ("tfpb:line", "Ligne", "see"),
    ("tfpb:line_remarks", "Remarques", "follow"),
    ("tfpb:line_followup", "Suivi", "follow"),
]


def tabs_of(actor: Actor, thing: Programme | Line, here: str) -> list[dict[str, Any]]:
    """The tabs of a programme or of a line that this actor may open; one query for each right."""
    known = OF_PROGRAMME if isinstance(thing, Programme) else OF_LINE
    rows = type(thing).objects
    granted = {
        right: rows.allowed(actor, right).filter(pk=thing.pk).exists()
        for right in {right for _, _, right in known} - {"see"}
    }
    return [
        {"url": reverse(name, args=[thing.pk]), "label": label, "here": name == here}
        for name, label, right in known
        if granted.get(right, True)
    ]
