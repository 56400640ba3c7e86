"""Calendar files (iCalendar, RFC 5545): one date to keep, or a feed that calendars subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from parvis.documents.tables import safe_name
from parvis.documents.values import plain

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True)
class Entry:
    """One date: aware moments, or whole days (the last one included)."""

    uid: str  # "gathering-12": the same for ever, so that a change replaces and does not double
    title: str
    starts: datetime | date
    ends: datetime | date | None = None
    place: str = ""
    text: str = ""
    url: str = ""
    changed_at: datetime | None = None
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """These dates as a calendar of that name."""
    # Imported here: no page but these needs it.
    from icalendar import Calendar

    out = Calendar()
    out.add("prodid", f"-//{settings.BRAND['name']}//Parvis//FR")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", _one_line(name))
    out.add("x-wr-timezone", settings.TIME_ZONE)
    for entry in entries:
        out.add_component(_event(entry))
    return bytes(out.to_ical())


def calendar_response(filename: str, content: bytes) -> HttpResponse:
    """A calendar as a file of that name."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = safe_name(filename, "ics")
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, max-age=900"
    return response


def _event(entry: Entry) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("summary", _one_line(entry.title))
    # Moments are written in UTC: no table of time zones to carry, both clock changes are right.
    event.add("dtstart", _moment(entry.starts))
    if entry.ends is not None:
        last = entry.ends
        if not isinstance(last, datetime):
            last = last + timedelta(days=1)  # the end of a whole day is the next one, excluded
        event.add("dtend", _moment(last))
    if entry.changed_at is not None:
        event.add("dtstamp", _moment(entry.changed_at))
        event.add("sequence", int(entry.changed_at.timestamp()) % 2**31)
    else:
        event.add("dtstamp", datetime.now(tz=UTC))
    for name, value in (
        ("location", _one_line(entry.place)),
        ("description", plain(entry.text)),
        ("url", _one_line(entry.url)),
    ):
        if value:
            event.add(name, value)
    if entry.cancelled:
        event.add("status", "CANCELLED")
    return event


def _one_line(text: str) -> str:
    """Words that somebody typed can hold line ends, which would begin another property."""
    return " ".join(plain(text).split())


def _moment(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
