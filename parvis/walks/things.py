"""How walks and their findings stand on the thread; what of them is due, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.events import say_pages
from parvis.gatherings.kinds import DIAGNOSTIC
from parvis.gatherings.models import Gathering
from parvis.meetings.acts import DECISION
from parvis.partners.actors import Actor
from parvis.thread.models import Link
from parvis.thread.register import Checking, Kind, Where, columns, due_columns, register
from parvis.walks import access
from parvis.walks.events import OBSERVATION, OBSERVATION_SENTENCES, WALK, WALK_SENTENCES
from parvis.walks.inviting import with_pages
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.practice import days
from parvis.walks.return_checks import WORDS, findings_to_see, keep_seen
from parvis.walks.workflow import WALK_LABELS, Condition, Outcome

FINDING_LABELS = {**dict(Outcome.choices), **dict(Condition.choices)}


def walk_rows(actor: Actor) -> Any:
    """The walks that this actor may see, as the register's columns."""
    now = timezone.now()
    return columns(
        Walk.objects.visible_to(actor),
        WALK,
        title="gathering__title",
        who="gathering__organiser__name",
        day=TruncDate("gathering__starts_at"),
        state=Case(
            When(gathering__cancelled_at__isnull=False, then=Value("cancelled")),
            When(published_at__isnull=False, then=Value("published")),
            When(sent_at__isnull=False, then=Value("sent")),
            When(gathering__ends_at__lt=now, then=Value("walked")),
            When(convened_at__isnull=False, then=Value("convened")),
            default=Value("prepared"),
        ),
    )


def walks_due(actor: Actor) -> Any:
    """The walks that are over and whose account is owed, for who writes it."""
    late = timedelta(days=days("account_after"))
    owed = ExpressionWrapper(TruncDate("gathering__ends_at") + late, output_field=DateField())
    mine = Walk.objects.filter(
        access.WALK.condition(actor, "sort"),
        sent_at=None,
        gathering__cancelled_at=None,
        gathering__ends_at__lt=timezone.now(),
    )
    return due_columns(
        mine,
        WALK,
        title="gathering__title",
        who="gathering__organiser__name",
        state=Value("walked"),
        due_on=owed,
        owner="gathering__organiser_id",
    )


def _gatherings_of(where: Where) -> Any:
    inside = Gathering.quartiers.through.objects.filter(
        gathering_id=OuterRef("pk"), quartier_id__in=where.quartiers
    )
    return Gathering.objects.filter(
        Q(commune_id__in=where.communes) | Q(residence_id__in=where.residences) | Q(Exists(inside))
    ).values("pk")


def walks_lying(where: Where) -> Any:
    """The walks of these places."""
    return Walk.objects.filter(gathering__in=_gatherings_of(where)).values("pk")


def finding_rows(actor: Actor) -> Any:
    """The findings that this actor may see, as the register's columns."""
    return columns(
        Observation.objects.visible_to(actor),
        OBSERVATION,
        title="title",
        who="responsible__name",
        day=TruncDate("noted_at"),
        state=Case(When(Q(condition=""), then=F("outcome")), default=F("condition")),
    )


def findings_awaiting(actor: Actor) -> Any:
    """The findings that a meeting is to decide about, until one has."""
    decided = Link.objects.filter(
        source_kind=OBSERVATION, source_id=OuterRef("pk"), target_kind=DECISION
    )
    to_decide = Observation.objects.visible_to(actor).filter(
        ~Exists(decided), outcome=Outcome.TO_DECIDE, withdrawn_at=None, same_as=None
    )
    return due_columns(
        to_decide.exclude(condition=Condition.SETTLED),
        OBSERVATION,
        title="title",
        who="responsible__name",
        day=TruncDate("noted_at"),
        state="outcome",
        due_on="due_on",
        owner="responsible_id",
    )


def findings_lying(where: Where) -> Any:
    """The findings of these places."""
    inside = Observation.quartiers.through.objects.filter(
        observation_id=OuterRef("pk"), quartier_id__in=where.quartiers
    )
    return Observation.objects.filter(
        Q(commune_id__in=where.communes) | Q(residence_id__in=where.residences) | Q(Exists(inside))
    ).values("pk")


def offered_findings(actor: Actor, where: Where) -> Any:
    """The findings that this actor may have looked at again in these places."""
    return findings_to_see(actor, findings_lying(where))


def places_of_findings(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Where these findings are, those that have a point."""
    rows = Observation.objects.filter(pk__in=list(ids)).values_list("pk", "latitude", "longitude")
    return {pk: (north, east) for pk, north, east in rows if north is not None and east is not None}


def photo_of_finding(actor: Actor, pk: int) -> bytes | None:
    """The first picture of a finding that this actor may see, once reviewed: slides are looked at
    by more people than those who may see it, and are given away."""
    pictures = Picture.objects.visible_to(actor).filter(observation=pk, shown=True)
    first = pictures.order_by("noted_at", "pk").first()
    if first is None:
        return None
    with first.file.open("rb") as content:
        return bytes(content.read())


def url_of_walk(pk: int) -> str:
    """The page of a walk."""
    return reverse("walks:walk", args=[pk])


def url_of_account(pk: int) -> str:
    """What everybody reads of a walk: its public account."""
    return reverse("walks:account", args=[pk])


def url_of_finding(pk: int) -> str:
    """The page of a finding."""
    return reverse("walks:observation", args=[pk])


register(
    Kind(
        code=WALK,
        label="diagnostic en marchant",
        plural="diagnostics en marchant",
        icon="footprints",
        url=url_of_walk,
        public_url=url_of_account,
        rows=walk_rows,
        state_labels=WALK_LABELS,
        due=walks_due,
        lies_in=walks_lying,
        sentences=WALK_SENTENCES,
    )
)
register(
    Kind(
        code=OBSERVATION,
        label="constat de diagnostic",
        plural="constats de diagnostic",
        icon="eye",
        url=url_of_finding,
        rows=finding_rows,
        state_labels=FINDING_LABELS,
        tells_existence=True,
        awaits=findings_awaiting,
        lies_in=findings_lying,
        places=places_of_findings,
        photo=photo_of_finding,
        checking=Checking(WORDS, offered_findings, keep_seen),
        sentences=OBSERVATION_SENTENCES,
    )
)
say_pages(DIAGNOSTIC, with_pages)
