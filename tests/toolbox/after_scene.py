"""Courses that were held, who enrolled in them, and what the network asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.partners.models import Organisation, User
from parvis.toolbox import after_acts, after_need_acts
from parvis.toolbox.models import Course, CourseDate, Enrolment, EnrolmentContact, Need
from parvis.toolbox.office import coordination_of
from tests.cast import Cast

PUBLISHED = timedelta(days=30)


def in_days(days: float, hours: float = 0) -> datetime:
    """That many days and hours from now."""
    return timezone.now() + timedelta(days=days, hours=hours)


def a_course(
    cast: Cast,
    *,
    starts: tuple[datetime, ...] | None = None,
    of: Organisation | None = None,
    public: bool = True,
    **fields: Any,
) -> Course:
    """A course of the town of Anzin: three mornings of three hours, the last one five days ago."""
    days = starts or (in_days(-19), in_days(-12), in_days(-5))
    organiser = of or cast.town
    course = Course.objects.create(
        **{
            "nature": "training",
            "audience": "field",
            "title": "Parler d’un impayé sans blesser",
            "hours": Decimal("9.00"),
            "organiser": organiser,
            "coordination": coordination_of(organiser),
            "published_at": timezone.now() - PUBLISHED if public else None,
            "changed_at": timezone.now() - PUBLISHED,
            "starts_at": min(days),
            "ends_at": max(days) + timedelta(hours=3),
            **fields,
        }
    )
    for number, day in enumerate(days, 1):
        gathering = Gathering.objects.create(
            kind="cours",
            title=course.title,
            starts_at=day,
            ends_at=day + timedelta(hours=3),
            place_label="Maison du projet",
            organiser=organiser,
            published_at=course.published_at,
            changed_at=course.changed_at,
        )
        CourseDate.objects.create(course=course, gathering=gathering, number=number)
    return course


def enrol(
    course: Course,
    who: User | str,
    organisation: Organisation | None = None,
    state: str = "seated",
) -> Enrolment:
    """Somebody who signs in, or a name with its address, has a seat."""
    course.ranks += 1
    course.save(update_fields=["ranks"])
    made = Enrolment.objects.create(
        course=course,
        state=state,
        rank=course.ranks,
        at=timezone.now() - PUBLISHED,
        organisation=organisation,
        person=None if isinstance(who, str) else who,
    )
    if isinstance(who, str):
        EnrolmentContact.objects.create(
            enrolment=made, name=who, email=f"{who.lower()}@exemple.test"
        )
    return made


def came(course: Course, *enrolments: Enrolment, to: tuple[int, ...] = (1, 2, 3)) -> None:
    """The organiser notes that these, and nobody else, came to those dates."""
    for date in course.dates.filter(number__in=to).select_related("gathering", "course"):
        after_acts.mark_date(date, came=[one.pk for one in enrolments])


def a_need(cast: Cast, **fields: Any) -> Need:
    """What the town of Anzin asks for, for six of its people."""
    actor = fields.pop("actor", None) or cast.actor(cast.karim)
    given = {"title": "Parler d’un impayé", "people": 6, "public": "gardiens", **fields}
    return after_need_acts.ask_need(actor, **given)
