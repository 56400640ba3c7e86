"""Courses of the cast: a training of three dates, and a workshop for residents."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from parvis.partners.actors import Actor
from parvis.toolbox import course_acts as acts
from parvis.toolbox import course_seats as seats
from parvis.toolbox.models import Course, CourseDate, Enrolment
from tests.cast import Cast
from tests.gatherings.scene import in_days


def a_course(
    cast: Cast,
    *,
    public: bool = True,
    days: tuple[float, ...] = (10, 17, 24),
    now: datetime | None = None,
    **fields: Any,
) -> Course:
    """A training of field actors on three mornings, prepared by karim for the town of Anzin."""
    actor: Actor = fields.pop("actor", None) or cast.actor(cast.karim)
    given = {
        "organiser": cast.town,
        "nature": "training",
        "audience": "field",
        "title": "Accueillir et orienter un locataire",
        "summary": "Trois matinées pour écouter, comprendre et orienter.",
        "objectives": "Écouter sans promettre.\nOrienter vers le bon service.",
        "programme": "Jour 1 : écouter.\nJour 2 : comprendre.\nJour 3 : orienter.",
        "trainers": "Maison du projet, chargée d’accueil",
        "hours": Decimal(9),
        **fields,
    }
    course = acts.plan_course(actor=actor, now=now, **given)
    for day in days:
        a_date(cast, course, day, actor=actor, now=now)
    if public:
        acts.publish_course(course, actor=actor, now=now)
    course.refresh_from_db()
    return course


def a_date(
    cast: Cast,
    course: Course,
    day: float,
    *,
    actor: Actor | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> CourseDate:
    """One date of three hours, so many days from now."""
    given = {
        "starts_at": in_days(0, int(day * 24)),
        "ends_at": in_days(0, int(day * 24) + 3),
        "place_label": "Maison du projet",
        **fields,
    }
    return acts.add_date(course, actor=actor or cast.actor(cast.karim), now=now, **given)


def a_workshop(cast: Cast, **fields: Any) -> Course:
    """A workshop for residents of Rives, on one evening."""
    given = {
        "nature": "workshop",
        "audience": "residents",
        "title": "Bien vivre avec sa ventilation double flux",
        "quartiers": [cast.rives],
        "hours": Decimal(2),
        "days": (5,),
        **fields,
    }
    return a_course(cast, **given)


def resident(course: Course, number: int = 1, **more: Any) -> Enrolment:
    """A resident who enrols without an account."""
    return seats.enrol_contact(
        course, name=f"Habitant {number}", email=f"habitant{number}@exemple.test", **more
    )


def partner(cast: Cast, course: Course, who: str = "luc", **more: Any) -> Enrolment:
    """Somebody of the cast who enrols for the organisation for which they act."""
    person = cast.people[who]
    actor = cast.actor(person)
    return seats.enrol_person(course, person=person, organisation=actor.organisation_id, **more)
