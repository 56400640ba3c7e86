"""What the pages after a course have in common: who asks, which course, whose link, the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.actors import Actor
from parvis.toolbox.after_tokens import DATES
from parvis.toolbox.course_answers import crumbs
from parvis.toolbox.course_events import enrolment_from_token
from parvis.toolbox.models import Course, CourseDate, Enrolment

COURSES = Course.objects.select_related("organiser", "coordination")


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def fetch_course(request: HttpRequest, pk: int, action: str) -> Course:
    """The course, with the right to do that on it."""
    found: Course = rights.fetch(COURSES.all(), actor_of(request), action, pk=pk)
    return found


def fetch_date(request: HttpRequest, pk: int, number: int) -> CourseDate:
    """One date of a course whose organiser asks."""
    course = fetch_course(request, pk, "people")
    found = DATES.filter(course=course, number=number).first()
    if found is None:
        raise Http404
    return found


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that an enrolled person's own link opens: never kept, never indexed."""

    def wrapped(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        found = enrolment_from_token(token)
        if found is None:
            raise Http404
        bearer = actor_of(request).bearing("enrolment", found.pk)
        rights.fetch(Enrolment.objects.all(), bearer, pk=found.pk)
        return private(view(request, token, found, **more))

    return wrapped


def private(response: HttpResponse) -> HttpResponse:
    """An answer that a link gives: nothing keeps it, nothing indexes it."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def trail(course: Course, *labels: str) -> list[dict[str, str]]:
    """From a course to one of the pages of what comes after it."""
    pairs = [(course.title, reverse("toolbox:course", args=[course.pk]))]
    here = reverse("toolbox:after", args=[course.pk]) if labels else ""
    pairs.append(("Présences et suites", here))
    return crumbs(*pairs, *((label, "") for label in labels))


def page_of(request: HttpRequest) -> int:
    """The page of a list that is asked for, from 1; the first one when it makes no sense."""
    wanted = request.GET.get("page", "")
    sound = wanted.isascii() and wanted.isdigit() and len(wanted) < 6
    return max(int(wanted), 1) if sound else 1


def paged(request: HttpRequest, rows: Any, by_page: int) -> tuple[list[Any], dict[str, str]]:
    """The rows of the page that is asked for, and the addresses of the others, filters kept."""
    page = page_of(request)
    start = (page - 1) * by_page
    found = list(rows[start : start + by_page + 1])
    query = request.GET.copy()
    query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    return found[:by_page], {
        "next_url": f"?{kept}page={page + 1}" if len(found) > by_page else "",
        "first_url": f"?{kept.rstrip('&')}" if page > 1 else "",
    }
