"""Links that are a right: one's own, and those shown in the room during a date.

The address of the poster opens its page during the date alone; that of the screen changes every
few minutes besides, so that a photograph sent to somebody at home soon opens nothing. Either says
where one is, never who: that is told by one's own link or by signing in.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import CourseDate, Enrolment

AROUND = timedelta(minutes=30)  # before the beginning and after the end of a date
SLOT = 300  # seconds: how often the address on the screen changes
_ROOM = "parvis.toolbox.after.room"
ENROLMENTS = Enrolment.objects.select_related(
    "course__organiser", "contact", "person", "organisation"
)
DATES = CourseDate.objects.select_related("course__organiser", "gathering")


@dataclass(frozen=True)
class Room:
    """A date, as the address shown in its room opens it."""

    date: CourseDate
    fresh: bool  # whether that address is still good


def own_address(enrolment: Enrolment, page: str = "toolbox:after_own") -> str:
    """The absolute address of one's own page, or of another that the same link opens."""
    return f"{settings.SITE_URL}{reverse(page, args=[token_of(enrolment)])}"


def room_token(date: CourseDate, now: datetime | None = None) -> str:
    """What stands in the address shown in the room: for the poster, or for a screen at `now`."""
    slot = int(now.timestamp()) // SLOT if now else 0
    signature = _signer().signature(f"{date.pk}:{slot}")
    return f"{date.pk}.{slot}.{signature}"


def room_address(date: CourseDate, now: datetime | None = None) -> str:
    """The absolute address shown in the room."""
    return f"{settings.SITE_URL}{reverse('toolbox:after_room', args=[room_token(date, now)])}"


def room_of(token: str, now: datetime) -> Room | None:
    """The date of such an address; None for a wrong or cut one."""
    number, _, rest = token.partition(".")
    slot, _, signature = rest.partition(".")
    if not (_is_number(number) and _is_number(slot) and signature):
        return None
    if not _signed(f"{int(number)}:{int(slot)}", signature):
        return None
    date = DATES.filter(pk=int(number)).first()
    if date is None:
        return None
    # The slot before is good too: one scans at the end of it.
    current = int(now.timestamp()) // SLOT
    fresh = int(slot) in (0, current, current - 1) and is_open(date, now)
    return Room(date, fresh)


def asked_token(enrolment: Enrolment, date: CourseDate) -> str:
    """What stands in the link that one person asked for in the room: good for them alone, for the
    whole date, as they may read their mail slowly."""
    return f"{date.pk}.{_signer().signature(f'{date.pk}:asked by {enrolment.pk}')}"


def asked_room(enrolment: Enrolment, token: str, now: datetime) -> Room | None:
    """The date of such a link; None for a wrong or cut one, and for the address of a room itself:
    a photograph of the screen sent to somebody at home is no link asked for there."""
    number, _, signature = token.partition(".")
    if not (_is_number(number) and signature):
        return None
    if not _signed(f"{int(number)}:asked by {enrolment.pk}", signature):
        return None
    date = DATES.filter(pk=int(number), course_id=enrolment.course_id).first()
    return None if date is None else Room(date, is_open(date, now))


def is_open(date: CourseDate, now: datetime) -> bool:
    """Whether presences may be confirmed: during the date, and half an hour around it."""
    held = date.gathering
    if held.cancelled_at or date.course.cancelled_at:
        return False
    return held.starts_at - AROUND <= now <= held.ends_at + AROUND


def room_code(date: CourseDate) -> str:
    """Six figures for who cannot flash: shown in the room, typed on one's own page."""
    digest = salted_hmac(_ROOM, f"{date.pk}:{date.gathering.starts_at:%Y%m%d}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 1_000_000:06d}"


def is_room_code(date: CourseDate, given: str) -> bool:
    """Whether these are the figures of that room, spaces left out."""
    said = "".join(given.split())
    return hmac.compare_digest(said.encode(), room_code(date).encode())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _signed(value: str, signature: str) -> bool:
    try:
        _signer().unsign(f"{value}.{signature}")
    except signing.BadSignature:
        return False
    return True


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_ROOM)
