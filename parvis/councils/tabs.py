"""The pages of a body, side by side at the head of each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.councils.body_access import BODY
from parvis.councils.body_models import Body
from parvis.councils.regimes import regime_of
from parvis.partners.actors import Actor

# Name of the page, its label (short: a body has up to twelve), and the rights on the body, one of
# which shows it. What everybody reads comes first, then what the body keeps to itself.
TABS: list[tuple[str, str, tuple[str, ...]]] = [
    ("councils:body", "Présentation", ("see",)),
    ("councils:outcomes", "Suites données", ("see",)),
    ("councils:body_referents", "Référents", ("see",)),
    ("councils:body_challenges", "Interpellations", ("see",)),
    ("councils:budget", "Budget", ("see",)),
    ("councils:draws", "Tirages", ("see",)),
    ("councils:opinions_of", "Nos avis", ("enter",)),
    ("councils:body_sittings", "Séances", ("enter",)),
    ("councils:preparations", "Préparer", ("enter",)),
    ("councils:notes", "Notes", ("enter",)),
    # A member reads what is due to the body, as the animator and the coordination do.
    ("councils:due_documents", "Documents dus", ("edit", "enter")),
    ("councils:composition", "Composition", ("compose",)),
]


def tabs_of(actor: Actor, body: Body, here: str) -> list[dict[str, Any]]:
    """The tabs that this actor may open on a body that they see; one query for each other right."""
    wanted = sorted({right for _, _, rights in TABS for right in rights} - {"see"})
    granted = {"see": True}
    for right in wanted:
        condition = BODY.condition(actor, right)
        granted[right] = Body.objects.filter(condition, pk=body.pk).exists()
    return [
        {"url": reverse(name, args=[body.pk]), "label": label, "here": name == here}
        for name, label, rights in TABS
        # Where members are not drawn, nothing speaks of draws.
        if any(granted[right] for right in rights)
        and (name != "councils:draws" or regime_of(body.regime).draws)
    ]
