"""Who may see a gathering, plan it, and read who registered."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    BEARER,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
    within,
)

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
PLANNERS = ("coordination", "responsable", "contributeur")
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def _inside(actor: Actor, path: str, prefix: str) -> Q:
    def quartiers(ids: Iterable[int]) -> Q:
        through = apps.get_model("gatherings", "Gathering").quartiers.through
        lying = through.objects.filter(gathering_id=OuterRef(path), quartier_id__in=list(ids))
        return Q(Exists(lying))

    return within(actor, commune=f"{prefix}commune_id", quartiers=quartiers)


def _reserved(prefix: str) -> Q:
    """A body of participation tells of its own dates when it chooses: until then nobody else reads
    them, whatever their perimeter."""
    return Q(
        **{
            f"{prefix}organiser__kind": "participation",
            f"{prefix}published_at": None,
        }
    )


def _asked(actor: Actor, path: str) -> Q:
    """The actor's organisation was called; one that is only chosen knows nothing yet."""
    if actor.organisation_id is None:
        return NOTHING
    guests = apps.get_model("gatherings", "Guest").objects.filter(invited_at__isnull=False)
    mine = guests.filter(gathering_id=OuterRef(path), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


def _ours(actor: Actor, path: str) -> Q:
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def organised(actor: Actor) -> Q:
    return _ours(actor, "organiser_id")


def asked(actor: Actor) -> Q:
    return _asked(actor, "pk")


def perimeter(actor: Actor) -> Q:
    return _inside(actor, "pk", "") & ~_reserved("")


def gathering_organised(actor: Actor) -> Q:
    return _ours(actor, "gathering__organiser_id")


def gathering_asked(actor: Actor) -> Q:
    return _asked(actor, "gathering_id")


def gathering_in_perimeter(actor: Actor) -> Q:
    return _inside(actor, "gathering_id", "gathering__") & ~_reserved("gathering__")


def borne(actor: Actor) -> Q:
    """The registration whose link is borne."""
    if actor.bearer is None or actor.bearer[0] != "registration":
        return NOTHING
    return Q(pk=actor.bearer[1])


GATHERING = Policy(
    "gatherings.gathering",
    "rendez-vous",
    scopes={
        "published": published,
        "organised by my organisation": organised,
        "my organisation is asked": asked,
        "my perimeter": perimeter,
    },
    rows=(
        Row(ANYONE, ("see", "register"), "published"),
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is asked") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("answer",), "my organisation is asked") for role in PLANNERS),
        *(Row(role, ("edit", "attend"), "organised by my organisation") for role in PLANNERS),
        Row("coordination", ("edit",), "my perimeter"),
    ),
)
GUEST = Policy(
    "gatherings.guest",
    "organisation conviée à un rendez-vous",
    scopes={
        "organised by my organisation": gathering_organised,
        "my organisation is asked": gathering_asked,
        "my perimeter": gathering_in_perimeter,
    },
    rows=(
        *(Row(role, ("see",), "organised by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation is asked") for role in ROLES),
        *(Row(role, ("see",), "my perimeter", TERRITORIAL) for role in ROLES),
    ),
)
REGISTRATION = Policy(
    "gatherings.registration",
    "inscription à un rendez-vous",
    scopes={"link borne": borne, "organised by my organisation": gathering_organised},
    rows=(
        Row(BEARER, ("see", "withdraw"), "link borne"),
        # Names and addresses are for who organises, and for nobody else.
        *(Row(role, ("see",), "organised by my organisation") for role in PLANNERS),
    ),
    personal=True,
)

DOORS: dict[str, Door] = {
    "gatherings:list": Door(EVERYONE),
    "gatherings:gathering": Door(EVERYONE, "gatherings.gathering"),
    "gatherings:calendar": Door(EVERYONE, "gatherings.gathering"),
    "gatherings:poster": Door(EVERYONE, "gatherings.gathering"),
    "gatherings:register": Door(EVERYONE, "gatherings.gathering", "register"),
    "gatherings:registered": Door(EVERYONE),
    "gatherings:withdraw": Door(EVERYONE),
    "gatherings:opinion": Door(EVERYONE),  # the link is the right, as for the two above
    "gatherings:say": Door(EVERYONE),  # by the address shown in the room
    "gatherings:letter": Door(EVERYONE, "gatherings.gathering"),
    "gatherings:new": Door(PARTNERS, roles=PLANNERS),
    "gatherings:edit": Door(PARTNERS, "gatherings.gathering", "edit"),
    "gatherings:publish": Door(PARTNERS, "gatherings.gathering", "edit"),
    "gatherings:cancel": Door(PARTNERS, "gatherings.gathering", "edit"),
    "gatherings:answer": Door(PARTNERS, "gatherings.gathering", "answer"),
    "gatherings:people": Door(PARTNERS, "gatherings.gathering", "attend"),
    "gatherings:phones": Door(PARTNERS, "gatherings.gathering", "attend"),
    "gatherings:sheet": Door(PARTNERS, "gatherings.gathering", "attend"),
    "gatherings:results": Door(PARTNERS, "gatherings.gathering", "attend"),
    "gatherings:say_pdf": Door(PARTNERS, "gatherings.gathering", "attend"),
}
