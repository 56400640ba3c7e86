"""The year of participation: what bodies were asked, said and were answered, and where residents
were absent. Only what was sent or published counts, so everybody reads the same figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from parvis.councils.body_models import Body, CouncilSeat, Term
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.presence_models import TrainingFollowed
from parvis.councils.referent_held import Held, Span, held_in, published_bodies
from parvis.councils.referent_phases import phases_of
from parvis.councils.workflow import Level
from parvis.partners.actors import NOBODY
from parvis.partners.models import Organisation
from parvis.works.models import RenewalProject


@dataclass
class Answers:
    """What became of the opinions that were sent in a year."""

    sent: int = 0
    in_time: int = 0
    late: int = 0
    awaited: int = 0  # without an answer, whose day is to come
    overdue: int = 0  # without an answer, whose day has passed

    @property
    def unanswered(self) -> int:
        """Those without an answer, late or not."""
        return self.awaited + self.overdue


@dataclass
class BodyYear:
    """The year of one body."""

    body: Body
    seats: int = 0
    vacant: int = 0
    hours: Decimal = Decimal(0)
    held: int = 0
    without: int = 0
    requests: dict[str, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)

    @property
    def asked(self) -> int:
        """The requests that were sent to it."""
        return sum(self.requests.values())

    @property
    def informed(self) -> int:
        """Those that only informed."""
        return self.requests.get(Level.INFORM, 0)


@dataclass
class ProjectYear:
    """The year of one renewal project."""

    project: RenewalProject
    held: int = 0
    without: int = 0
    phases: int = 0
    unspoken: int = 0  # phases that began and of which no opinion is public


@dataclass
class Year:
    """All of it, with its sums."""

    bodies: list[BodyYear]
    projects: list[ProjectYear]

    def sums(self) -> dict[str, Any]:
        """The sums of the bodies' columns; a sitting that several bodies share counts for each."""
        answers = [one.answers for one in self.bodies]
        names = ("seats", "vacant", "hours", "asked", "informed")
        return {
            **{name: sum(getattr(one, name) for one in self.bodies) for name in names},
            **{
                name: sum(getattr(one, name) for one in answers)
                for name in ("sent", "in_time", "late", "awaited", "overdue", "unanswered")
            },
            "levels": {
                level: sum(one.requests.get(level, 0) for one in self.bodies) for level in Level
            },
            "phases": sum(one.phases for one in self.projects),
            "unspoken": sum(one.unspoken for one in self.projects),
        }


def coordinators() -> list[Organisation]:
    """The agglomérations that coordinate a published body; one query."""
    bodies = Body.objects.filter(coordinator_id=OuterRef("pk"), published_at__isnull=False)
    return list(Organisation.objects.filter(Exists(bodies)).order_by("name", "pk"))


def year_of(year: int, now: datetime, coordinator: int | None = None) -> Year:
    """The figures of a year, of one agglomération or of all; sixteen queries at most."""
    today = timezone.localdate(now)
    day = min(today, date(year, 12, 31))
    published = published_bodies()
    rows = Body.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=date(year, 1, 1)),
        published_at__isnull=False,
        created_on__lte=day,
    )
    if coordinator is not None:
        rows = rows.filter(coordinator_id=coordinator)
    bodies = {
        one.pk: BodyYear(one)
        for one in rows.select_related("organisation").order_by("organisation__name", "pk")
    }
    held = held_in(year, now, published)
    spans = {one.body: one for one in published if one.body in bodies}
    _count_held(bodies, spans, held)
    _count_seats(bodies, day)
    _count_hours(bodies, year)
    _count_requests(bodies, year)
    _count_answers(bodies, year, today)
    return Year(list(bodies.values()), _projects(spans.values(), held, day))


def _count_held(bodies: dict[int, BodyYear], spans: dict[int, Span], held: list[Held]) -> None:
    for pk, one in bodies.items():
        span = spans[pk]
        theirs = [some for some in held if span.on(some.day) and some.touches(span.quartiers)]
        one.held = len(theirs)
        one.without = sum(1 for some in theirs if some.lacking(span.quartiers))


def _count_seats(bodies: dict[int, BodyYear], day: date) -> None:
    """Every seat that is not closed, of holders and substitutes, and those that nobody holds."""
    held = Term.objects.on(day).filter(seat_id=OuterRef("pk"))
    rows = (
        CouncilSeat.objects.filter(
            Q(closed_on=None) | Q(closed_on__gt=day), college__body__in=list(bodies)
        )
        .annotate(taken=Exists(held))
        .order_by()
        .values_list("college__body_id", "taken")
        .annotate(number=Count("pk"))
    )
    for body, taken, number in rows:
        bodies[body].seats += number
        bodies[body].vacant += 0 if taken else number


def _count_hours(bodies: dict[int, BodyYear], year: int) -> None:
    """The hours of training that members followed, each member's added."""
    rows = (
        TrainingFollowed.objects.filter(
            came=True,
            member__body__in=list(bodies),
            offer__ends_on__year=year,
            offer__cancelled_at=None,
        )
        .order_by()
        .values_list("member__body_id")
        .annotate(hours=Sum("offer__hours"))
    )
    for body, hours in rows:
        bodies[body].hours = hours


def _count_requests(bodies: dict[int, BodyYear], year: int) -> None:
    """The requests that were sent and not withdrawn, by level."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = OpinionRequest.objects.filter(
        body__in=list(bodies), sent_at__year=year, withdrawn_at=None
    ).order_by()
    for body, level, number in rows.values_list("body_id", "level").annotate(number=Count("pk")):
        found[body][level] = number
    for body, counts in found.items():
        bodies[body].requests = dict(counts)


def _count_answers(bodies: dict[int, BodyYear], year: int, today: date) -> None:
    rows = Opinion.objects.filter(body__in=list(bodies), sent_at__year=year).order_by("pk")
    for body, due, at in rows.values_list("body_id", "reply_due_on", "replied_at"):
        answers = bodies[body].answers
        answers.sent += 1
        if due is None:  # the database wants a day once it is sent
            continue
        if at is not None:
            if timezone.localdate(at) <= due:
                answers.in_time += 1
            else:
                answers.late += 1
        elif due < today:
            answers.overdue += 1
        else:
            answers.awaited += 1


def _projects(spans: Iterable[Span], held: list[Held], day: date) -> list[ProjectYear]:
    """The public projects on these bodies' quartiers."""
    quartiers = {pk for one in spans for pk in one.quartiers}
    through = RenewalProject.quartiers.through.objects.filter(quartier__in=quartiers)
    rows = RenewalProject.objects.visible_to(NOBODY).filter(
        pk__in=through.values("renewalproject_id")
    )
    found = {one.pk: ProjectYear(one) for one in rows.order_by("title", "pk")}
    for some in held:
        if some.project in found:
            found[some.project].held += 1
            found[some.project].without += bool(some.lacking())
    if found:
        for phase in phases_of(NOBODY, list(found), day):
            line = found[phase.phase.project_id]
            line.phases += 1
            line.unspoken += not phase.given
    return list(found.values())
