"""Where the actors of this room stand: inside a body, at its coordination, on its quartiers."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
WRITERS = ("coordination", "responsable", "contributeur")
HEADS = ("coordination", "responsable")
BODIES = ("participation",)
AGGLOMERATION = ("agglomeration",)


def inside(actor: Actor, body: str = "") -> Q:
    """What belongs to the body for which the actor acts; `body` is the path to it ("body__")."""
    if actor.kind not in BODIES or actor.organisation_id is None:
        return NOTHING
    return Q(**{f"{body}organisation_id": actor.organisation_id})


def coordinated(actor: Actor, body: str = "") -> Q:
    """What belongs to bodies that the actor's agglomération coordinates."""
    if actor.kind not in AGGLOMERATION or actor.organisation_id is None:
        return NOTHING
    return Q(**{f"{body}coordinator_id": actor.organisation_id})


def in_quartier(actor: Actor, quartier: str = "quartier") -> Q:
    """What has one quartier of its own ("quartier"), inside the actor's perimeter."""
    wanted = {*actor.quartiers, *(quartier for _, quartier in actor.crossings)}
    condition = Q(**{f"{quartier}_id__in": sorted(wanted)}) if wanted else NOTHING
    if actor.communes:
        through = apps.get_model("places", "Quartier").communes.through.objects
        lying = through.filter(
            quartier_id=OuterRef(f"{quartier}_id"), commune_id__in=sorted(actor.communes)
        )
        condition = Q(Exists(lying)) if condition == NOTHING else condition | Q(Exists(lying))
    return condition


def myself(actor: Actor, member: str = "") -> Q:
    """What is the actor's own, as a member of the body for which they act now."""
    if actor.kind not in BODIES or actor.user_id is None:
        return NOTHING
    return Q(
        **{
            f"{member}user_id": actor.user_id,
            f"{member}body__organisation_id": actor.organisation_id,
        }
    )


def is_referent(actor: Actor) -> bool:
    """Whether the actor is a référent today, or animates a body that has one. Who lost their seat
    is none, even while nobody ended their designation."""
    if actor.kind not in BODIES or actor.organisation_id is None or actor.user_id is None:
        return False
    today = timezone.localdate()
    held = (
        apps.get_model("councils", "Referent")
        .objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today),
            starts_on__lte=today,
            member__body__organisation_id=actor.organisation_id,
        )
        .filter(
            Q(member__terms__ends_on=None) | Q(member__terms__ends_on__gte=today),
            member__terms__starts_on__lte=today,
        )
    )
    if actor.role != "responsable":
        held = held.filter(member__user_id=actor.user_id)
    return bool(held.exists())
