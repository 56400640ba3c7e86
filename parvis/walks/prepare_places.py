"""The places that somebody may choose for a walk: those of their perimeter, and those where their
organisation holds a residence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.locate import locate
from parvis.places.models import Commune, Quartier, Residence
from parvis.thread.register import Where
from parvis.upkeep.access import communes_to_write, quartiers_to_write
from parvis.upkeep.models import Holding

RESIDENCES_AT_MOST = 500


def communes_for(actor: Actor, kept: int | None = None) -> Any:
    """The communes where this actor may prepare a walk; `kept`: the one that it has already."""
    own = communes_to_write(actor) | Q(pk=kept)
    held = Q(pk__in=_held(actor).values("residence__commune_id"))
    return Commune.objects.defer("outline").filter(own | held)


def quartiers_for(actor: Actor, kept: tuple[int, ...] = ()) -> Any:
    """The quartiers where this actor may prepare a walk, in force today. One query, for a landlord
    whose residences lie there."""
    points = _held(actor).values_list("residence__latitude", "residence__longitude")
    lying = {one.pk for north, east in points for one in locate(north, east).quartiers}
    rows = Quartier.objects.in_force(timezone.localdate()).defer("outline")
    return rows.filter(quartiers_to_write(actor) | Q(pk__in={*lying, *kept}))


def residences_for(where: Where, kept: int | None = None) -> list[Residence]:
    """The residences of a walk's places, by name. One query."""
    rows = Residence.objects.defer("outline")
    communes = Commune.objects.filter(
        Q(pk__in=where.communes) | Q(quartiers__in=where.quartiers)
    ).values("pk")
    found = rows.filter(Q(commune__in=communes) | Q(pk=kept)).order_by("name", "pk")
    inside = []
    for one in found[:RESIDENCES_AT_MOST]:
        here = {quartier.pk for quartier in locate(one.latitude, one.longitude).quartiers}
        if one.pk == kept or not where.quartiers or here & where.quartiers:
            inside.append(one)
    return inside


def _held(actor: Actor) -> Any:
    today = timezone.localdate()
    return Holding.objects.in_force(today).filter(organisation_id=actor.organisation_id or 0)
