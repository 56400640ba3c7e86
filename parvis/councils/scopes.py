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
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


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


def on_quartiers(actor: Actor, table: str, column: str, path: str = "pk") -> Q:
    """What lies on quartiers of the actor's perimeter, by this table of couples ("Body_quartiers"),
    whose column names the row at `path`."""
    through = apps.get_model("councils", table).objects
    return _quartiers(actor, through.filter(**{column: OuterRef(path)}), "quartier")


def in_quartier(actor: Actor, quartier: str = "quartier") -> Q:
    """What has one quartier of its own ("quartier"), inside the actor's perimeter."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    quartiers = apps.get_model("places", "Quartier").objects
    lying = quartiers.filter(pk=OuterRef(f"{quartier}_id"))
    return _quartiers(actor, lying, "")


def _quartiers(actor: Actor, rows: object, prefix: str) -> Q:
    wanted = {*actor.quartiers, *(quartier for _, quartier in actor.crossings)}
    path = f"{prefix}__" if prefix else ""
    condition = NOTHING
    if wanted:
        condition = Q(Exists(rows.filter(**{f"{path}pk__in": sorted(wanted)})))  # type: ignore[attr-defined]
    if actor.communes:
        here = rows.filter(**{f"{path}communes__in": sorted(actor.communes)})  # type: ignore[attr-defined]
        condition = Q(Exists(here)) if condition == NOTHING else condition | Q(Exists(here))
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
    """Whether the actor is a référent today, or animates a body that has one."""
    if actor.kind not in BODIES or actor.organisation_id is None or actor.user_id is None:
        return False
    today = timezone.localdate()
    held = apps.get_model("councils", "Referent").objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        starts_on__lte=today,
        member__body__organisation_id=actor.organisation_id,
    )
    if actor.role != "responsable":
        held = held.filter(member__user_id=actor.user_id)
    return bool(held.exists())
