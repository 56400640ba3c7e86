"""Certificates of a member, for themselves or asked by who animates the body."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils.space_papers import attendance_paper, dated, leave_paper
from parvis.councils.space_reading import PRESENCES
from parvis.councils.space_views import fetch_member, space_url
from parvis.documents.pdf import pdf_response
from parvis.partners import rights
from parvis.partners.actors import actor_of

AT_MOST = 400  # sittings on one paper


@require_safe
def attest(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of attendance at one sitting."""
    presence = rights.fetch(PRESENCES, actor_of(request), "attest", pk=pk)
    if not presence.came:
        messages.error(request, "La présence à cette séance n’est pas notée : pas d’attestation.")
        return redirect(space_url(request, presence.member))
    return pdf_response("attestation-presence", attendance_paper(presence.member, [presence]))


@require_safe
def attest_period(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for all the sittings between two days, this year when none is given."""
    member = fetch_member(request, pk)
    today = timezone.localdate()
    start = _day(request.GET.get("du", "")) or date(today.year, 1, 1)
    end = _day(request.GET.get("au", "")) or today
    rows = PRESENCES.filter(member=member, came=True).filter(
        sitting__gathering__starts_at__date__range=(start, end)
    )
    found = list(rows.order_by("sitting__gathering__starts_at", "pk")[:AT_MOST])
    if not found:
        words = f"Aucune présence notée du {dated(start)} au {dated(end)}."
        messages.error(request, words)
        return redirect(space_url(request, member))
    period = f"Du {dated(start)} au {dated(end)}"
    paper = attendance_paper(member, found, period=period)
    return pdf_response("attestation-presences", paper)


@require_safe
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member hands to their employer, before or after a sitting."""
    presence = rights.fetch(PRESENCES, actor_of(request), "attest", pk=pk)
    if presence.sitting.gathering.cancelled_at or presence.came is False:
        words = "Cette séance est annulée, ou vous n’y étiez pas : pas d’attestation."
        messages.error(request, words)
        return redirect(space_url(request, presence.member))
    return pdf_response("attestation-employeur", leave_paper(presence))


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
