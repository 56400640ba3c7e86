"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.toolbox import course_acts as acts
from parvis.toolbox.course_events import token_of
from parvis.toolbox.course_materials import choose_material
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.pages.sheet import Sheet
from tests.toolbox.course_scene import a_course, a_workshop, partner, resident
from tests.toolbox.scene import a_paper

_COURSE = "/formations/{toolbox_course}/"
SHEETS: list[Sheet] = [
    Sheet("toolbox/courses.html", "/formations/"),
    Sheet("toolbox/courses.html", "/formations/?passes=1", "karim"),
    Sheet("toolbox/course.html", "/formations/{toolbox_course_workshop}/"),
    Sheet("toolbox/course.html", _COURSE, "karim", pieces=("toolbox/after_course_public.html",)),
    Sheet("toolbox/course.html", "/formations/{toolbox_course_off}/"),
    Sheet("toolbox/course_form.html", "/formations/nouvelle/", "karim"),
    Sheet("toolbox/course_form.html", f"{_COURSE}dates/", "karim"),
    Sheet("toolbox/course_form.html", f"{_COURSE}collegues/", "luc"),
    Sheet("toolbox/course_materials.html", f"{_COURSE}supports/", "karim"),
    Sheet(
        "toolbox/course_people.html",
        f"{_COURSE}inscrits/",
        "karim",
        pieces=("toolbox/after_course_tools.html",),
    ),
    Sheet("toolbox/course_mine.html", "/formations/mes-inscriptions/", "luc"),
    Sheet(
        "toolbox/course_seat.html",
        "/formations/inscription/{toolbox_course_seat}/",
        pieces=("toolbox/after_seat_tools.html",),
    ),
    Sheet("toolbox/course_seat.html", "/formations/inscription/{toolbox_course_waiting}/"),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A training that is full, with people who wait, sheets and documents; a workshop; and a
    course called off."""
    karim = cast.actor(cast.karim)
    training = a_course(cast, seats=2, axis="formation", contact="Maison du projet, 03 00 00 00 00")
    choose_material(training, "fiche", sheet.pk, actor=karim, adds=True)
    training.papers.add(a_paper(sheet, shown=False, title="Livret du stagiaire"))
    seat = partner(cast, training, "ines")
    partner(cast, training, "sofia")
    partner(cast, training, "paul")
    acts.drop_date(training.dates.get(number=3), actor=karim, reason="La salle est prise.")
    workshop = a_workshop(cast, seats=1, closes_at=in_days(4))
    resident(workshop)
    waiting = resident(workshop, 2)
    off = a_workshop(cast, title="Atelier compost")
    acts.cancel_course(off, actor=karim, reason="Trop peu d’inscrits.")
    return {
        "toolbox_course": training.pk,
        "toolbox_course_workshop": workshop.pk,
        "toolbox_course_off": off.pk,
        "toolbox_course_seat": token_of(seat),
        "toolbox_course_waiting": token_of(waiting),
    }
