"""The scopes that the policies of this room share. Each takes the path that leads from the row to
its programme, or to what has its landlord and its place."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, within
from parvis.tfpb.workflow import WRITTEN, ProgrammeState

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
WRITERS = ("coordination", "responsable", "contributeur")
HEADS = ("coordination", "responsable")
# Who negotiates with the landlord: town, agglomération and State, each in its perimeter.
PARTIES = ("agglomeration", "commune", "etat")
AGGLOMERATION = ("agglomeration",)
BAILLEUR = ("bailleur",)


def of_landlord(actor: Actor, path: str) -> Q:
    """Its landlord is the actor's organisation, or one that was merged into it."""
    if actor.organisation_id is None:
        return NOTHING
    return Q(**{f"{path}landlord_id": actor.organisation_id}) | Q(
        **{f"{path}landlord__successor_id": actor.organisation_id}
    )


def lies_in_perimeter(actor: Actor, path: str) -> Q:
    """Its commune and its quartier are in the actor's perimeter, crossings included."""
    return within(
        actor,
        commune=f"{path}commune_id",
        quartiers=lambda ids: Q(**{f"{path}quartier_id__in": list(ids)}),
    )


def sent_in_perimeter(actor: Actor, path: str) -> Q:
    """A programme of the perimeter that its landlord has sent once: a draft is nobody else's."""
    found = lies_in_perimeter(actor, path)
    if found == NOTHING:
        return NOTHING
    return found & ~Q(**{f"{path}state": ProgrammeState.DRAFT})


def standing_in_perimeter(actor: Actor, path: str) -> Q:
    """A programme of the perimeter as it was sent last. Sent back to its landlord, it is rewritten:
    others read the version that they were sent, until the next one comes."""
    found = lies_in_perimeter(actor, path)
    if found == NOTHING:
        return NOTHING
    return found & ~Q(**{f"{path}state__in": WRITTEN})


def published(actor: Actor, path: str) -> Q:
    """A programme whose bilan everybody may read."""
    return Q(**{f"{path}published_at__isnull": False})
