"""Where the page of participation leads: what everybody reads, and what the reader has to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from parvis.councils.lot_acts import drawable_bodies
from parvis.councils.scopes import AGGLOMERATION, BODIES, HEADS, WRITERS
from parvis.councils.space_access import is_in_network
from parvis.partners.actors import Actor


@dataclass(frozen=True)
class Way:
    """One link, with the name of its Lucide icon."""

    label: str
    icon: str
    url: str


def public_ways() -> list[Way]:
    """What everybody may read."""
    year = timezone.localdate().year
    return [
        Way("Les avis et leurs réponses", "messages-square", reverse("councils:opinions")),
        Way("Les propositions des habitants", "lightbulb", reverse("councils:propositions")),
        Way("Qui porte la parole, et où", "user-check", reverse("councils:referents")),
        Way("Ce qui s’est dit en séance", "megaphone", reverse("councils:restitutions")),
        Way("Séances tenues sans référents", "calendar-x", reverse("councils:referent_sittings")),
        Way("Le cadre de référence", "scale", reverse("councils:frames")),
        Way("Toutes les formes de participation", "map-pin", reverse("councils:inventory")),
        Way("Les interpellations du préfet", "landmark", reverse("councils:challenges")),
        Way("Le bilan de l’année", "chart-column", reverse("councils:yearly", args=[year])),
    ]


def ways_of(actor: Actor) -> list[Way]:
    """What is there for this reader to do; nothing for who acts for nobody."""
    if not actor.is_partner:
        return []
    body, agglomeration = actor.kind in BODIES, actor.kind in AGGLOMERATION
    found = []
    if body:
        found.append(Way("Mon espace", "user", reverse("councils:space")))
        if is_in_network(actor):
            found.append(Way("Réseau des référents", "users", reverse("councils:network")))
    if actor.role in WRITERS or body:
        requests = reverse("councils:opinion_requests")
        found.append(Way("Demandes d’avis", "message-circle-question-mark", requests))
    if agglomeration or body:
        found.append(Way("Formations", "graduation-cap", reverse("councils:trainings")))
    reviews = (actor.role == "coordination" and agglomeration) or (
        actor.role == "responsable" and body
    )
    if reviews:
        queue = reverse("councils:propositions_to_review")
        found.append(Way("Propositions à relire", "list-checks", queue))
    projects = reverse("councils:micro_projects")
    found.append(Way("Projets d’habitants", "sprout", projects))
    if actor.role in HEADS and not body:
        to_pay = reverse("councils:expenses_to_pay")
        found.append(Way("Frais à rembourser", "receipt", to_pay))
    if actor.role in HEADS and drawable_bodies(actor).exists():
        found.append(Way("Ouvrir un tirage au sort", "dices", reverse("councils:new_draw")))
    return found
