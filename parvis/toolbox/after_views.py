"""Pages of who organises a course: who came, certificates, and what people thought of it."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.partners.actors import actor_of
from parvis.toolbox import after_acts, after_certifying, after_tokens
from parvis.toolbox.after_answers import fetch_date, trail
from parvis.toolbox.after_forms import MarksForm, WalkInForm
from parvis.toolbox.after_questions import TOLD_FROM, results_of
from parvis.toolbox.course_answers import fetch_course
from parvis.toolbox.course_reading import paged
from parvis.toolbox.models import Certificate, Course, CourseDate
from parvis.ui.unkept import unkept
from parvis.ui.words import span_in_words

EVERYBODY = "everybody"  # the name of the button
BLANK = 6  # lines of the paper list for who comes unannounced
REFRESHED = after_tokens.SLOT - 60  # seconds
BY_PAGE = 50


@require_safe
def after(request: HttpRequest, pk: int) -> HttpResponse:
    """What came out of a course: in figures for the coordination, with its tools for who
    organises."""
    course = fetch_course(request, pk, "results")
    now = timezone.now()
    came = Count("presences", filter=Q(presences__came=True))
    dates = course.dates.select_related("gathering").annotate(came=came, noted=Count("presences"))
    people = Course.objects.allowed(actor_of(request), "people").filter(pk=pk).exists()
    given = Certificate.objects.standing().filter(enrolment__course=course).count()
    return render(
        request,
        "toolbox/after.html",
        {
            "course": course,
            "dates": list(dates.order_by("number")),
            "people": people,
            "seated": course.enrolments.seated().count(),
            "given": given,
            "over": course.ends_at is not None and course.ends_at < now,
            "results": results_of(course),
            "told_from": TOLD_FROM,
            "crumbs": trail(course),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Who came that day: boxes to tick, telephone in hand."""
    date = fetch_date(request, pk, number)
    form = MarksForm(request.POST if request.method == "POST" else None, date=date)
    if request.method == "POST" and form.is_valid():
        came = form.there(everybody=EVERYBODY in request.POST)
        try:
            after_acts.mark_date(date, came=came)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Présences enregistrées.")
            return redirect("toolbox:after_marks", pk, number)
    return _marks_page(request, date, form, WalkInForm())


@require_POST
def walk_in(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Somebody came without being enrolled: a seat, and they are present."""
    date = fetch_date(request, pk, number)
    form = WalkInForm(request.POST)
    if form.is_valid():
        try:
            after_acts.add_walk_in(date, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Cette personne est ajoutée et notée présente.")
            return redirect("toolbox:after_marks", pk, number)
    return _marks_page(request, date, MarksForm(date=date), form)


def _marks_page(
    request: HttpRequest, date: CourseDate, form: MarksForm, walk_in_form: WalkInForm
) -> HttpResponse:
    return render(
        request,
        "toolbox/after_marks.html",
        {
            "course": date.course,
            "date": date,
            "form": form,
            "walk_in": walk_in_form,
            "everybody": EVERYBODY,
            "open": after_tokens.is_open(date, timezone.now()),
            "crumbs": trail(date.course, f"Date {date.number}"),
        },
    )


@require_safe
def paper_list(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The list of a date, to sign."""
    date = fetch_date(request, pk, number)
    rows = [
        [one.name, one.organisation.name if one.organisation else "", ""]
        for one in MarksForm(date=date).people
    ]
    course = date.course
    content = make_pdf(
        "toolbox/after_list",
        {
            "course": course.title,
            "when": span_in_words(date.gathering.starts_at, date.gathering.ends_at),
            "place": date.gathering.place_label,
            "organiser": course.organiser.name,
            "rows": rows,
            "blank": BLANK,
        },
        title=f"Feuille de présence, date {date.number}",
    )
    return pdf_response(f"presences-{course.title}-{date.number}", content)


@require_safe
def screen(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The code to project: it changes by itself every few minutes."""
    date = fetch_date(request, pk, number)
    now = timezone.now()
    address = after_tokens.room_address(date, now)
    picture = base64.b64encode(qr_code(address)).decode()
    response = render(
        request,
        "toolbox/after_screen.html",
        {
            "course": date.course,
            "date": date,
            "address": address,
            "picture": f"data:image/svg+xml;base64,{picture}",
            "figures": after_tokens.room_code(date),
            "open": after_tokens.is_open(date, now),
            "crumbs": trail(date.course, f"Code de la date {date.number}"),
        },
    )
    response["Refresh"] = str(REFRESHED)
    return unkept(response)


@require_safe
def poster(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The code to hang in the room, which opens its page during the date alone."""
    date = fetch_date(request, pk, number)
    address = after_tokens.room_address(date)
    figures = after_tokens.room_code(date)
    content = make_pdf(
        "toolbox/after_poster",
        {
            "course": date.course.title,
            "when": span_in_words(date.gathering.starts_at, date.gathering.ends_at),
            "place": date.gathering.place_label,
            "organiser": date.course.organiser.name,
            "address": address,
            "figures": f"{figures[:3]}\u00a0{figures[3:]}",
        },
        title="Dites que vous êtes là",
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(f"code-{date.course.title}-{number}", content)


@require_safe
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a certificate, for who organises."""
    course = fetch_course(request, pk, "people")
    rows = (
        after_certifying.ROWS.visible_to(actor_of(request))
        .filter(enrolment__course=course)
        .order_by("enrolment__rank", "pk")
    )
    shown, pages = paged(request, rows, BY_PAGE)
    return render(
        request,
        "toolbox/after_certificates.html",
        {
            "course": course,
            "lines": [_line(one) for one in shown],
            "over": course.ends_at is not None and course.ends_at < timezone.now(),
            "crumbs": trail(course, "Attestations"),
            **pages,
        },
    )


def _line(certificate: Certificate) -> dict[str, object]:
    return {
        "one": certificate,
        "hours": after_certifying.hours_in_words(certificate.hours),
        "named": after_certifying.is_named(certificate.enrolment),
    }


@require_POST
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Give their certificate to all who followed enough of the course."""
    course = fetch_course(request, pk, "people")
    try:
        made = after_certifying.issue_certificates(course)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if made:
            messages.success(request, f"Attestations délivrées : {len(made)}. Chacun est prévenu.")
        else:
            messages.info(request, "Personne n’attend d’attestation : notez d’abord les présences.")
    return redirect("toolbox:after_certificates", pk)
