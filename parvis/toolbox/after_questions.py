"""The two questionnaires of a course, at its end and three months later, and what they show.

An answer keeps neither the person nor the hour. Results are told from five answers on, to everybody
alike: fewer would tell who said what.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.gatherings.evaluating import Question, Result, answers, result_of
from parvis.partners.rights import Refused
from parvis.toolbox.models import (
    KEPT_AFTER,
    Course,
    CourseEvaluation,
    Enrolment,
    Presence,
    Trainee,
)

FILE = Path(__file__).parent / "data" / "evaluation.toml"
END, LATER = CourseEvaluation.Moment.END, CourseEvaluation.Moment.LATER
FROM_END = timedelta(days=30)  # how long the first one is open
LATER_FROM = timedelta(days=90)  # three months
LATER_UNTIL = KEPT_AFTER  # nobody can be asked once contacts are erased
TOLD_FROM = 5
DONE: dict[str, str] = {END: "evaluated", LATER: "followed"}


@dataclass(frozen=True)
class Words:
    """The free question of a questionnaire."""

    label: str
    help: str


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def questions(moment: str) -> list[Question]:
    """What is asked at that moment, in the order of the file."""
    return [
        Question(one["code"], one["label"])
        for one in _read()["question"]
        if one["moment"] == moment
    ]


def words_of(moment: str) -> Words:
    """The free question of that moment."""
    line = next(one for one in _read()["words"] if one["moment"] == moment)
    return Words(line["label"], line["help"])


def moment_of(course: Course, now: datetime) -> str:
    """Which questionnaire is open: from the beginning of the last date to a month after it, then in
    the fourth month; "" between them."""
    if course.cancelled_at or course.ends_at is None or course.starts_at is None:
        return ""
    held = course.dates.filter(gathering__cancelled_at=None).order_by("-number")
    last = held.values_list("gathering__starts_at", flat=True).first()
    if last is not None and last <= now < course.ends_at + FROM_END:
        return END
    if course.ends_at + LATER_FROM <= now < course.ends_at + LATER_UNTIL:
        return LATER
    return ""


def may_answer(enrolment: Enrolment, moment: str) -> bool:
    """Whether this person has something to say: had a seat, and was not always noted absent."""
    if enrolment.state != Enrolment.State.SEATED or not moment:
        return False
    noted = list(Presence.objects.filter(enrolment=enrolment).values_list("came", flat=True))
    return any(noted) if noted or moment == LATER else True


def answer(
    enrolment: Enrolment,
    *,
    said: Mapping[str, int],
    words: str = "",
    now: datetime | None = None,
) -> CourseEvaluation:
    """What this person thinks of the course, or made of it: once each. It is not kept with them.

    Refused when the questionnaire is closed or was answered, ValidationError for an empty answer.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
        moment = moment_of(fresh.course, at)
        if not moment:
            raise Refused("Ce questionnaire est fermé.")
        if not may_answer(fresh, moment):
            raise Refused("Ce questionnaire est pour les personnes qui sont venues.")
        trainee, _ = Trainee.objects.get_or_create(enrolment=fresh)
        if getattr(trainee, DONE[moment]):
            raise Refused("Vous avez déjà répondu : merci.")
        asked = {one.code for one in questions(moment)}
        kept = {code: value for code, value in said.items() if code in asked and value in answers()}
        if not kept and not words.strip():
            raise ValidationError("Répondez à une question au moins.")
        made = CourseEvaluation(
            course=fresh.course,
            moment=moment,
            answers=kept,
            words=words.strip(),
            on=timezone.localdate(at),
        )
        made.full_clean()
        made.save()
        setattr(trainee, DONE[moment], True)
        trainee.save(update_fields=[DONE[moment]])
    return made


def results_of(course: Course) -> dict[str, dict[str, Any]]:
    """What the answers of each moment show, in one query; nothing but their number while they are
    too few to hide who spoke."""
    rows = list(
        course.evaluations.order_by("words", "pk").values_list("moment", "answers", "words")
    )
    found = {}
    for moment in (END, LATER):
        own = [(said, words) for code, said, words in rows if code == moment]
        enough = len(own) >= TOLD_FROM
        found[str(moment)] = {
            "count": len(own),
            "enough": enough,
            "questions": [result_of(one, own) for one in questions(moment)] if enough else [],
            "words": [words for _, words in own if words] if enough else [],
        }
    return found


def summary_of(course: Course) -> list[Result]:
    """What everybody reads on the page of a course: figures alone, from five answers on."""
    return list(results_of(course)[END]["questions"])
