"""Holding a walk while it changes."""

from __future__ import annotations

from parvis.partners.rights import Refused
from parvis.walks.models import Walk


def held(walk: Walk) -> Walk:
    """The walk as it stands, held until the end of the transaction."""
    rows = Walk.objects.select_for_update(of=("self",)).select_related("gathering__organiser")
    return rows.get(pk=walk.pk)


def refuse_over(walk: Walk) -> None:
    """A walk that was called off, or whose account was sent, is not prepared any more."""
    if walk.gathering.cancelled_at is not None:
        raise Refused("Ce diagnostic est annulé.")
    if walk.sent_at is not None:
        raise Refused("Le compte rendu de ce diagnostic est envoyé : le parcours ne change plus.")
