"""A course on paper and in calendars, and its documents, under the rights of its page."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.gatherings.calendars import entry_of
from parvis.gatherings.models import Gathering
from parvis.toolbox.course_answers import by_link, fetch_course
from parvis.toolbox.course_events import page_url, standing_dates
from parvis.toolbox.course_materials import papers_of
from parvis.toolbox.course_reading import dates_of
from parvis.toolbox.models import Course, Enrolment
from parvis.ui.words import day_in_words, span_in_words


@require_safe
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """All its dates in one file, those called off said so."""
    found = fetch_course(request, pk)
    address = page_url(pk)
    entries = [entry_of(one.gathering, address) for one in dates_of(found)]
    return calendar_response(found.title, calendar(found.title, entries))


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang in the halls and in the lodges, or to hand over."""
    found = fetch_course(request, pk)
    address = page_url(pk)
    content = make_pdf(
        "toolbox/course_poster",
        {
            "kind": found.get_nature_display().capitalize(),
            "audience": found.get_audience_display(),
            "summary": found.summary,
            "dates": [_line(one) for one in standing_dates(found)],
            "objectives": [line for line in found.objectives.splitlines() if line.strip()][:6],
            "trainers": [line for line in found.trainers.splitlines() if line.strip()][:4],
            "seats": found.seats or 0,
            "closes": day_in_words(found.closes_at) if found.closes_at else "",
            "organiser": found.organiser.name,
            "contact": found.contact,
            "cancelled": found.reason if found.cancelled_at else "",
            "residents": found.audience != Course.Audience.FIELD,
            "address": address,
        },
        title=found.title,
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(found.title, content)


def _line(gathering: Gathering) -> dict[str, str]:
    return {
        "when": span_in_words(gathering.starts_at, gathering.ends_at),
        "place": gathering.place_label or ("en ligne" if gathering.online_url else ""),
    }


@require_safe
def paper(request: HttpRequest, pk: int, paper: int) -> Any:
    """A document of a course, to who enrolled or organises; always downloaded."""
    return _file(fetch_course(request, pk, "learn"), paper)


@require_safe
@by_link
def seat_paper(request: HttpRequest, token: str, found: Enrolment, pk: int) -> Any:
    """The same, by one's own link."""
    if found.state == Enrolment.State.WITHDRAWN:
        raise Http404
    return _file(found.course, pk)


def _file(course: Course, pk: int) -> FileResponse:
    found = papers_of(course).filter(pk=pk).first()
    if found is None:
        raise Http404
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.filename)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
