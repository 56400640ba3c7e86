"""Gatherings on paper and in calendars, under the rights of their pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.gatherings import evaluating, events
from parvis.gatherings.calendars import entry_of
from parvis.gatherings.forms import PeopleForm
from parvis.gatherings.kinds import SEANCE
from parvis.gatherings.models import Gathering
from parvis.gatherings.views import ROWS
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.ui.words import day_in_words, span_in_words


@require_safe
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The date, for one's own calendar."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    return calendar_response(found.title, calendar(found.title, [entry_of(found)]))


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang in the halls."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    address = events.page_url(pk)
    content = make_pdf(
        "gatherings/poster",
        {
            "kind": found.kind_label.capitalize(),
            "when": span_in_words(found.starts_at, found.ends_at),
            "place": found.place_label,
            "summary": found.summary,
            "organiser": found.organiser.name,
            "contact": found.contact,
            "seats": found.seats or 0,
            "registered": found.entry == Gathering.Entry.REGISTERED,
            "address": address,
        },
        title=found.title,
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(found.title, content)


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The attendance sheet, to sign."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "attend", pk=pk)
    form = PeopleForm(gathering=found)
    rows = [[one.organisation.name, ""] for one in form.guests]
    for one in form.people:
        contact = getattr(one, "contact", None)
        rows.append([contact.name if contact else "", ""])
    content = make_pdf(
        "gatherings/sheet",
        {
            "when": span_in_words(found.starts_at, found.ends_at),
            "place": found.place_label,
            "organiser": found.organiser.name,
            "rows": rows,
            # Where nobody registers, whoever comes writes their name.
            "blank": 16 if found.entry == Gathering.Entry.FREE and found.kind != SEANCE else 6,
        },
        title=f"Feuille de présence : {found.title}",
    )
    return pdf_response(f"presence-{found.title}", content)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """An invitation to put in letter boxes, for who has no e-mail."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    address = events.page_url(pk)
    organiser = found.organiser
    data: dict[str, Any] = {
        "organiser": organiser.name,
        "organiser_address": organiser.address,
        "organiser_phone": organiser.phone,
        "today": day_in_words(timezone.now()),
        "kind": found.kind_label,
        "when": span_in_words(found.starts_at, found.ends_at),
        "place": found.place_label,
        "summary": found.summary,
        "contact": found.contact or organiser.phone,
        "registered": found.entry == Gathering.Entry.REGISTERED,
        "seats": found.seats or 0,
        "closes": day_in_words(found.closes_at) if found.closes_at else "",
        "address": address,
    }
    content = make_pdf(
        "gatherings/letter", data, title=found.title, files={"/qr.svg": qr_code(address)}
    )
    return pdf_response(f"lettre-{found.title}", content)


@require_safe
def say_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The page to show in the room at the end: a code to flash, for the questionnaire."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "attend", pk=pk)
    address = evaluating.room_address(found)
    content = make_pdf(
        "gatherings/say",
        {
            "gathering": found.title,
            "when": span_in_words(found.starts_at, found.ends_at),
            "organiser": found.organiser.name,
            "address": address,
        },
        title="Votre avis en une minute",
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(f"avis-{found.title}", content)
