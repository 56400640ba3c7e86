"""What happens to courses, in words, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.thread.acts import word_key
from parvis.thread.models import Event
from parvis.toolbox.models import Course, CourseDate, Enrolment

KIND = "course"
SENTENCES = {
    "planned": "Formation préparée par {concerns}",
    "changed": "Formation complétée",
    "published": "Formation publiée par {concerns}",
    "moved": "Dates ou lieux modifiés",
    "cancelled": "Formation annulée",
}
STATE_LABELS = {"draft": "en préparation", "published": "publiée", "cancelled": "annulée"}
_SALT = "parvis.toolbox.enrolment"
_MOVES = 5  # changes whose message may still wait


def page_url(pk: int) -> str:
    """The absolute address of a course's page."""
    return f"{settings.SITE_URL}{reverse('toolbox:course', args=[pk])}"


def token_of(enrolment: Enrolment) -> str:
    """The unguessable part of the link by which somebody who enrolled comes back."""
    signature = _signer().signature(f"{enrolment.pk}:{enrolment.nonce}")
    return f"{enrolment.pk}.{signature}"


def enrolment_from_token(token: str) -> Enrolment | None:
    """The enrolment of a link, with its course; None for a wrong or cut one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    rows = Enrolment.objects.select_related("course__organiser", "contact", "person")
    found = rows.filter(pk=int(number)).first()
    if found is None:
        return None
    try:
        _signer().unsign(f"{found.pk}:{found.nonce}.{signature}")
    except signing.BadSignature:
        return None
    return found


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)


def link_of(enrolment: Enrolment) -> str:
    """The absolute address of somebody's own page; it opens whatever became of their account."""
    return settings.SITE_URL + reverse("toolbox:course_seat", args=[token_of(enrolment)])


def reached(enrolments: Iterable[Enrolment]) -> list[Recipient]:
    """Those who can be written to, each with their own link. Select `contact` and `person`."""
    return [
        Recipient(f"enrolment:{one.pk}", one.email, link_of(one)) for one in enrolments if one.email
    ]


def tell_person(enrolment: Enrolment, what: str, key: str) -> None:
    """To somebody who enrolled: the receipt, a seat that became free, or that it was taken back."""
    _tell(f"enrolment.{what}:{key}", [enrolment], what, enrolment.course)


def tell_link(enrolment: Enrolment, now: datetime) -> None:
    """The receipt again, with the link, to somebody who enrols a second time; once a day, so that
    nobody floods them."""
    tell_person(enrolment, "enrolled", f"{enrolment.pk}.{timezone.localdate(now):%Y%m%d}")


def forget_person(enrolment: Enrolment) -> None:
    """What still waits for somebody who withdrew does not leave."""
    outbox.forget(f"enrolment:{enrolment.pk}")


def tell_enrolled(course: Course, event: Event, what: str) -> int:
    """To everybody who enrolled, seated or waiting: it moved, or is called off."""
    standing = course.enrolments.standing().select_related("contact", "person")
    return _tell(word_key(event), list(standing), what, course)


def take_back_moves(course: Course, *, but: Event | None = None) -> None:
    """Earlier changes whose message did not leave are not told: the last one says where things
    stand."""
    moves = Event.objects.filter(thing_kind=KIND, thing_id=course.pk, code="moved")
    if but is not None:
        moves = moves.exclude(pk=but.pk)
    for event in moves.order_by("-pk")[:_MOVES]:
        outbox.take_back(word_key(event))


def remind(date: CourseDate) -> int:
    """Some days before a date: to who has a seat; how many are told. Once for a day, whatever is
    repeated: a date that was moved afterwards is recalled again."""
    seated = date.course.enrolments.seated().select_related("contact", "person")
    key = f"course.reminded:{date.pk}.{date.gathering.starts_at:%Y%m%d%H%M}"
    return _tell(key, list(seated), "reminded", date.course, date.gathering)


def standing_dates(course: Course) -> list[Gathering]:
    """The dates that hold, in their order."""
    dates = course.dates.select_related("gathering").filter(gathering__cancelled_at=None)
    return [one.gathering for one in dates.order_by("number")]


def _tell(
    key: str,
    enrolments: list[Enrolment],
    what: str,
    course: Course,
    gathering: Gathering | None = None,
) -> int:
    dates = standing_dates(course)
    waiting = {f"enrolment:{one.pk}" for one in enrolments if one.state == Enrolment.State.WAITING}

    def compose(who: Recipient) -> Mail:
        context = {
            "course": course,
            "gathering": gathering,
            "dates": dates,
            "waiting": who.key in waiting,
            "link": who.link,
        }
        return render(f"toolbox/notices/course_{what}", context)

    return outbox.put(key, reached(enrolments), compose)
