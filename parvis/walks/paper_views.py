"""What is printed for a walk, each under the right of its page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.gatherings.calendars import entry_of
from parvis.gatherings.events import page_url as gathering_url
from parvis.gatherings.models import Guest
from parvis.meetings.inviting import out_of_reach
from parvis.notices.consents import current
from parvis.partners.actors import actor_of
from parvis.ui.words import day_in_words, span_in_words
from parvis.walks.answers import fetch_walk
from parvis.walks.links import address_of, walk_from_token
from parvis.walks.models import Stop, Walk
from parvis.walks.paper_book import book_of
from parvis.walks.plan import plan_of, plan_svg

LARGE = 15  # stops: more pages are made in a process of their own
LETTER_STOPS = 12


def _stops(walk: Walk) -> list[Stop]:
    return list(walk.stops.select_related("residence").prefetch_related("checks"))


@require_safe
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """The book to carry along: the plan, a page for each stop, the checklist."""
    actor, found = actor_of(request), fetch_walk(request, pk)
    stops = _stops(found)
    plan = plan_of(found, stops)
    data = book_of(found, actor, stops, plan)
    files = {"/plan.svg": plan_svg(plan)} if plan else {}
    if data["address"]:
        files["/qr.svg"] = qr_code(data["address"])
    content = make_pdf(
        "walks/book",
        data,
        title=f"Carnet : {found.gathering.title}",
        files=files,
        large=len(stops) > LARGE,
    )
    return pdf_response(f"carnet-{found.gathering.title}", content)


@require_safe
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet by which somebody who can be recognised lets a picture be published."""
    found = fetch_walk(request, pk)
    gathering, minor = found.gathering, request.GET.get("pour") == "mineur"
    organiser = gathering.organiser
    contact = [organiser.name, organiser.address, organiser.phone, organiser.email]
    # Papers are printed for the walk: a picture that is taken on its day is under this text.
    asked = current("walks", "photo", timezone.localdate(gathering.starts_at))
    whom = "reconnaît mon enfant" if minor else "me reconnaît"
    of_whom = "d’un mineur" if minor else "d’une personne"
    content = make_pdf(
        "walks/consent",
        {
            "minor": minor,
            "accept": asked.said(whom=whom).splitlines(),
            "version": asked.version,
            "walk": gathering.title,
            "when": day_in_words(gathering.starts_at),
            "organiser": organiser.name,
            "contact": ", ".join(filter(None, contact)),
        },
        title=f"Autorisation de publier la photo {of_whom}",
    )
    return pdf_response(f"autorisation-{'mineur' if minor else 'photo'}", content)


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang in the halls, with the plan of the route."""
    found = fetch_walk(request, pk)
    gathering = found.gathering
    plan = plan_of(found, _stops(found))
    # Residents read on their page what is published; before, the code would open nothing.
    address = gathering_url(gathering.pk) if gathering.published_at else ""
    files = {"/plan.svg": plan_svg(plan)} if plan else {}
    if address:
        files["/qr.svg"] = qr_code(address)
    content = make_pdf(
        "walks/poster",
        {
            "when": span_in_words(gathering.starts_at, gathering.ends_at),
            "place": gathering.place_label,
            "purpose": gathering.summary or found.purpose,
            "organiser": gathering.organiser.name,
            "contact": gathering.contact or gathering.organiser.phone,
            "registered": gathering.entry == gathering.Entry.REGISTERED,
            "seats": gathering.seats or 0,
            "plan": plan.text if plan else "",
            "address": address,
        },
        title=gathering.title,
        files=files,
    )
    return pdf_response(f"affiche-{gathering.title}", content)


@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter to each organisation that was called and that no message reaches."""
    found = fetch_walk(request, pk, "edit")
    rows = Guest.objects.filter(gathering=found.gathering_id, invited_at__isnull=False)
    silent = out_of_reach(list(rows.select_related("organisation")))
    if not silent:
        messages.error(request, "Un message atteint chaque organisation invitée : pas de lettre.")
        return redirect("walks:guests", pk)
    gathering = found.gathering
    organiser, address = gathering.organiser, address_of(found)
    titles = list(found.stops.values_list("title", flat=True))
    content = make_pdf(
        "walks/letters",
        {
            "organiser": organiser.name,
            "organiser_address": organiser.address,
            "organiser_phone": organiser.phone,
            "today": day_in_words(timezone.now()),
            "walk": gathering.title,
            "when": span_in_words(gathering.starts_at, gathering.ends_at),
            "place": gathering.place_label,
            "purpose": found.purpose,
            "stops": titles[:LETTER_STOPS],
            "more": "La suite est dans le carnet." if titles[LETTER_STOPS:] else "",
            "contact": gathering.contact or organiser.phone or organiser.email,
            "address": address,
            "letters": [{"name": one.name, "address": one.address} for one in silent],
        },
        title="Invitation à un diagnostic en marchant",
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(f"lettres-{gathering.title}", content)


@require_safe
def date_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The date for one's calendar, for who was called without an account."""
    found = walk_from_token(token)
    if found is None:
        raise Http404
    title = found.gathering.title
    entry = entry_of(found.gathering, address_of(found))
    response = calendar_response(title, calendar(title, [entry]))
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
