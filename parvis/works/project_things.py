"""How projects, their operations and their public meetings stand on the thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.thread.register import Kind, Where, columns, due_columns, register
from parvis.works.dates import State
from parvis.works.models import (
    EmptiedBuilding,
    MeetingQuestion,
    Operation,
    PublicMeeting,
    RenewalProject,
    UpkeepVisit,
)
from parvis.works.project_events import (
    MEETING,
    MEETING_SENTENCES,
    OPERATION,
    OPERATION_SENTENCES,
    PROJECT,
    PROJECT_SENTENCES,
)
from parvis.works.sorting import settings


def project_rows(actor: Actor) -> Any:
    """The projects that this actor may see, as the register's columns."""
    return columns(
        RenewalProject.objects.visible_to(actor),
        PROJECT,
        title="title",
        who="carrier__name",
        day=TruncDate("published_at"),
        state=Case(When(published_at=None, then=Value("draft")), default=Value("public")),
    )


def coded(code: str) -> int | None:
    """The project of that code, however its letters are written."""
    found = RenewalProject.objects.filter(code=code.upper()).values_list("pk", flat=True).first()
    return int(found) if found is not None else None


def operation_rows(actor: Actor) -> Any:
    """The operations that this actor may see; their state follows from their dates."""
    today = timezone.localdate()
    return columns(
        Operation.objects.visible_to(actor),
        OPERATION,
        title="title",
        who="owner__name",
        day=Coalesce("began_on", "starts_on"),
        amount="amount",
        state=Case(
            When(ended_on__lt=today, then=Value(State.ENDED.value)),
            When(began_on__lte=today, then=Value(State.RUNNING.value)),
            When(began_on__gt=today, then=Value(State.PLANNED.value)),
            When(starts_on=None, then=Value(State.UNDATED.value)),
            When(starts_on__gt=today, then=Value(State.PLANNED.value)),
            When(ends_on__lt=today, then=Value(State.ENDED.value)),
            default=Value(State.RUNNING.value),
        ),
    )


def operations_due(actor: Actor) -> Any:
    """Buildings that are being emptied, where upkeep has stopped or nobody looked for too long:
    for who keeps them up."""
    days = settings()["visit_days"]
    since = Coalesce("last_visit_on", "starts_on")
    waits = ExpressionWrapper(since + Value(timedelta(days=days)), output_field=DateField())
    stopped = When(last_result=UpkeepVisit.Result.UNKEPT, then=F("last_visit_on"))
    return due_columns(
        EmptiedBuilding.objects.allowed(actor, "visit").in_alert(timezone.localdate()),
        OPERATION,
        pk="operation_id",
        title="operation__title",
        who="upkeep_by__name",
        state=Value("upkeep"),
        due_on=Case(stopped, default=waits, output_field=DateField(null=True)),
        owner="upkeep_by_id",
    )


def meeting_rows(actor: Actor) -> Any:
    """The public meetings that this actor may see."""
    return columns(
        PublicMeeting.objects.visible_to(actor),
        MEETING,
        title="gathering__title",
        who="gathering__organiser__name",
        day=TruncDate("gathering__starts_at"),
        state=Case(
            When(gathering__cancelled_at__isnull=False, then=Value("cancelled")),
            When(account_published_at__isnull=False, then=Value("told")),
            When(gathering__ends_at__lt=Now(), then=Value("held")),
            default=Value("planned"),
        ),
    )


def questions_due(actor: Actor) -> Any:
    """Questions put at public meetings that are not answered, for who answers."""
    return due_columns(
        MeetingQuestion.objects.allowed(actor, "answer").filter(
            answered_on=None, meeting__gathering__cancelled_at=None
        ),
        MEETING,
        pk="meeting_id",
        title="meeting__gathering__title",
        who="organisation__name",
        state=Value("question"),
        due_on="due_on",
        owner="organisation_id",
    )


def _projects_of(where: Where) -> Any:
    communes = RenewalProject.communes.through.objects.filter(
        renewalproject_id=OuterRef("pk"), commune_id__in=where.communes
    )
    quartiers = RenewalProject.quartiers.through.objects.filter(
        renewalproject_id=OuterRef("pk"), quartier_id__in=where.quartiers
    )
    return RenewalProject.objects.filter(Q(Exists(communes)) | Q(Exists(quartiers))).values("pk")


def projects_lying(where: Where) -> Any:
    """The projects of these places."""
    return _projects_of(where)


def operations_lying(where: Where) -> Any:
    """The operations of these residences, and those of the projects of these places."""
    touched = Operation.residences.through.objects.filter(
        operation_id=OuterRef("pk"), residence_id__in=where.residences
    )
    return Operation.objects.filter(Q(Exists(touched)) | Q(project__in=_projects_of(where))).values(
        "pk"
    )


def meetings_lying(where: Where) -> Any:
    """The public meetings of the projects of these places."""
    return PublicMeeting.objects.filter(project__in=_projects_of(where)).values("pk")


def places_of_projects(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """The middle of the first quartier of each project."""
    through = RenewalProject.quartiers.through.objects.filter(renewalproject_id__in=list(ids))
    boxes = dict(through.order_by("-quartier_id").values_list("renewalproject_id", "quartier_id"))
    drawn: Any = Quartier.objects.filter(pk__in=boxes.values(), west__isnull=False).values_list(
        "pk", "south", "north", "west", "east"
    )
    middles = {
        pk: ((south + north) / 2, (west + east) / 2)
        for pk, south, north, west, east in drawn
        if None not in (south, north, west, east)
    }
    return {pk: middles[quartier] for pk, quartier in boxes.items() if quartier in middles}


def places_of_operations(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """The first residence that each operation touches."""
    touched = Operation.residences.through.objects.filter(operation_id__in=list(ids))
    rows = touched.order_by("-residence_id").values_list(
        "operation_id", "residence__latitude", "residence__longitude"
    )
    return {pk: (north, east) for pk, north, east in rows}


def _page(name: str) -> Any:
    return lambda pk: reverse(f"works:{name}", args=[pk])


register(
    Kind(
        code=PROJECT,
        label="projet",
        plural="projets",
        icon="landmark",
        url=_page("project"),
        public_url=_page("project"),
        named=coded,
        steered=True,
        rows=project_rows,
        state_labels={"draft": "pas encore publié", "public": "publié"},
        tells_existence=True,
        lies_in=projects_lying,
        places=places_of_projects,
        sentences=PROJECT_SENTENCES,
    )
)
register(
    Kind(
        code=OPERATION,
        label="opération",
        plural="opérations",
        icon="building-2",
        url=_page("operation"),
        rows=operation_rows,
        state_labels={
            **dict(State.choices),
            "upkeep": "immeuble à visiter",
            **dict(UpkeepVisit.Result.choices),
        },
        due=operations_due,
        lies_in=operations_lying,
        places=places_of_operations,
        sentences=OPERATION_SENTENCES,
    )
)
register(
    Kind(
        code=MEETING,
        label="réunion publique",
        plural="réunions publiques",
        icon="megaphone",
        url=_page("public_meeting"),
        rows=meeting_rows,
        state_labels={
            "planned": "prévue",
            "held": "tenue",
            "told": "compte rendu publié",
            "cancelled": "annulée",
            "question": "question sans réponse",
        },
        due=questions_due,
        lies_in=meetings_lying,
        sentences=MEETING_SENTENCES,
    )
)
