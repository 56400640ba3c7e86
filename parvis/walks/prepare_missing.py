"""What a walk still lacks before people can be invited to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from parvis.places.models import Quartier
from parvis.walks.models import Stop, Walk


@dataclass(frozen=True)
class Missing:
    """Something to do first, and the page where it is done."""

    label: str
    url: str


def missing_of(walk: Walk, stops: Sequence[Stop], quartiers: Sequence[Quartier]) -> list[Missing]:
    """What is to be done before inviting, in order; no query."""
    written, route = (reverse(name, args=[walk.pk]) for name in ("walks:edit", "walks:route"))
    gathering = walk.gathering
    without_point = [one.title for one in stops if one.latitude is None]
    asked = [
        (gathering.starts_at < timezone.now(), "Choisir une date à venir", written),
        (not walk.purpose, "Dire ce que l’on veut regarder", written),
        (not quartiers and not gathering.commune_id, "Choisir le quartier", written),
        (not gathering.place_label, "Donner le point de rendez-vous", written),
        (not gathering.contact, "Dire qui renseigne", written),
        (not stops, "Poser les arrêts", route),
        (
            bool(without_point),
            f"Placer sur la carte\u00a0: {', '.join(without_point[:3])}"
            + ("…" if len(without_point) > 3 else ""),
            route,
        ),
    ]
    return [Missing(label, url) for wanted, label, url in asked if wanted]
