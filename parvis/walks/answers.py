"""What the pages of a walk have in common: who asks, the walk, the trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.walks.models import Walk

WALKS = Walk.objects.select_related("gathering__organiser", "gathering__commune").defer(
    "gathering__commune__outline"
)


def fetch_walk(request: HttpRequest, pk: int, action: str = "follow") -> Walk:
    """The walk, with the right to do that on it."""
    found: Walk = rights.fetch(WALKS.all(), actor_of(request), action, pk=pk)
    return found


def with_rights(actor: Actor, *rights_read: str) -> Any:
    """The walks, each with whether this actor may do that on it (`may` reads it): a page that
    shows buttons and tabs asks once."""
    return WALKS.annotate(
        **{
            f"may_{right}": Exists(Walk.objects.allowed(actor, right).filter(pk=OuterRef("pk")))
            for right in rights_read
        }
    )


def granted_of(actor: Actor, walk: Walk, rights_asked: Iterable[str]) -> dict[str, bool]:
    """Whether this actor may do each of these on the walk: one query for those that were not read
    with it, none when all were."""
    known = {right: getattr(walk, f"may_{right}", None) for right in rights_asked}
    left = sorted(right for right, held in known.items() if held is None)
    if left:
        held = {
            right: Walk.objects.allowed(actor, right).filter(pk=OuterRef("pk")) for right in left
        }
        rows = Walk.objects.filter(pk=walk.pk).order_by()
        known |= rows.values(**{right: Exists(some) for right, some in held.items()}).get()
    return {right: bool(held) for right, held in known.items()}


def may(actor: Actor, walk: Walk, right: str) -> bool:
    """Whether this actor may do that on the walk; no query when it was read with it."""
    return granted_of(actor, walk, [right])[right]


def crumbs(walk: Walk | None, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of walks down."""
    trail = [("Diagnostics en marchant", reverse("walks:walks"))]
    if walk is not None:
        trail.append((walk.gathering.title, reverse("walks:walk", args=[walk.pk]) if pairs else ""))
    return [{"label": label, "url": url} for label, url in [*trail, *pairs]]
