"""Who may see a renewal project and its operations, write them, and answer at its meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
WRITERS = ("coordination", "responsable", "contributeur")
AGGLOMERATION = ("agglomeration",)
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def rows_of(model: str) -> Any:
    """The rows of a model of this room, found by its name: policies import no model."""
    return apps.get_model("works", model).objects


def _lies_on(path: str, communes: Iterable[int]) -> Q:
    through = rows_of("RenewalProject_communes")
    here = through.filter(renewalproject_id=OuterRef(path), commune_id__in=sorted(communes))
    return Q(Exists(here))


def project_inside(actor: Actor, path: str) -> Q:
    """The project that this column names touches the actor's perimeter."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    condition = _lies_on(path, actor.communes)
    touched = rows_of("RenewalProject_quartiers").filter(renewalproject_id=OuterRef(path))
    if actor.quartiers:
        condition |= Q(Exists(touched.filter(quartier_id__in=sorted(actor.quartiers))))
    for commune, quartier in sorted(actor.crossings):
        there = Q(Exists(touched.filter(quartier_id=quartier)))
        condition |= _lies_on(path, {commune}) & there
    return condition


def project_wholly(actor: Actor, path: str) -> Q:
    """It lies on communes of the actor's perimeter, and on none outside."""
    through = rows_of("RenewalProject_communes").filter(renewalproject_id=OuterRef(path))
    outside = through.exclude(commune_id__in=sorted(actor.communes))
    return _lies_on(path, actor.communes) & ~Q(Exists(outside))


def project_joined(actor: Actor, path: str) -> Q:
    """The actor's organisation is a partner of the project, or owns one of its operations."""
    if actor.organisation_id is None:
        return NOTHING
    mine = rows_of("ProjectPartner").filter(
        project_id=OuterRef(path), organisation_id=actor.organisation_id
    )
    built = rows_of("Operation").filter(project_id=OuterRef(path), owner_id=actor.organisation_id)
    return Q(Exists(mine)) | Q(Exists(built))


def ours(actor: Actor, path: str) -> Q:
    """The organisation that this column names is the actor's."""
    return Q(**{path: actor.organisation_id}) if actor.organisation_id else NOTHING


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def carried(actor: Actor) -> Q:
    return ours(actor, "carrier_id")


def joined(actor: Actor) -> Q:
    return project_joined(actor, "pk")


def inside(actor: Actor) -> Q:
    return project_inside(actor, "pk")


def wholly(actor: Actor) -> Q:
    return project_wholly(actor, "pk")


def of_published(actor: Actor) -> Q:
    return Q(project__published_at__isnull=False)


def of_carried(actor: Actor) -> Q:
    return ours(actor, "project__carrier_id")


def of_joined(actor: Actor) -> Q:
    return project_joined(actor, "project_id")


def of_inside(actor: Actor) -> Q:
    return project_inside(actor, "project_id")


def of_wholly(actor: Actor) -> Q:
    return project_wholly(actor, "project_id")


def owned(actor: Actor) -> Q:
    return ours(actor, "owner_id")


def meeting_published(actor: Actor) -> Q:
    return Q(project__published_at__isnull=False, gathering__published_at__isnull=False)


def meeting_organised(actor: Actor) -> Q:
    return ours(actor, "gathering__organiser_id")


PROJECT = Policy(
    "works.renewalproject",
    "projet de renouvellement",
    scopes={
        "published": published,
        "carried by my organisation": carried,
        "my organisation takes part": joined,
        "touches my perimeter": inside,
        "wholly in my communes": wholly,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        # `follow`: what partners alone read of it (what lacks, drafts, buildings being emptied).
        *(Row(role, ("see", "follow"), "carried by my organisation") for role in ROLES),
        *(Row(role, ("see", "follow"), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see", "follow"), "touches my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("edit",), "carried by my organisation") for role in WRITERS),
        Row("coordination", ("edit",), "wholly in my communes", AGGLOMERATION),
    ),
)
OPERATION = Policy(
    "works.operation",
    "opération d’un projet",
    scopes={
        "project published": of_published,
        "project carried by my organisation": of_carried,
        "my organisation takes part": of_joined,
        "project touches my perimeter": of_inside,
        "project wholly in my communes": of_wholly,
        "owned by my organisation": owned,
    },
    rows=(
        Row(ANYONE, ("see",), "project published"),
        *(Row(role, ("see", "follow"), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see", "follow"), "my organisation takes part") for role in ROLES),
        *(
            Row(role, ("see", "follow"), "project touches my perimeter", TERRITORIAL)
            for role in ROLES
        ),
        *(Row(role, ("see", "follow", "edit"), "owned by my organisation") for role in WRITERS),
        *(Row(role, ("edit",), "project carried by my organisation") for role in WRITERS),
        Row("coordination", ("edit",), "project wholly in my communes", AGGLOMERATION),
    ),
)
PUBLIC_MEETING = Policy(
    "works.publicmeeting",
    "réunion publique d’un projet",
    scopes={
        "project and date published": meeting_published,
        "project carried by my organisation": of_carried,
        "my organisation takes part": of_joined,
        "project touches my perimeter": of_inside,
        "project wholly in my communes": of_wholly,
        "organised by my organisation": meeting_organised,
    },
    rows=(
        Row(ANYONE, ("see",), "project and date published"),
        *(Row(role, ("see",), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see",), "project touches my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("edit",), "project carried by my organisation") for role in WRITERS),
        *(Row(role, ("see", "edit"), "organised by my organisation") for role in WRITERS),
        Row("coordination", ("edit",), "project wholly in my communes", AGGLOMERATION),
    ),
)

DOORS: dict[str, Door] = {}
