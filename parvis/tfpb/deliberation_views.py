"""The annex of a deliberation: read on a page, taken along as a PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.pdf import make_pdf, pdf_response
from parvis.partners.actors import actor_of
from parvis.tfpb.deliberation import Annex, Given, annex_of
from parvis.tfpb.law import tax_years
from parvis.tfpb.rates_views import asked_year, communes_for
from parvis.tfpb.stock_views import crumbs
from parvis.ui.words import counted, day_in_words, euros_in_words, number_in_words

LARGE = 60  # places: more are made in a process of their own


def _asked(request: HttpRequest) -> tuple[Annex, list[Any], Any]:
    """The annex of the address, the communes that it may be cut to, and the one it is cut to."""
    actor = actor_of(request)
    communes = list(communes_for(actor))
    given = request.GET.get("commune", "")
    chosen = next((one for one in communes if str(one.pk) == given), None)
    wanted = [chosen] if chosen else communes
    return annex_of(actor, asked_year(request), [one.pk for one in wanted]), communes, chosen


@require_safe
def deliberation(request: HttpRequest) -> HttpResponse:
    """What is given up, compensated and borne, by landlord and quartier."""
    annex, communes, chosen = _asked(request)
    context = {
        "annex": annex,
        "communes": communes,
        "chosen": chosen,
        "years": list(reversed(tax_years())),
        "query": request.GET.urlencode(),
        "crumbs": crumbs(("Annexe à la délibération", "")),
    }
    return render(request, "tfpb/deliberation.html", context)


@require_safe
def annex(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    found, _, chosen = _asked(request)
    if not found.rows:
        messages.error(
            request, "Rien n’est connu ici pour cette année : il n’y a pas d’annexe à faire."
        )
        return redirect(f"{reverse('tfpb:deliberation')}?{request.GET.urlencode()}")
    where = str(chosen) if chosen else actor_of(request).organisation_name
    today = timezone.localdate()
    data = {
        "subtitle": f"{where} · année d’imposition {found.year}",
        "made_on": f"établi le {day_in_words(today)}\u00a0{today.year}",
        "percent": str(found.compensation.percent),
        "net_percent": str(100 - found.compensation.percent),
        "reference": found.compensation.reference,
        "rows": [_cells(row) for row in found.rows],
        "total": [
            number_in_words(found.dwellings),
            euros_in_words(found.abatement),
            euros_in_words(found.compensated),
            euros_in_words(found.net),
        ],
        "places": [_place(row) for row in found.rows],
        "doubts": found.doubts,
    }
    title = "Annexe à la délibération : abattement de TFPB"
    content = make_pdf("tfpb/deliberation", data, title=title, large=len(found.rows) > LARGE)
    return pdf_response(f"annexe-deliberation-{where}-{found.year}", content)


def _cells(row: Given) -> list[str]:
    def amount(value: Any) -> str:
        return "non connu" if value is None else euros_in_words(value)

    basis = f"{row.basis}, partiel" if row.partial else row.basis
    return [
        row.landlord,
        f"{row.quartier} ({row.commune})",
        "non connu" if row.dwellings is None else number_in_words(row.dwellings),
        amount(row.abatement) + (f" ({basis})" if basis else ""),
        amount(row.compensation),
        amount(row.net),
    ]


def _place(row: Given) -> dict[str, Any]:
    more = f"… et {counted(row.more, 'autre action', 'autres actions')}." if row.more else ""
    return {
        "title": f"{row.landlord} · {row.quartier} ({row.commune})",
        "state": f"Programme {row.state}." if row.state else "Aucun programme transmis.",
        "actions": [[one.axis, one.title, euros_in_words(one.valued)] for one in row.shown],
        "more": more,
    }
