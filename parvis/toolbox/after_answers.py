"""What the pages after a course have in common: which date, and the trail."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from parvis.toolbox.after_tokens import DATES
from parvis.toolbox.course_answers import crumbs, fetch_course
from parvis.toolbox.models import Course, CourseDate


def fetch_date(request: HttpRequest, pk: int, number: int) -> CourseDate:
    """One date of a course whose organiser asks."""
    course = fetch_course(request, pk, "people")
    found = DATES.filter(course=course, number=number).first()
    if found is None:
        raise Http404
    return found


def trail(course: Course, *labels: str) -> list[dict[str, str]]:
    """From a course to one of the pages of what comes after it."""
    pairs = [(course.title, reverse("toolbox:course", args=[course.pk]))]
    here = reverse("toolbox:after", args=[course.pk]) if labels else ""
    pairs.append(("Présences et suites", here))
    return crumbs(*pairs, *((label, "") for label in labels))
