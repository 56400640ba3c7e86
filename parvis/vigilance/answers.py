"""Who asks, for the views of this room."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.partners.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request that went through the doors."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
