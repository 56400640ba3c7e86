"""Word to those who followed a course, and to those who had asked for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Mandate
from parvis.thread.acts import word_key
from parvis.thread.models import Event, Link
from parvis.toolbox.after_tokens import asked_token, own_address
from parvis.toolbox.course_events import page_url, token_of
from parvis.toolbox.models import Certificate, Course, CourseDate, Enrolment, Need, NeedVoice

AT_ONCE = timedelta(0)


def tell_certified(certificates: Iterable[Certificate]) -> int:
    """To each one: their certificate waits on their own page."""
    told = 0
    for one in certificates:
        people = _reached([one.enrolment], "toolbox:after_own")
        words = _words("after_certified", course=one.enrolment.course)
        told += outbox.put(f"course.certified:{one.pk}", people, words)
    return told


def ask_opinions(course: Course, enrolments: Iterable[Enrolment]) -> int:
    """The day after: what they thought of it. Once, whatever is repeated."""
    people = _reached(enrolments, "toolbox:after_opinion")
    words = _words("after_evaluated", course=course)
    return outbox.put(f"course.evaluated:{course.pk}", people, words)


def ask_follow_up(course: Course, enrolments: Iterable[Enrolment]) -> int:
    """Three months later: what they use of it. Once, whatever is repeated."""
    people = _reached(enrolments, "toolbox:after_opinion")
    words = _words("after_followed", course=course)
    return outbox.put(f"course.followed:{course.pk}", people, words)


def send_room_link(enrolment: Enrolment, date: CourseDate, token: str) -> int:
    """At once, to somebody in the room: their own link to say that they are there."""
    own = [token_of(enrolment), asked_token(enrolment, date)]
    room = reverse("toolbox:after_own_room", args=own)
    who = Recipient(f"enrolment:{enrolment.pk}", enrolment.email, settings.SITE_URL + room)
    slot = token.split(".")[1]
    words = _words("after_room", course=enrolment.course, date=date)
    return outbox.put(f"course.room:{date.pk}.{slot}", [who], words, wait=AT_ONCE, asked_for=True)


def tell_published(course: Course) -> int:
    """A course that arises from needs is published: to who asked for them."""
    if course.published_at is None or course.cancelled_at is not None:
        return 0
    asked = Link.objects.filter(
        kind="gives_rise", source_kind="need", target_kind="course", target_id=course.pk
    ).values("source_id")
    voices = NeedVoice.objects.filter(need__in=asked, need__state=Need.State.ANSWERED)
    words = _words("need_published", course=course)
    people = _who_asked(voices, page_url(course.pk))
    return outbox.put(f"need.published:{course.pk}", people, words)


def tell_closed(need: Need, event: Event) -> int:
    """No course will come of it: to who asked, with the reason."""
    link = settings.SITE_URL + reverse("toolbox:need", args=[need.pk])
    words = _words("need_closed", need=need)
    return outbox.put(word_key(event), _who_asked(need.voices.all(), link), words)


def _who_asked(voices: Any, link: str) -> list[Recipient]:
    """The person who asked for each organisation, as long as they act for it; else those who do."""
    rows = list(voices.select_related("organisation", "by"))
    acting = set(
        Mandate.objects.in_force(timezone.localdate())
        .filter(person__in=[one.by_id for one in rows if one.by_id])
        .values_list("person_id", "organisation_id")
    )
    people: dict[str, Recipient] = {}
    left = []
    for one in rows:
        if (one.by_id, one.organisation_id) in acting:
            key = f"user:{one.by_id}"
            people[key] = Recipient(key, one.by.email, link)
        else:
            left.append(one.organisation)
    for who in addresses_of(left) if left else ():
        people.setdefault(who.key, Recipient(who.key, who.address, link))
    return list(people.values())


def _reached(enrolments: Iterable[Enrolment], page: str) -> list[Recipient]:
    return [
        Recipient(f"enrolment:{one.pk}", one.email, own_address(one, page))
        for one in enrolments
        if one.email
    ]


def _words(template: str, **context: Any) -> Any:
    def compose(who: Recipient) -> Mail:
        return render(f"toolbox/notices/{template}", {"link": who.link, **context})

    return compose
