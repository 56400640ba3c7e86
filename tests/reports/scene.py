"""Short ways to file, join and read reports in tests; all people are those of the cast."""

from __future__ import annotations

import io
from typing import Any

from django.core import mail
from PIL import Image

from parvis.documents.photos import CleanPhoto
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.reports.acts import file_report
from parvis.reports.counting import keep
from parvis.reports.models import Category, Part, Report, Voice
from parvis.reports.placing import Place
from parvis.thread.models import Event
from tests.cast import IN_ANZIN, Cast


def category(code: str = "trou_chaussee") -> Category:
    return Category.objects.get(code=code)


def at_point(point: tuple[float, float] = IN_ANZIN, label: str = "12 rue des Lilas") -> Place:
    return Place(latitude=point[0], longitude=point[1], label=label)


def in_hall(cast: Cast) -> Place:
    """Inside the residence of Escaut Habitat."""
    return Place(residence=cast.tilleuls, entrance=cast.entrance, inside="hall")


def filed(place: Place | None = None, code: str = "trou_chaussee", **given: Any) -> Voice:
    """A report filed by somebody who did not sign in."""
    return file_report(actor=NOBODY, place=place or at_point(), category=category(code), **given)


def only_part(report: Report) -> Part:
    return Part.objects.get(report=report)


def make_public(report: Report, **others: Any) -> Report:
    """As if reviewed, in one update; the city map counts it."""
    values = {"public": True, "reviewed_at": report.at, **others}
    Report.objects.filter(pk=report.pk).update(**values)
    report.refresh_from_db()
    keep(report)
    return report


def photo(colour: str = "red") -> CleanPhoto:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return CleanPhoto(out.getvalue(), out.getvalue(), 40, 30)


def codes(report: Report) -> list[str]:
    """The codes of what happened to a report, in order."""
    events = Event.objects.filter(thing_kind="report", thing_id=report.pk).order_by("pk")
    return [event.code for event in events]


def waiting() -> dict[str, Any]:
    """Envelopes that wait in the outbox, by person."""
    rows = Envelope.objects.select_related("message").order_by("pk")
    return {f"{row.message.person}": row for row in rows}


def sent_to(address: str) -> list[Any]:
    return [message for message in mail.outbox if message.to == [address]]
