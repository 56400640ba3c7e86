"""Who may see a renewal project and its operations, write them, and answer at its meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
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
)

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


def meeting_asks_us(actor: Actor) -> Q:
    """A question of the meeting is for the actor's organisation to answer."""
    if actor.organisation_id is None:
        return NOTHING
    mine = rows_of("MeetingQuestion").filter(
        meeting_id=OuterRef("pk"), organisation_id=actor.organisation_id
    )
    return Q(Exists(mine))


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
        "asks my organisation": meeting_asks_us,
    },
    rows=(
        Row(ANYONE, ("see",), "project and date published"),
        *(Row(role, ("see",), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see",), "project touches my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see",), "asks my organisation") for role in WRITERS),
        *(Row(role, ("edit",), "project carried by my organisation") for role in WRITERS),
        *(Row(role, ("see", "edit"), "organised by my organisation") for role in WRITERS),
        Row("coordination", ("edit",), "project wholly in my communes", AGGLOMERATION),
    ),
)


def asked_at_carried(actor: Actor) -> Q:
    return ours(actor, "meeting__project__carrier_id")


def asked_at_joined(actor: Actor) -> Q:
    return project_joined(actor, "meeting__project_id")


def asked_at_inside(actor: Actor) -> Q:
    return project_inside(actor, "meeting__project_id")


def asked_at_wholly(actor: Actor) -> Q:
    return project_wholly(actor, "meeting__project_id")


def asked_at_organised(actor: Actor) -> Q:
    return ours(actor, "meeting__gathering__organiser_id")


def asked_of_us(actor: Actor) -> Q:
    return ours(actor, "organisation_id")


def emptied_carried(actor: Actor) -> Q:
    return ours(actor, "operation__project__carrier_id")


def emptied_joined(actor: Actor) -> Q:
    return project_joined(actor, "operation__project_id")


def emptied_inside(actor: Actor) -> Q:
    return project_inside(actor, "operation__project_id")


def emptied_wholly(actor: Actor) -> Q:
    return project_wholly(actor, "operation__project_id")


def emptied_owned(actor: Actor) -> Q:
    return ours(actor, "operation__owner_id")


def emptied_kept(actor: Actor) -> Q:
    return ours(actor, "upkeep_by_id")


QUESTION = Policy(
    "works.meetingquestion",
    "question posée en réunion publique",
    scopes={
        "project carried by my organisation": asked_at_carried,
        "my organisation takes part": asked_at_joined,
        "project touches my perimeter": asked_at_inside,
        "project wholly in my communes": asked_at_wholly,
        "meeting organised by my organisation": asked_at_organised,
        "asked of my organisation": asked_of_us,
    },
    # The public reads questions and answers on the meeting's page, with its account.
    rows=(
        *(Row(role, ("see",), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see",), "project touches my perimeter", TERRITORIAL) for role in ROLES),
        *(Row(role, ("see", "answer"), "asked of my organisation") for role in WRITERS),
        *(Row(role, ("answer",), "project carried by my organisation") for role in WRITERS),
        *(Row(role, ("see", "answer"), "meeting organised by my organisation") for role in WRITERS),
        Row("coordination", ("answer",), "project wholly in my communes", AGGLOMERATION),
    ),
)
EMPTIED = Policy(
    "works.emptiedbuilding",
    "immeuble qui se vide",
    scopes={
        "project carried by my organisation": emptied_carried,
        "my organisation takes part": emptied_joined,
        "project touches my perimeter": emptied_inside,
        "project wholly in my communes": emptied_wholly,
        "operation owned by my organisation": emptied_owned,
        "kept up by my organisation": emptied_kept,
    },
    rows=(
        *(Row(role, ("see",), "project carried by my organisation") for role in ROLES),
        *(Row(role, ("see",), "my organisation takes part") for role in ROLES),
        *(Row(role, ("see",), "project touches my perimeter", TERRITORIAL) for role in ROLES),
        # `visit`: say how many dwellings are still occupied, and whether upkeep holds.
        *(Row(role, ("see", "visit"), "kept up by my organisation") for role in WRITERS),
        *(Row(role, ("edit", "visit"), "operation owned by my organisation") for role in WRITERS),
        *(Row(role, ("edit", "visit"), "project carried by my organisation") for role in WRITERS),
        Row("coordination", ("edit", "visit"), "project wholly in my communes", AGGLOMERATION),
    ),
)

PROJECT_NAME, OPERATION_NAME = "works.renewalproject", "works.operation"
MEETING_NAME, EMPTIED_NAME = "works.publicmeeting", "works.emptiedbuilding"


def _writes(resource: str, *names: str) -> dict[str, Door]:
    return {f"works:{name}": Door(PARTNERS, resource, "edit") for name in names}


DOORS: dict[str, Door] = {
    "works:projects": Door(EVERYONE),
    "works:project": Door(EVERYONE, PROJECT_NAME),
    "works:new_project": Door(PARTNERS, roles=("coordination",)),
    **_writes(
        PROJECT_NAME,
        *("edit_project", "publish_project", "project_phases", "project_amounts"),
        *("project_partners", "new_operation", "management_part", "annex_management"),
        *("new_ground", "edit_ground", "resident_step", "new_house", "edit_house", "new_meeting"),
    ),
    "works:management": Door(PARTNERS, PROJECT_NAME, "follow"),
    "works:management_file": Door(PARTNERS, PROJECT_NAME, "follow"),
    "works:management_pdf": Door(PARTNERS, PROJECT_NAME, "follow"),
    "works:annex": Door(EVERYONE, PROJECT_NAME),
    "works:step_file": Door(EVERYONE, PROJECT_NAME),
    "works:operation": Door(EVERYONE, OPERATION_NAME),
    **_writes(OPERATION_NAME, "edit_operation", "operation_step", "consultation", "new_emptied"),
    "works:balance": Door(EVERYONE, OPERATION_NAME),
    "works:public_meeting": Door(EVERYONE, MEETING_NAME),
    "works:meeting_letter": Door(EVERYONE, MEETING_NAME),
    **_writes(
        MEETING_NAME,
        *("edit_meeting", "publish_meeting", "cancel_meeting", "meeting_paper"),
        *("meeting_account", "publish_account", "new_question"),
    ),
    "works:answer_question": Door(PARTNERS, "works.meetingquestion", "answer"),
    "works:emptied": Door(PARTNERS, EMPTIED_NAME),
    "works:edit_emptied": Door(PARTNERS, EMPTIED_NAME, "edit"),
    "works:count_dwellings": Door(PARTNERS, EMPTIED_NAME, "visit"),
    "works:visit_emptied": Door(PARTNERS, EMPTIED_NAME, "visit"),
}
