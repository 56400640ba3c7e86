"""What pages of courses read: lists cut down to what was asked, seats, dates, materials."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest

from parvis.partners.actors import Actor
from parvis.toolbox.models import Course, CourseDate, Enrolment, Paper, Sheet

PAGE = 30
ROWS = Course.objects.select_related("organiser", "coordination")


def kept(rows: Any, asked: dict[str, Any], *, past: bool, now: datetime) -> Any:
    """These courses cut down to what was asked for: to come, or past and called off."""
    if past:
        rows = rows.filter(Q(ends_at__lt=now) | Q(cancelled_at__isnull=False))
        rows = rows.order_by("-starts_at", "-pk")
    else:
        # A draft without a date is to come for who prepares it.
        rows = rows.filter(Q(ends_at__gte=now) | Q(ends_at=None), cancelled_at=None)
        rows = rows.order_by(F("starts_at").asc(nulls_last=True), "pk")
    if "pour" in asked:
        rows = rows.filter(audience=asked["pour"])
    if "nature" in asked:
        rows = rows.filter(nature=asked["nature"])
    if "theme" in asked:
        named = Course.themes.through.objects.filter(theme__code=asked["theme"])
        rows = rows.filter(Exists(named.filter(course_id=OuterRef("pk"))))
    if "quartier" in asked:
        # A course without a quartier is for the whole territory.
        places = Course.quartiers.through.objects.filter(course_id=OuterRef("pk"))
        here = places.filter(quartier_id=asked["quartier"])
        rows = rows.filter(Q(Exists(here)) | ~Q(Exists(places)))
    return rows


def paged(request: HttpRequest, rows: Any, size: int = PAGE) -> tuple[list[Any], dict[str, str]]:
    """The rows of a page of a list, and the addresses of the pages around it. One query."""
    said = request.GET.get("page", "")
    number = int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 7 else 1
    first = max(number - 1, 0) * size
    found = list(rows[first : first + size + 1])
    query = request.GET.copy()
    query.pop("page", None)
    asked = query.urlencode()
    following = f"?{asked}{'&' if asked else ''}page={number + 1}"
    return found[:size], {
        "next_url": following if len(found) > size else "",
        "first_url": f"?{asked}" if first else "",
    }


def lines(courses: list[Course], now: datetime) -> list[dict[str, Any]]:
    """Each course with its free seats, its number of dates and the places; three queries."""
    ids = [one.pk for one in courses]
    seated = _counted(Enrolment.objects.seated().filter(course__in=ids))
    standing = CourseDate.objects.filter(course__in=ids, gathering__cancelled_at=None)
    dates = _counted(standing)
    places: dict[int, list[str]] = {}
    named = Course.quartiers.through.objects.filter(course__in=ids)
    for pk, name in named.order_by("quartier__name").values_list("course_id", "quartier__name"):
        places.setdefault(pk, []).append(name)
    return [
        {
            "course": one,
            "free": None if one.seats is None else max(one.seats - seated.get(one.pk, 0), 0),
            "open": one.takes_enrolments(now),
            "dates": dates.get(one.pk, 0),
            "places": places.get(one.pk, []),
        }
        for one in courses
    ]


def _counted(rows: Any) -> dict[int, int]:
    counts = rows.order_by().values("course_id").annotate(number=Count("pk"))
    return {row["course_id"]: row["number"] for row in counts}


def dates_of(course: Course) -> list[CourseDate]:
    """Every date, those called off too, in their order; one query."""
    rows = course.dates.select_related("gathering__commune").defer("gathering__commune__outline")
    return list(rows.order_by("number"))


def sheets_of(course: Course) -> list[Sheet]:
    """The sheets that go with it, once published: a draft is read by nobody else."""
    return list(course.sheets.filter(live=True).order_by("title", "pk"))


def open_papers(course: Course, actor: Actor) -> list[Paper]:
    """The documents that a published sheet offers to everybody, or that this actor reads."""
    chosen = course.papers.values("pk")
    return list(Paper.objects.visible_to(actor).filter(pk__in=chosen).order_by("title", "pk"))


def counts_of(course: Course) -> dict[str, int]:
    """How many have a seat and how many wait; one query."""
    rows = course.enrolments.order_by().values_list("state").annotate(number=Count("pk"))
    found = dict(rows)
    return {name: found.get(name, 0) for name in ("seated", "waiting")}


def by_organisation(enrolments: Iterable[Enrolment]) -> list[tuple[str, int]]:
    """How many seats each organisation has, the most first."""
    counts: dict[str, int] = {}
    for one in enrolments:
        if one.state == Enrolment.State.SEATED:
            name = one.organisation.name if one.organisation else "Habitants et sans organisation"
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def before_of(enrolment: Enrolment) -> int:
    """How many wait before somebody who waits."""
    if enrolment.state != Enrolment.State.WAITING:
        return 0
    others = Enrolment.objects.filter(course_id=enrolment.course_id, state=enrolment.state)
    return int(others.filter(rank__lt=enrolment.rank).count())
