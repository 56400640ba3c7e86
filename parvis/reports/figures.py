"""Figures on reports for pages of all: usual delays, and what was said and then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.workdays import working_days_between
from parvis.reports.counting import local_day
from parvis.reports.models import Part, Photo, Report
from parvis.reports.photos import before_and_after
from parvis.reports.workflow import OPEN, State

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


@dataclass(frozen=True)
class OfQuartier:
    """What the page of a quartier tells of its reports."""

    open: list[Report]  # the newest
    open_count: int
    closed_count: int
    settled: list[Settled]
    delays: Delays


def of_quartier(actor: Actor, quartier_id: int, *, shown: int = 8, told: int = 3) -> OfQuartier:
    """What this actor may see in a quartier, dwellings left out. Its reports, however many, are
    read once, as a few short columns, and all is counted from these; four queries."""
    in_year = Q(state=State.SETTLED, closed_at__gte=timezone.now() - PERIOD)
    rows = Report.objects.visible_to(actor).filter(
        pk__in=Report.quartiers.through.objects.filter(quartier_id=quartier_id).values("report_id"),
        private=False,
        withdrawn_at=None,
        merged_into=None,
    )
    opened: list[int] = []
    days: list[int] = []
    settled: list[int] = []
    with_picture: list[int] = []
    closed, zone = 0, timezone.get_current_timezone()
    # The newest first: those that are open by the day they came, the others by that of their end.
    for pk, state, public, at, closed_at, pictured in rows.order_by(
        Coalesce("closed_at", "at").desc(), "-pk"
    ).values_list(
        "pk",
        "state",
        "public",
        Case(When(in_year, then=F("at"))),
        Case(When(in_year, then=F("closed_at"))),
        _pictured(),
    ):
        if state in OPEN:
            opened.append(pk)
            continue
        closed += 1
        if at is not None and len(days) < ROWS:
            here = at.astimezone(zone).date(), closed_at.astimezone(zone).date()
            days.append(working_days_between(*here))
        if public and state == State.SETTLED:
            (with_picture if pictured else settled).append(pk)
    chosen, first = (with_picture + settled)[:told], opened[:shown]
    fetched = Report.objects.visible_to(actor).select_related("category").in_bulk(chosen + first)
    return OfQuartier(
        open=[fetched[pk] for pk in first if pk in fetched],
        open_count=len(opened),
        closed_count=closed,
        settled=_stories([fetched[pk] for pk in chosen if pk in fetched]),
        delays=Delays(round(median(days)) if len(days) >= MINIMUM else None, len(days)),
    )


def settled_lately(actor: Actor, limit: int = 6) -> list[Settled]:
    """What was said and then done: public settled reports, in three queries. Those of the last
    weeks with a picture of what changed come first, then newest first."""
    rows = (
        Report.objects.visible_to(actor)
        .filter(public=True, withdrawn_at=None, state=State.SETTLED)
        .annotate(pictured=_pictured())
        .select_related("category")
        .order_by("-pictured", "-closed_at", "-pk")
    )
    return _stories(list(rows[:limit]))


def _pictured() -> Case:
    """1 for what was settled in the last weeks and has a picture of what changed, else 0."""
    changed = Photo.objects.filter(report=OuterRef("pk"), shown=True, moment=Photo.Moment.AFTER)
    lately = Q(state=State.SETTLED, closed_at__gte=timezone.now() - LATELY)
    return Case(When(lately & Q(Exists(changed)), then=1), default=0)


def _stories(reports: list[Report]) -> list[Settled]:
    """Each settled report as it is told, with its pictures and who settled it; two queries."""
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
