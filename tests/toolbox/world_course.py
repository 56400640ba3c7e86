"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from parvis.toolbox.models import Course, Enrolment, EnrolmentContact
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.toolbox.course_scene import a_course
from tests.toolbox.scene import a_paper


def _date(side: Any) -> dict[str, Any]:
    return {"pk": side.course.pk, "date": side.course_date.pk}


ARGUMENTS: dict[str, Any] = {
    "toolbox:course_date_edit": _date,
    "toolbox:course_date_drop": _date,
    "toolbox:course_paper": lambda side: {
        "pk": side.course.pk,
        "paper": side.course_paper.pk,
    },
}
BY_RESOURCE: dict[str, Any] = {
    "toolbox.course": lambda side: {"pk": side.course.pk},
    "toolbox.enrolment": lambda side: {"pk": side.enrolment.pk},
}
OBJECTS: dict[str, str] = {"toolbox.course": "course", "toolbox.enrolment": "enrolment"}


def side(cast: Cast, sheet: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A course of our town, or of the neighbour's, published or not; somebody of its organiser is
    enrolled, and a resident."""
    actor = cast.actor(cast.karim if ours else cast.nadia)
    organiser = cast.town if ours else cast.other_town
    course = a_course(
        cast, public=public, actor=actor, organiser=organiser, audience="residents", days=(10,)
    )
    paper = a_paper(sheet, shown=False, title="Pour les inscrits")
    course.papers.add(paper)
    Enrolment.objects.create(
        course=course,
        state="seated",
        rank=1,
        at=in_days(0),
        organisation=organiser,
        person=cast.sofia if ours else cast.nadia,
    )
    resident = Enrolment.objects.create(course=course, state="seated", rank=2, at=in_days(0))
    EnrolmentContact.objects.create(enrolment=resident, name="Léa", email="lea@exemple.test")
    Course.objects.filter(pk=course.pk).update(ranks=2)
    return {
        "course": course,
        "course_date": course.dates.get(),
        "course_paper": paper,
        "enrolment": Enrolment.objects.get(course=course, rank=1),
    }
