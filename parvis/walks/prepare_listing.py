"""The list of walks, a page at a time, by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q

from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.walks.answers import WALKS
from parvis.walks.models import Walk

PAGE = 40


@dataclass(frozen=True)
class Page:
    """Some walks, the ids of those that this actor follows, and the key of what comes after."""

    rows: list[Walk]
    followed: set[int]
    after: int | None


def walks_page(
    actor: Actor, *, past: bool, quartier: int | None, after: int | None, now: datetime
) -> Page:
    """Walks to come, the nearest first; or those that are over or called off, the newest first.
    Three queries, and one more for what follows `after`."""
    rows = WALKS.visible_to(actor)
    to_come = Q(gathering__ends_at__gte=now, gathering__cancelled_at=None)
    rows = rows.exclude(to_come) if past else rows.filter(to_come)
    if quartier is not None:
        rows = rows.filter(pk__in=_lying_in(quartier))
    if after is not None:
        starts_at = rows.filter(pk=after).values_list("gathering__starts_at", flat=True).first()
        if starts_at is not None:
            way = "lt" if past else "gt"
            same = Q(**{"gathering__starts_at": starts_at, f"pk__{way}": after})
            rows = rows.filter(Q(**{f"gathering__starts_at__{way}": starts_at}) | same)
    sign = "-" if past else ""
    names = Prefetch("gathering__quartiers", Quartier.objects.only("pk", "name").order_by("name"))
    rows = rows.order_by(f"{sign}gathering__starts_at", f"{sign}pk").prefetch_related(names)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    followed: set[int] = set()
    if actor.is_partner and shown:
        mine = Walk.objects.allowed(actor, "follow").filter(pk__in=[one.pk for one in shown])
        followed = set(mine.values_list("pk", flat=True))
    return Page(shown, followed, shown[-1].pk if len(found) > PAGE else None)


def quartiers_of(actor: Actor) -> list[Quartier]:
    """The quartiers of the walks that this actor may see, by name. One query."""
    through = Walk.objects.visible_to(actor).values("gathering__quartiers")
    return list(Quartier.objects.only("pk", "name").filter(pk__in=through).order_by("name", "pk"))


def _lying_in(quartier: int) -> Any:
    return Walk.objects.filter(gathering__quartiers=quartier).values("pk")
