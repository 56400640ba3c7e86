"""Courses of the demonstration: one of three dates that was followed, certified and evaluated, one
to come with its waiting list; and what organisations ask to be trained in."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.demo.accounts import address_of, read
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, User
from parvis.places.models import Commune, Quartier
from parvis.places.workdays import add_working_days
from parvis.toolbox import (
    after_acts,
    after_certifying,
    after_need_acts,
    after_questions,
    course_acts,
    course_seats,
)
from parvis.toolbox.models import Course, CourseDate, Enrolment, Need, Sheet
from parvis.upkeep.models import Theme

COMMUNE = "59014"
LENGTH = timedelta(hours=3)
EVENING = timedelta(hours=1, minutes=30)


def actor_of(account: str) -> Actor:
    """The person of that account."""
    return actors_of(User.objects.get(email=address_of(account)))[0]


def load_courses(organisations: dict[str, Organisation], now: datetime) -> dict[str, Course]:
    """Hold the courses of data/toolbox_courses.toml and answer what was asked for."""
    facts = read("toolbox_courses")
    made = {row["key"]: _course(row, organisations, now) for row in facts["course"]}
    for row in facts["need"]:
        _need(row, made, now)
    return made


def _course(row: dict[str, Any], organisations: dict[str, Organisation], now: datetime) -> Course:
    actor, announced = actor_of(row["actor"]), now + timedelta(days=row["announced"])
    course = course_acts.plan_course(
        actor=actor,
        organiser=organisations[row["organiser"]],
        now=announced,
        themes=Theme.objects.filter(code__in=row["themes"]),
        quartiers=Quartier.objects.filter(code__in=row.get("quartiers", [])),
        sheets=Sheet.objects.filter(slug__in=row["sheets"]),
        hours=Decimal(row["hours"]),
        **{
            name: row[name]
            for name in (
                "nature", "audience", "title", "summary", "objectives", "programme",
                "trainers", "contact", "axis", "share", "seats",
            )
        },
    )  # fmt: skip
    for days, hour in row["dates"]:
        day = add_working_days(timezone.localdate(now) + timedelta(days=days), 0)
        starts = timezone.make_aware(datetime.combine(day, time(hour)))
        course_acts.add_date(
            course,
            actor=actor,
            now=announced,
            starts_at=starts,
            ends_at=starts + (LENGTH if hour < 12 else EVENING),
            place_label=row["place"],
            commune=Commune.objects.get(code=COMMUNE),
        )
    course = course_acts.publish_course(course, actor=actor, now=announced)
    people = [
        _enrol(course, person, organisations, announced + timedelta(hours=9 * number))
        for number, person in enumerate(row["people"], 1)
    ]
    if course.ends_at is not None and course.ends_at < now:
        _hold(course, row["people"], people)
    return course


def _enrol(
    course: Course, person: dict[str, Any], organisations: dict[str, Organisation], at: datetime
) -> Enrolment:
    if "account" in person:
        actor = actor_of(person["account"])
        return course_seats.enrol_person(
            course,
            person=User.objects.get(pk=actor.user_id or 0),
            organisation=actor.organisation_id,
            now=at,
        )
    return course_seats.enrol_contact(
        course,
        name=f"{person['name']} (exemple)",
        email=address_of(f"formation-{course.pk}-{course.enrolments.count()}"),
        organisation=organisations[person["of"]] if "of" in person else None,
        now=at,
    )


def _hold(course: Course, told: list[dict[str, Any]], people: list[Enrolment]) -> None:
    """Who came to which date, their certificates, and what those who came thought of it."""
    dates: list[CourseDate] = list(course.dates.select_related("gathering").order_by("number"))
    for date in dates:
        came = [one.pk for row, one in zip(told, people, strict=True) if date.number in row["came"]]
        after_acts.mark_date(date, came=came, now=date.gathering.ends_at)
    over = dates[-1].gathering.ends_at
    after_certifying.issue_certificates(course, now=over + timedelta(hours=22))
    asked = [one.code for one in after_questions.questions(after_questions.END)]
    for number, (row, one) in enumerate(zip(told, people, strict=True)):
        if row["said"]:
            dice = random.Random(f"avis {course.title} {number}")
            said = {code: max(1, row["said"] - dice.choice((0, 0, 0, 1))) for code in asked}
            after_questions.answer(
                one, said=said, words=row["words"], now=over + timedelta(days=1 + number)
            )


def _need(row: dict[str, Any], courses: dict[str, Course], now: datetime) -> Need:
    at = now + timedelta(days=row["days"])
    need = after_need_acts.ask_need(
        actor_of(row["actor"]),
        people=row["people"],
        now=at,
        title=row["title"],
        words=row["words"],
        theme=Theme.objects.get(code=row["theme"]),
        public=row["public"],
        wanted=row["wanted"],
    )
    for number, voice in enumerate(row["joined"], 1):
        after_need_acts.join_need(
            need,
            actor=actor_of(voice["actor"]),
            people=voice["people"],
            words=voice["words"],
            now=at + timedelta(days=number),
        )
    reader, later = actor_of("coordination"), at + timedelta(days=12)
    if "answered" in row:
        return after_need_acts.answer_need(
            need, actor=reader, course=courses[row["answered"]], now=later
        )
    if "closed" in row:
        return after_need_acts.close_need(need, actor=reader, reason=row["closed"], now=later)
    return need
