"""Planning a course, giving it dates, publishing it, moving a date and calling it off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.gatherings.acts import (
    cancel_gathering,
    change_gathering,
    plan_gathering,
    publish_gathering,
)
from parvis.gatherings.kinds import COURSE, WORKSHOP
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.toolbox import course_events as events
from parvis.toolbox.after_certifying import take_back_wrong
from parvis.toolbox.after_telling import tell_published
from parvis.toolbox.course_events import KIND
from parvis.toolbox.course_seats import give_free_seats, held
from parvis.toolbox.models import Course, CourseDate
from parvis.toolbox.office import coordination_of

__all__ = [
    "Refused",
    "add_date",
    "cancel_course",
    "change_course",
    "change_date",
    "drop_date",
    "plan_course",
    "publish_course",
]

MANY = ("themes", "quartiers", "sheets", "papers")
SAID = ("title", "summary", "contact", "nature")  # what each date says of its course
TELLS = ("starts_at", "ends_at", "place_label", "online_url")  # a change of these is told
DATES_AT_MOST = 40


def plan_course(
    *,
    actor: Actor,
    organiser: Organisation,
    now: datetime | None = None,
    **fields: Any,
) -> Course:
    """Write down a course, which its organiser and its coordination see alone until it is
    published. ValidationError when its fields contradict each other."""
    at = now or timezone.now()
    many = {name: fields.pop(name) for name in MANY if name in fields}
    course = Course(
        organiser=organiser,
        coordination=coordination_of(organiser),
        changed_at=at,
        **fields,
    )
    _check(course)
    with transaction.atomic():
        course.save()
        for name, rows in many.items():
            getattr(course, name).set(rows)
        record(actor, KIND, course.pk, "planned", concerns=organiser, public=False, at=at)
    return course


def change_course(
    course: Course, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Course:
    """Write it anew. More seats go to who waits, in their order; its dates bear its new title."""
    at = now or timezone.now()
    many = {name: fields.pop(name) for name in MANY if name in fields}
    with transaction.atomic():
        fresh = held(course)
        _refuse_cancelled(fresh)
        said = {name: getattr(fresh, name) for name in SAID}
        for name, value in fields.items():
            setattr(fresh, name, value)
        _check(fresh)
        fresh.changed_at = at
        fresh.save(update_fields=[*fields, "changed_at"])
        for name, rows in many.items():
            getattr(fresh, name).set(rows)
        if "quartiers" in many or any(getattr(fresh, name) != said[name] for name in SAID):
            for date in fresh.dates.select_related("gathering"):
                if date.gathering.cancelled_at is None:
                    change_gathering(date.gathering, actor=actor, now=at, **_of_course(fresh))
        record(actor, KIND, fresh.pk, "changed", public=False, at=at)
        give_free_seats(fresh, at)
        take_back_wrong(fresh, at)
    return fresh


def add_date(
    course: Course, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> CourseDate:
    """Give a course one more date; who enrolled in a published one is told."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(course)
        _refuse_cancelled(fresh)
        if fresh.dates.count() >= DATES_AT_MOST:
            raise Refused("Une formation a quarante dates au plus.")
        gathering = plan_gathering(
            actor=actor,
            organiser=fresh.organiser,
            entry=Gathering.Entry.REGISTERED,
            now=at,
            **_of_course(fresh),
            **fields,
        )
        date = CourseDate.objects.create(
            course=fresh, gathering=gathering, number=fresh.dates.count() + 1
        )
        _order(fresh)
        if fresh.published_at:
            publish_gathering(gathering, actor=actor, now=at)
            _tell_moved(fresh, actor, at)
            take_back_wrong(fresh, at)
        date.refresh_from_db()
    return date


def change_date(
    date: CourseDate, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> CourseDate:
    """Change the hour or the place of a date. Who enrolled is told once of where things stand,
    whatever was changed before the message left."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(date.course)
        _refuse_cancelled(fresh)
        before = Gathering.objects.get(pk=date.gathering_id)
        gathering = change_gathering(before, actor=actor, now=at, **fields)
        _order(fresh)
        moved = any(getattr(gathering, name) != getattr(before, name) for name in TELLS)
        if moved and fresh.published_at:
            _tell_moved(fresh, actor, at)
            take_back_wrong(fresh, at)
        date.refresh_from_db()
    return date


def drop_date(date: CourseDate, *, actor: Actor, reason: str, now: datetime | None = None) -> None:
    """Call one date off. It stays to be read on a course that was published; the last one is
    dropped with its course alone."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(date.course)
        _refuse_cancelled(fresh)
        gathering = Gathering.objects.get(pk=date.gathering_id)
        if fresh.published_at is None:
            cancel_gathering(gathering, actor=actor, reason=reason or "Date retirée.", now=at)
            date.delete()
            _order(fresh)
            return
        others = fresh.dates.filter(gathering__cancelled_at=None).exclude(pk=date.pk)
        if not others.exists():
            raise Refused("C’est la seule date qui reste : annulez plutôt toute la formation.")
        cancel_gathering(gathering, actor=actor, reason=reason, now=at)
        _order(fresh)
        _tell_moved(fresh, actor, at)
        take_back_wrong(fresh, at)


def publish_course(course: Course, *, actor: Actor, now: datetime | None = None) -> Course:
    """Show it to everybody, with its dates; a second time changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(course)
        _refuse_cancelled(fresh)
        if fresh.published_at is not None:
            return fresh
        dates = list(fresh.dates.select_related("gathering"))
        if not dates:
            raise Refused("Donnez au moins une date avant de publier.")
        if fresh.ends_at is not None and fresh.ends_at < at:
            raise Refused("Toutes les dates sont passées : donnez-en une à venir.")
        fresh.published_at = fresh.changed_at = at
        fresh.save(update_fields=["published_at", "changed_at"])
        record(actor, KIND, fresh.pk, "published", concerns=fresh.organiser, at=at)
        for date in dates:
            publish_gathering(date.gathering, actor=actor, now=at)
        tell_published(fresh)
    return fresh


def cancel_course(
    course: Course, *, actor: Actor, reason: str, now: datetime | None = None
) -> Course:
    """Call it off with all its dates, and tell once everybody who enrolled."""
    at, reason = now or timezone.now(), reason.strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi : les personnes inscrites le liront."})
    with transaction.atomic():
        fresh = held(course)
        if fresh.cancelled_at:
            raise Refused("Cette formation est déjà annulée.")
        if fresh.published_at and fresh.ends_at is not None and fresh.ends_at < at:
            raise Refused("Cette formation est passée : elle ne s’annule plus.")
        fresh.cancelled_at = fresh.changed_at = at
        fresh.reason = reason
        _check(fresh)
        fresh.save(update_fields=["cancelled_at", "changed_at", "reason"])
        coming = fresh.dates.filter(gathering__cancelled_at=None, gathering__ends_at__gte=at)
        for date in coming.select_related("gathering"):
            cancel_gathering(date.gathering, actor=actor, reason=reason, now=at)
        public = bool(fresh.published_at)
        event = record(actor, KIND, fresh.pk, "cancelled", public=public, at=at)
        events.take_back_moves(fresh)
        events.tell_enrolled(fresh, event, "cancelled")
    return fresh


def _refuse_cancelled(course: Course) -> None:
    if course.cancelled_at:
        raise Refused("Cette formation est annulée.")


def _of_course(course: Course) -> dict[str, Any]:
    """What every date takes from its course. A training of field actors names no quartier: its
    dates would reach residents who follow that place."""
    quartiers: Iterable[Any] = ()
    if course.audience != Course.Audience.FIELD:
        quartiers = list(course.quartiers.defer("outline"))
    return {
        "kind": WORKSHOP if course.nature == Course.Nature.WORKSHOP else COURSE,
        "title": course.title,
        "summary": course.summary,
        "contact": course.contact,
        "quartiers": quartiers,
    }


def _order(course: Course) -> None:
    """Number the dates by day, and write down when the course begins and ends."""
    dates = list(course.dates.select_related("gathering").order_by("gathering__starts_at", "pk"))
    if [one.number for one in dates] != list(range(1, len(dates) + 1)):
        # Out of the way first: a number is given once in a course.
        for shift in (1000, 0):
            for number, one in enumerate(dates, start=1):
                CourseDate.objects.filter(pk=one.pk).update(number=number + shift)
    standing = [one.gathering for one in dates if one.gathering.cancelled_at is None]
    course.starts_at = min((one.starts_at for one in standing), default=None)
    course.ends_at = max((one.ends_at for one in standing), default=None)
    course.save(update_fields=["starts_at", "ends_at"])


def _tell_moved(course: Course, actor: Actor, at: datetime) -> None:
    event = record(actor, KIND, course.pk, "moved", at=at)
    events.take_back_moves(course, but=event)
    events.tell_enrolled(course, event, "moved")


def _check(course: Course) -> None:
    """ValidationError, by field, for what contradicts itself."""
    course.full_clean(validate_unique=False)
