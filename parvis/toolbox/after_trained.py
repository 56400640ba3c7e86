"""What each organisation has trained: people, hours and courses, never names.

Somebody counts under the organisation for which they enrolled, wherever they are today. People are
distinct: one who follows two courses counts once, as long as an account or an address told that it
was the same person (see `Trainee`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.toolbox.after_certifying import hours_of
from parvis.toolbox.labels import groups
from parvis.toolbox.models import Course, Trainee

RESIDENTS = "Habitants et personnes sans organisation"
NONE = "Non précisé"
CUTS = {
    "organisation": "Par organisation",
    "annee": "Par année",
    "theme": "Par thème",
    "public": "Par public",
    "axe": "Par axe de l’abattement",
    "formation": "Par formation",
}
HEADER = ("Personnes", "Heures suivies", "Formations")


@dataclass(frozen=True)
class Told:
    """One course, as the figures read it."""

    pk: int
    title: str
    year: int
    audience: str
    axis: str
    hours: Decimal
    dates: int
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Came:
    """One person in one course."""

    key: str
    organisation: str  # its name; residents have none
    course: Told
    hours: Decimal


@dataclass
class Line:
    """One line of the table."""

    label: str
    keys: set[str] = field(default_factory=set)
    courses: set[int] = field(default_factory=set)
    hours: Decimal = Decimal("0.00")

    @property
    def people(self) -> int:
        """How many different people."""
        return len(self.keys)

    def add(self, came: Came) -> None:
        """Count one person in one course."""
        self.keys.add(came.key)
        self.courses.add(came.course.pk)
        self.hours += came.hours


def everybody_who_came(actor: Actor) -> list[Came]:
    """Who came to what, as far as this actor may count them, in three queries."""
    rows = list(
        Trainee.objects.allowed(actor, "count")
        .annotate(
            came=Count(
                "enrolment__presences",
                filter=Q(
                    enrolment__presences__came=True,
                    enrolment__presences__date__gathering__cancelled_at=None,
                ),
            )
        )
        .filter(came__gt=0)
        .order_by("pk")
        .values_list("key", "enrolment__organisation__name", "enrolment__course_id", "came")
    )
    courses = _courses({course_id for _, _, course_id, _ in rows})
    return [
        Came(key, name or RESIDENTS, told, hours_of(told.hours, came, told.dates))
        for key, name, course_id, came in rows
        for told in [courses[course_id]]
    ]


def _courses(ids: Iterable[int]) -> dict[int, Told]:
    wanted = sorted(ids)
    themes: dict[int, list[str]] = {}
    about = Course.themes.through.objects.filter(course_id__in=wanted).order_by("theme__label")
    for course_id, label in about.values_list("course_id", "theme__label"):
        themes.setdefault(course_id, []).append(label)
    # The hours of a course called off on its way are those of the dates that were left as well.
    given_up = Q(dates__gathering__cancelled_at=F("cancelled_at"))
    meant = Count("dates", filter=Q(dates__gathering__cancelled_at=None) | given_up)
    rows: Any = Course.objects.filter(pk__in=wanted).annotate(meant=meant)
    return {
        one.pk: Told(
            pk=one.pk,
            title=one.title,
            year=timezone.localtime(one.starts_at).year if one.starts_at else 0,
            audience=one.get_audience_display(),
            axis=one.axis,
            hours=one.hours,
            dates=one.meant,
            themes=tuple(themes.get(one.pk, ())),
        )
        for one in rows
    }


def axes() -> dict[str, str]:
    """The axes of the abatement, by code."""
    return dict(groups()["axe"][1])


def kept(
    came: Iterable[Came], *, year: str = "", theme: str = "", public: str = "", axis: str = ""
) -> list[Came]:
    """Those of that year, theme, public and axis; an empty choice keeps all."""
    return [
        one
        for one in came
        if (not year or str(one.course.year) == year)
        and (not theme or theme in one.course.themes)
        and (not public or one.course.audience == public)
        and (not axis or one.course.axis == axis)
    ]


def lines(came: Iterable[Came], cut: str) -> list[Line]:
    """One line for each value of that cut, in its order; a course of two themes counts in both."""
    found: dict[str, Line] = {}
    for one in came:
        for label in _LABELS[cut](one):
            found.setdefault(label, Line(label)).add(one)
    last = {RESIDENTS, NONE}
    ordered = sorted(found.values(), key=lambda line: (line.label in last, line.label.casefold()))
    return ordered[::-1] if cut == "annee" else ordered


def total(came: Iterable[Came]) -> Line:
    """All of them: people are distinct here too, so it may be less than the sum of the lines."""
    found = Line("Ensemble")
    for one in came:
        found.add(one)
    return found


def table(came: list[Came], cut: str) -> Iterator[tuple[Any, ...]]:
    """The rows of the export: exactly what the page shows."""
    for line in (*lines(came, cut), total(came)):
        yield (line.label, line.people, line.hours, len(line.courses))


def _axis_label(one: Came) -> list[str]:
    return [axes().get(one.course.axis, one.course.axis) or NONE]


_LABELS: dict[str, Callable[[Came], Iterable[str]]] = {
    "organisation": lambda one: [one.organisation],
    "annee": lambda one: [str(one.course.year)],
    "theme": lambda one: one.course.themes or [NONE],
    "public": lambda one: [one.course.audience.capitalize()],
    "axe": _axis_label,
    "formation": lambda one: [f"{one.course.title} ({one.course.year})"],
}
