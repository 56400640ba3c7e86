"""Figures on reports for pages of all: usual delays, and what was said and then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.places.workdays import working_days_between
from parvis.reports.counting import local_day
from parvis.reports.models import Part, Photo, Report
from parvis.reports.photos import before_and_after
from parvis.reports.workflow import State

MINIMUM = 5  # settled reports under which a delay says nothing, or tells about somebody
PERIOD = timedelta(days=365)
LATELY = timedelta(days=45)
ROWS = 2000  # the most recent ones are enough for a median


@dataclass(frozen=True)
class Delays:
    """The usual delay over the last year; `median_days` is None below the minimum count."""

    median_days: int | None
    count: int
    minimum: int = MINIMUM


@dataclass(frozen=True)
class Settled:
    """A report that was made and then settled."""

    report: Report
    label: str
    place: str
    people: int
    working_days: int
    organisations: tuple[str, ...]
    before: Photo | None = None
    after: Photo | None = None


def delays_of_quartier(quartier_id: int, actor: Actor) -> Delays:
    """The median of working days from report to settlement in a quartier; one query."""
    rows = (
        Report.objects.visible_to(actor)
        .filter(_in_quartier(quartier_id), private=False, state=State.SETTLED, withdrawn_at=None)
        .filter(closed_at__gte=timezone.now() - PERIOD)
        .order_by("-closed_at")
        .values_list("at", "closed_at")[:ROWS]
    )
    days = [
        working_days_between(local_day(at), local_day(closed_at))
        for at, closed_at in rows
        if closed_at is not None
    ]
    if len(days) < MINIMUM:
        return Delays(None, len(days))
    return Delays(round(median(days)), len(days))


def settled_lately(actor: Actor, limit: int = 6, quartier: Quartier | None = None) -> list[Settled]:
    """What was said and then done: public settled reports, in three queries. Those of the last
    weeks with a picture of what changed come first, then newest first."""
    changed = Photo.objects.filter(report=OuterRef("pk"), shown=True, moment=Photo.Moment.AFTER)
    lately = timezone.now() - LATELY
    rows = (
        Report.objects.visible_to(actor)
        .filter(public=True, withdrawn_at=None, state=State.SETTLED)
        .annotate(pictured=Case(When(Exists(changed), closed_at__gte=lately, then=1), default=0))
        .select_related("category")
        .order_by("-pictured", "-closed_at", "-pk")
    )
    if quartier is not None:
        rows = rows.filter(_in_quartier(quartier.pk))
    reports = list(rows[:limit])
    ids = [report.pk for report in reports]
    before: dict[int, Photo] = {}
    after: dict[int, Photo] = {}
    shown = list(Photo.objects.filter(report__in=ids, shown=True).order_by("at", "pk"))
    for photo in shown:
        if photo.moment == Photo.Moment.AFTER:
            after[photo.report_id] = photo
        else:
            before.setdefault(photo.report_id, photo)
    for one, other in before_and_after(shown):
        before[one.report_id], after[other.report_id] = one, other
    organisations: dict[int, list[str]] = {}
    settled = Part.objects.filter(report__in=ids, state=State.SETTLED).select_related(
        "organisation"
    )
    for part in settled.order_by("created_at", "pk"):
        if part.organisation is not None:
            names = organisations.setdefault(part.report_id, [])
            if part.organisation.name not in names:
                names.append(part.organisation.name)
    return [
        Settled(
            report=report,
            label=report.category.label,
            place=report.place_label,
            people=report.voice_count,
            working_days=working_days_between(local_day(report.at), local_day(report.closed_at)),
            organisations=tuple(organisations.get(report.pk, ())),
            before=before.get(report.pk),
            after=after.get(report.pk),
        )
        for report in reports
        if report.closed_at is not None
    ]


def _in_quartier(quartier_id: int) -> Q:
    through = Report.quartiers.through
    return Q(pk__in=through.objects.filter(quartier_id=quartier_id).values("report_id"))
