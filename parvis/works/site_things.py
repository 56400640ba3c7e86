"""How worksites and announcements stand on the thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register
from parvis.works.dates import State
from parvis.works.models import CharterPledge, WorksAnnouncement, Worksite
from parvis.works.site_events import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_SENTENCES,
    WORKSITE,
    WORKSITE_SENTENCES,
)

BROKEN = "charter"  # what is due of a worksite whose charter is not kept
_FIRST = Coalesce("began_on", "starts_on")


def _state(today: Any) -> Case:
    """The state of a worksite on that day, by the rule of `Dated.state_on`."""
    rows = Worksite.objects
    return Case(
        *(
            When(pk__in=rows.standing(state, today).values("pk"), then=Value(state.value))
            for state in (State.ENDED, State.PLANNED, State.RUNNING)
        ),
        default=Value(State.UNDATED.value),
    )


def worksite_rows(actor: Actor) -> Any:
    """The worksites that this actor may see, as the register's columns."""
    return columns(
        Worksite.objects.visible_to(actor),
        WORKSITE,
        title="title",
        who="owner__name",
        day=_FIRST,
        state=_state(timezone.localdate()),
    )


def _unkept() -> Any:
    broken = CharterPledge.objects.filter(worksite_id=OuterRef("pk"), state="unkept")
    return broken.order_by("checked_on", "pk")


def _broken(rows: Any) -> Any:
    """Worksites whose charter is not kept, with the day of the check that found it."""
    return due_columns(
        rows.filter(Exists(_unkept())),
        WORKSITE,
        title="title",
        who="manager__name",
        day=Subquery(_unkept().values("checked_on")[:1]),
        state=Value(BROKEN),
        due_on=Subquery(_unkept().values("checked_on")[:1]),
        owner="manager_id",
    )


def worksites_due(actor: Actor) -> Any:
    """For its manager: a worksite whose charter is not kept."""
    return _broken(
        Worksite.objects.filter(manager=actor.organisation_id or 0).allowed(actor, "edit")
    )


def worksites_awaiting(actor: Actor) -> Any:
    """A charter that is not kept: the next meeting is to speak of it."""
    return _broken(Worksite.objects.allowed(actor, "follow"))


def worksites_lying(where: Where) -> Any:
    """The worksites of these places."""
    quartiers = Worksite.quartiers.through.objects.filter(worksite_id=OuterRef("pk"))
    residences = Worksite.residences.through.objects.filter(worksite_id=OuterRef("pk"))
    return Worksite.objects.filter(
        Q(commune_id__in=where.communes)
        | Q(Exists(quartiers.filter(quartier_id__in=where.quartiers)))
        | Q(Exists(residences.filter(residence_id__in=where.residences)))
    ).values("pk")


def worksite_places(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """The middle of their perimeters."""
    rows = Worksite.objects.filter(pk__in=list(ids), west__isnull=False)
    boxes = rows.values_list("pk", "south", "north", "west", "east")
    found: Iterable[tuple[Any, ...]] = boxes
    return {pk: ((south + north) / 2, (west + east) / 2) for pk, south, north, west, east in found}


def announcement_rows(actor: Actor) -> Any:
    """The announcements that this actor may see; those that were published say so."""
    return columns(
        WorksAnnouncement.objects.visible_to(actor),
        ANNOUNCEMENT,
        title="title",
        who="worksite__manager__name",
        day="starts_on",
        state=Case(
            When(withdrawn_at__isnull=False, then=Value("withdrawn")),
            When(published_at=None, then=Value("draft")),
            When(replaced_by__published_at__isnull=False, then=Value("replaced")),
            default=Value("published"),
        ),
    )


def announcements_lying(where: Where) -> Any:
    """The announcements of the worksites of these places."""
    return WorksAnnouncement.objects.filter(worksite__in=worksites_lying(where)).values("pk")


def announcement_places(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Where their worksites are."""
    rows = WorksAnnouncement.objects.filter(pk__in=list(ids))
    sites = dict(rows.values_list("pk", "worksite_id"))
    found = worksite_places(sites.values())
    return {pk: found[site] for pk, site in sites.items() if site in found}


def url_of_worksite(pk: int) -> str:
    """The page of a worksite."""
    return reverse("works:worksite", args=[pk])


def url_of_announcement(pk: int) -> str:
    """The page of an announcement."""
    return reverse("works:announcement", args=[pk])


register(
    Kind(
        code=WORKSITE,
        label="chantier",
        plural="chantiers",
        icon="traffic-cone",
        url=url_of_worksite,
        public_url=url_of_worksite,
        rows=worksite_rows,
        state_labels={
            **dict(State.choices),
            **dict(CharterPledge.State.choices),
            BROKEN: "charte non tenue",
        },
        tells_existence=True,
        due=worksites_due,
        awaits=worksites_awaiting,
        lies_in=worksites_lying,
        places=worksite_places,
        sentences=WORKSITE_SENTENCES,
    )
)
register(
    Kind(
        code=ANNOUNCEMENT,
        label="annonce de travaux",
        plural="annonces de travaux",
        icon="megaphone",
        url=url_of_announcement,
        rows=announcement_rows,
        state_labels={
            "draft": "brouillon",
            "published": "publiée",
            "replaced": "remplacée",
            "withdrawn": "retirée",
        },
        lies_in=announcements_lying,
        places=announcement_places,
        sentences=ANNOUNCEMENT_SENTENCES,
    )
)
