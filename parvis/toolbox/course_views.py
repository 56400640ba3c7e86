"""Courses and workshops for everybody: the list, and the page of one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.gatherings.forms import RegisterForm
from parvis.partners.actors import Actor, actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.thread.register import paid_for, said_beside
from parvis.toolbox import after_questions
from parvis.toolbox.course_answers import crumbs, fetch_course
from parvis.toolbox.course_events import KIND
from parvis.toolbox.course_forms import CourseFilters
from parvis.toolbox.course_materials import papers_of
from parvis.toolbox.course_reading import (
    ROWS,
    before_of,
    counts_of,
    dates_of,
    kept,
    lines,
    open_papers,
    paged,
    sheets_of,
)
from parvis.toolbox.labels import axis_choices
from parvis.toolbox.models import Course, Enrolment
from parvis.toolbox.scopes import WRITERS

RIGHTS = ("enrol", "join", "send", "learn", "edit", "people", "results")


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """What is to come, for everybody; organisers also see what they prepare."""
    actor, now = actor_of(request), timezone.now()
    past = request.GET.get("passes") == "1"
    rows = ROWS.visible_to(actor)
    filters = CourseFilters(request.GET or None, rows=rows)
    asked = filters.asked()
    shown, pages = paged(request, kept(rows, asked, past=past, now=now))
    return render(
        request,
        "toolbox/courses.html",
        {
            "crumbs": crumbs(),
            "lines": lines(shown, now),
            "filters": filters,
            "filtered": bool(asked),
            "past": past,
            "may_plan": actor.role in WRITERS,
            "partner": actor.is_partner,
            **pages,
        },
    )


@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """One course: what is learned, when and where, with whom, and how to enrol."""
    return page(request, fetch_course(request, pk))


def page(request: HttpRequest, found: Course, form: RegisterForm | None = None) -> HttpResponse:
    """The page of a course that was fetched; `form`, when an enrolment was refused."""
    actor, now = actor_of(request), timezone.now()
    may = granted(actor, found)
    counts = counts_of(found)
    opened = found.takes_enrolments(now)
    mine = enrolment_of(actor, found)
    dates = dates_of(found)
    open_ones = open_papers(found, actor)
    papers = list(papers_of(found)) if may["learn"] else []
    known = {one.pk for one in open_ones}
    return render(
        request,
        "toolbox/course.html",
        {
            "course": found,
            "dates": dates,
            "standing": sum(one.gathering.cancelled_at is None for one in dates),
            "themes": list(found.themes.all()),
            "quartiers": list(found.quartiers.defer("outline")),
            "axis": dict(axis_choices()).get(found.axis, ""),
            "trainers": [line for line in found.trainers.splitlines() if line.strip()],
            "objectives": [line for line in found.objectives.splitlines() if line.strip()],
            "counts": counts,
            "free": None if found.seats is None else max(found.seats - counts["seated"], 0),
            "opened": opened,
            "soon": bool(found.opens_at and now < found.opens_at and found.state == "public"),
            "mine": mine,
            "before": before_of(mine) if mine else 0,
            "may": may,
            "form": (form or RegisterForm())
            if opened and may["enrol"] and not actor.is_partner
            else None,
            "sheets": sheets_of(found),
            "open_papers": open_ones,
            "own_papers": [one for one in papers if one.pk not in known],
            "paid": [
                {"label": label, "money": money}
                for label, money in paid_for(actor, KIND, [found.pk]).get(found.pk, [])
            ],
            "beside": said_beside(actor, KIND, found.pk),
            "thread": thread_of(actor, KIND, found.pk, seen=True),
            "events": events_of(actor, KIND, found.pk, seen=True) if actor.is_partner else [],
            "opinions": after_questions.summary_of(found),
            "crumbs": crumbs((found.title, "")),
        },
    )


def granted(actor: Actor, found: Course) -> dict[str, bool]:
    """What this actor may do with this course; one query."""
    asked: dict[str, Any] = {
        f"may_{right}": Exists(Course.objects.allowed(actor, right).filter(pk=OuterRef("pk")))
        for right in RIGHTS
    }
    rows: Any = Course.objects.filter(pk=found.pk).order_by().values(**asked)
    row = rows.get()
    return {right: bool(row[f"may_{right}"]) for right in RIGHTS}


def enrolment_of(actor: Actor, found: Course) -> Enrolment | None:
    """This person's own place in this course."""
    if not actor.user_id:
        return None
    own: Enrolment | None = found.enrolments.standing().filter(person_id=actor.user_id).first()
    return own
