"""The pages of a walk, side by side at the head of each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.walks.answers import granted_of
from parvis.walks.models import Walk

# Name of the page, its label, and the right without which it is not shown.
TABS: list[tuple[str, str, str]] = [
    ("walks:walk", "Préparation", "follow"),
    ("walks:guests", "Participants", "follow"),
    ("walks:desk", "Constats", "follow"),
    ("walks:answers", "Vérifications", "follow"),
    ("walks:review", "Relecture", "sort"),
    ("walks:account", "Compte rendu", "see"),
    ("walks:compare", "Avant / après", "see"),
]
OF_A_RETURN = ("walks:compare",)  # shown for a walk that has another one before it


def tabs_of(actor: Actor, walk: Walk, here: str) -> list[dict[str, Any]]:
    """The tabs that this actor may open; one query at most, for the rights that were not read with
    the walk (`answers.with_rights`)."""
    granted = granted_of(actor, walk, {right for _, _, right in TABS} - {"see"})
    return [
        {"url": reverse(name, args=[walk.pk]), "label": label, "here": name == here}
        for name, label, right in TABS
        if granted.get(right, True) and (walk.before_id or name not in OF_A_RETURN)
    ]
