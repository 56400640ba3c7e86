"""Who may see a worksite and what is announced of it, and who writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, NOTHING, Door, Policy, Row, within
from parvis.works.project_access import (
    AGGLOMERATION,
    ROLES,
    TERRITORIAL,
    WRITERS,
    ours,
    project_joined,
    rows_of,
)


def _inside(actor: Actor, path: str, prefix: str) -> Q:
    def quartiers(ids: Iterable[int]) -> Q:
        lying = rows_of("Worksite_quartiers").filter(worksite_id=OuterRef(path))
        return Q(Exists(lying.filter(quartier_id__in=list(ids))))

    return within(actor, commune=f"{prefix}commune_id", quartiers=quartiers)


def _in_my_communes(actor: Actor, prefix: str) -> Q:
    return Q(**{f"{prefix}commune_id__in": sorted(actor.communes)}) if actor.communes else NOTHING


def _run(actor: Actor, prefix: str) -> Q:
    return ours(actor, f"{prefix}owner_id") | ours(actor, f"{prefix}manager_id")


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def run(actor: Actor) -> Q:
    return _run(actor, "")


def joined(actor: Actor) -> Q:
    return project_joined(actor, "operation__project_id")


def inside(actor: Actor) -> Q:
    return _inside(actor, "pk", "")


def in_my_communes(actor: Actor) -> Q:
    return _in_my_communes(actor, "")


def of_published(actor: Actor) -> Q:
    return Q(published_at__isnull=False, worksite__published_at__isnull=False)


def of_run(actor: Actor) -> Q:
    return _run(actor, "worksite__")


def of_joined(actor: Actor) -> Q:
    return project_joined(actor, "worksite__operation__project_id")


def of_inside(actor: Actor) -> Q:
    return _inside(actor, "worksite_id", "worksite__")


def of_in_my_communes(actor: Actor) -> Q:
    return _in_my_communes(actor, "worksite__")


WORKSITE = Policy(
    "works.worksite",
    "chantier",
    scopes={
        "published": published,
        "run by my organisation": run,
        "my organisation takes part in its project": joined,
        "my perimeter": inside,
        "in my communes": in_my_communes,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        # `follow`: checks of the charter, what lacks, drafts of announcements.
        *(Row(role, ("see", "follow"), "run by my organisation") for role in ROLES),
        *(
            Row(role, ("see", "follow"), "my organisation takes part in its project")
            for role in ROLES
        ),
        *(Row(role, ("see", "follow"), "my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("edit",), "run by my organisation") for role in WRITERS),
        Row("coordination", ("edit", "check"), "in my communes", AGGLOMERATION),
        # The town that lives with the site checks its charter too.
        *(Row(role, ("check",), "in my communes", ("commune",)) for role in WRITERS),
    ),
)
ANNOUNCEMENT = Policy(
    "works.worksannouncement",
    "annonce de travaux",
    scopes={
        "published": of_published,
        "worksite run by my organisation": of_run,
        "my organisation takes part in its project": of_joined,
        "worksite in my perimeter": of_inside,
        "worksite in my communes": of_in_my_communes,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "worksite run by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part in its project") for role in ROLES),
        *(Row(role, ("see",), "worksite in my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("edit",), "worksite run by my organisation") for role in WRITERS),
        Row("coordination", ("edit",), "worksite in my communes", AGGLOMERATION),
    ),
)

DOORS: dict[str, Door] = {}
