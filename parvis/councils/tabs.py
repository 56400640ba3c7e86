"""The pages of a body, side by side at the head of each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.councils.body_access import BODY
from parvis.councils.body_models import Body
from parvis.councils.regimes import regime_of
from parvis.partners.actors import Actor

# Name of the page, its label, and the right on the body without which it is not shown.
TABS: list[tuple[str, str, str]] = [
    ("councils:body", "Présentation", "see"),
    ("councils:composition", "Composition", "compose"),
    ("councils:body_sittings", "Séances", "enter"),
    ("councils:notes", "Notes", "enter"),
    ("councils:due_documents", "Documents dus", "edit"),
    ("councils:body_referents", "Référents", "see"),
    ("councils:preparations", "Préparer les séances", "enter"),
    ("councils:body_challenges", "Interpellations", "see"),
    ("councils:opinions_of", "Nos avis", "enter"),
    ("councils:outcomes", "Suites données", "see"),
    ("councils:budget", "Budget des habitants", "see"),
    ("councils:draws", "Tirages au sort", "see"),
]


def tabs_of(actor: Actor, body: Body, here: str) -> list[dict[str, Any]]:
    """The tabs that this actor may open on a body that they see; one query for each other right."""
    wanted = sorted({right for _, _, right in TABS} - {"see"})
    granted = {"see": True}
    for right in wanted:
        condition = BODY.condition(actor, right)
        granted[right] = Body.objects.filter(condition, pk=body.pk).exists()
    return [
        {"url": reverse(name, args=[body.pk]), "label": label, "here": name == here}
        for name, label, right in TABS
        # Where members are not drawn, nothing speaks of draws.
        if granted[right] and (name != "councils:draws" or regime_of(body.regime).draws)
    ]
