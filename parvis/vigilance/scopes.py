"""Roles and scopes that the parts of this room give rights by."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING

# Who meets households in their work. A coordination follows no household's file: it sees counts.
FIELD_ROLES = ("responsable", "contributeur")
FIELD_KINDS = ("commune", "bailleur", "maison_de_quartier", "association", "etat", "operator")


def meets_households(actor: Actor) -> bool:
    """Whether this actor meets households in their work: may orient, and say what it noticed. A
    lodge's shared telephone does not."""
    return (
        actor.role in FIELD_ROLES
        and actor.kind in FIELD_KINDS
        and actor.user_id is not None
        and actor.organisation_id is not None
        and actor.lodge_id is None
    )


def receives(actor: Actor, door: str) -> Q:
    """The actor was named to open what is sent to the door that this column names."""
    if actor.mandate_id is None or actor.organisation_id is None or actor.lodge_id is not None:
        return NOTHING
    named = apps.get_model("vigilance", "Receiver").objects.filter(
        door_id=OuterRef(door),
        mandate_id=actor.mandate_id,
        door__organisation_id=actor.organisation_id,
        ended_at=None,
    )
    return Q(Exists(named))


def kept_by_mine(actor: Actor, path: str) -> Q:
    """What this column names belongs to the actor's organisation."""
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def written_by_me(actor: Actor, path: str = "") -> Q:
    """The actor wrote it, for the organisation it acts for now."""
    if actor.user_id is None or actor.organisation_id is None or actor.lodge_id is not None:
        return NOTHING
    return Q(
        **{
            f"{path}sender_id": actor.user_id,
            f"{path}sender_organisation_id": actor.organisation_id,
        }
    )
