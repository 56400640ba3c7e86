"""Who may see a worksite and what is announced of it, and who writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import (
    ANYONE,
    EVERYONE,
    NOTHING,
    PARTNERS,
    Door,
    Policy,
    Row,
    within,
)
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

_SITE, _TOLD = "works.worksite", "works.worksannouncement"
_WRITING = (
    *("edit_worksite", "date_worksite", "worksite_perimeter"),
    *("publish_worksite", "unpublish_worksite"),
    *("new_site_phase", "site_phase", "drop_site_phase"),
    *("new_nuisance", "nuisance", "drop_nuisance"),
    *("edit_charter", "add_signer", "drop_signer", "add_charter_pledge"),
    "new_announcement",
)
DOORS: dict[str, Door] = {
    "works:worksites": Door(EVERYONE),
    "works:worksite": Door(EVERYONE, _SITE),
    "works:worksite_calendar": Door(EVERYONE, _SITE),
    "works:charter_file": Door(EVERYONE, _SITE),
    "works:new_worksite": Door(PARTNERS, roles=WRITERS),
    **{f"works:{name}": Door(PARTNERS, _SITE, "edit") for name in _WRITING},
    "works:charter": Door(PARTNERS, _SITE, "follow"),
    "works:charter_pledge": Door(PARTNERS, _SITE, "follow"),
    "works:check_charter_pledge": Door(PARTNERS, _SITE, "check"),
    "works:announcement": Door(EVERYONE, _TOLD),
    "works:announcement_poster": Door(EVERYONE, _TOLD),
    "works:announcement_calendar": Door(EVERYONE, _TOLD),
    "works:edit_announcement": Door(PARTNERS, _TOLD, "edit"),
    "works:publish_announcement": Door(PARTNERS, _TOLD, "edit"),
    "works:withdraw_announcement": Door(PARTNERS, _TOLD, "edit"),
    "works:correct_announcement": Door(PARTNERS, _TOLD, "edit"),
}
