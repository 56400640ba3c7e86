"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.toolbox import after_acts, after_certifying, after_need_acts, after_tokens
from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import CourseEvaluation
from tests.cast import Cast
from tests.pages.sheet import Sheet, press
from tests.toolbox.after_scene import a_course, a_need, came, enrol, in_days

_COURSE = "/formations/{toolbox_after_course}/"
_NOW = "/formations/{toolbox_after_today}/"
SHEETS: list[Sheet] = [
    Sheet(
        "toolbox/after.html",
        f"{_COURSE}suivi/",
        "karim",
        pieces=(
            "toolbox/_after_results.html",
            "toolbox/_after_figures.html",
            "toolbox/_course_share.html",
        ),
    ),
    Sheet("toolbox/after.html", f"{_COURSE}suivi/", "claire"),
    Sheet("toolbox/after_marks.html", f"{_NOW}presences/1/", "karim"),
    Sheet("toolbox/after_screen.html", f"{_NOW}presences/1/code/", "karim"),
    Sheet("toolbox/after_certificates.html", f"{_COURSE}attestations/", "karim"),
    Sheet("toolbox/after_room.html", "/formations/presence/{toolbox_after_room}/"),
    Sheet("toolbox/after_own.html", "/formations/suivi/{toolbox_after_own}/"),
    Sheet("toolbox/after_own.html", "/formations/suivi/{toolbox_after_here}/"),
    Sheet("toolbox/after_opinion.html", "/formations/suivi/{toolbox_after_own}/avis/"),
    Sheet("toolbox/after_check.html", "/formations/attestations/{toolbox_after_code}/"),
    Sheet("toolbox/after_check.html", "/formations/attestations/"),
    Sheet("toolbox/after_sent.html", "/formations/suivies/equipes/", "luc"),
    Sheet("toolbox/after_trained.html", "/formations/suivies/", "claire"),
    Sheet("toolbox/need_list.html", "/formations/besoins/", "claire"),
    Sheet("toolbox/need_form.html", "/formations/besoins/nouveau/", "karim"),
    Sheet("toolbox/need_form.html", "/formations/besoins/nouveau/", "luc", arrive=press("Envoyer")),
    Sheet("toolbox/need.html", "/formations/besoins/{toolbox_after_need}/", "claire"),
    Sheet("toolbox/need.html", "/formations/besoins/{toolbox_after_answered}/", "luc"),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A course that is over, with its certificates and opinions; one that goes on now; needs that
    wait, and that a course answers."""
    course = a_course(cast, axis="formation")
    people = [
        enrol(course, cast.ines, cast.landlord),
        enrol(course, "Léonie"),
        enrol(course, "Ali"),
    ]
    came(course, *people[:2])
    paper = after_certifying.issue_certificates(course)[0]
    CourseEvaluation.objects.bulk_create(
        CourseEvaluation(
            course=course,
            moment="end",
            answers={"objectifs": 4, "clair": 3, "echanges": 1},
            words="Les mises en situation." if number == 0 else "",
            on=timezone.localdate(),
        )
        for number in range(6)
    )
    today = a_course(cast, starts=(in_days(0, -1), in_days(7)), title="Repérer l’incurie")
    here = enrol(today, "Zoé")
    enrol(today, cast.ines, cast.landlord)
    date = after_tokens.DATES.get(course=today, number=1)
    after_acts.confirm_presence(today.enrolments.get(person=cast.ines), date)
    need = a_need(cast, words="Trois familles cette semaine.", wanted="Avant l’été")
    after_need_acts.join_need(need, actor=cast.actor(cast.luc), people=4, words="Dont un nouveau.")
    answered = a_need(cast, title="Repérer l’incurie")
    after_need_acts.answer_need(answered, actor=cast.actor(cast.claire), course=today)
    return {
        "toolbox_after_course": course.pk,
        "toolbox_after_today": today.pk,
        "toolbox_after_room": after_tokens.room_token(date),
        "toolbox_after_own": token_of(people[1]),
        "toolbox_after_here": token_of(here),
        "toolbox_after_code": paper.shown_code,
        "toolbox_after_need": need.pk,
        "toolbox_after_answered": answered.pk,
    }
