"""What everybody reads on the page of a quartier, beside its bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from parvis.councils.aside_reading import told_in
from parvis.councils.models import Body, Opinion, Proposition
from parvis.councils.opinion_reading import in_order, state_of
from parvis.partners.actors import NOBODY, Actor
from parvis.places.models import Quartier


@dataclass(frozen=True)
class Section:
    """A part of the page: its anchor, its heading, the template that draws it (which reads
    `section.data`)."""

    code: str
    title: str
    template: str
    data: dict[str, Any]


SHOWN = 4  # of each: the lists are one click away


def propositions_here(actor: Actor, quartier: Quartier) -> Section:
    """The latest propositions that everybody reads, and the door to make one."""
    rows = Proposition.objects.visible_to(NOBODY).filter(quartier=quartier)
    return Section(
        "propositions",
        "Propositions des habitants",
        "councils/_quartier_propositions.html",
        {"rows": list(rows.order_by("-at", "-pk")[:SHOWN]), "quartier": quartier},
    )


def opinions_here(actor: Actor, quartier: Quartier) -> Section:
    """The public opinions of the bodies of the quartier: those without a reply first."""
    inside = Body.quartiers.through.objects.filter(quartier_id=quartier.pk)
    rows = Opinion.objects.visible_to(NOBODY).filter(body__in=inside.values("body_id"))
    today = timezone.localdate()
    found = in_order(rows.select_related("body__organisation", "replier"))[:SHOWN]
    lines = []
    for one in found:
        tone, words = state_of(one, today)
        lines.append({"opinion": one, "tone": tone, "state": words})
    return Section(
        "avis",
        "Avis et réponses",
        "councils/_quartier_opinions.html",
        {"lines": lines, "quartier": quartier},
    )


def told_here(actor: Actor, quartier: Quartier) -> Section:
    """What référents told back to the quartier, and who they are."""
    told: Any = told_in([quartier.pk])
    rows = told.visible_to(NOBODY).select_related("sitting__instance", "sitting__gathering")
    rows = rows.order_by("-told_at", "-pk")
    return Section(
        "rapporte",
        "Ce qui a été rapporté",
        "councils/_quartier_told.html",
        {"rows": list(rows[:SHOWN]), "quartier": quartier},
    )
