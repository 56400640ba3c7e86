"""Roles and scopes that several parts of the toolbox give rights by."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.access import AGGLOMERATION, HEADS, TEAM
from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING

WRITERS = ("coordination", "responsable", "contributeur")

__all__ = ["AGGLOMERATION", "HEADS", "TEAM", "WRITERS", "of_my_coordination", "reads"]


def of_my_coordination(actor: Actor) -> Q:
    """What the actor's agglomération coordinates."""
    return Q(coordination_id=actor.organisation_id) if actor.organisation_id else NOTHING


def reads(actor: Actor) -> bool:
    """Whether this actor reads what others propose, publishes it, and brings in sheets of other
    territories: the coordination of an agglomération."""
    return actor.role == "coordination" and actor.kind in AGGLOMERATION
