"""The year of participation: the page that everybody reads, and its paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils.answers import crumbs
from parvis.councils.referent_sitting_views import number_of, years_until
from parvis.councils.referent_year import Year, coordinators, year_of
from parvis.councils.workflow import Level
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.partners.models import Organisation
from parvis.ui.words import day_in_words

LONG = 60  # bodies and projects from which the paper is made apart


@require_safe
def yearly(request: HttpRequest, year: int) -> HttpResponse:
    """Bodies and projects of a year in figures."""
    chosen, offered = _asked(request, year)
    found = year_of(year, timezone.now(), chosen.pk if chosen else None)
    kept = f"?{urlencode({'agglomeration': chosen.pk})}" if chosen else ""
    sittings = reverse("councils:referent_sittings")
    sums = found.sums()
    return render(
        request,
        "councils/referent_year.html",
        {
            "year": year,
            "found": found,
            "sums": sums,
            "levels": [{"label": level.label, "number": sums["levels"][level]} for level in Level],
            "rows": [
                {
                    "name": one.body.organisation.name,
                    "asked": one.asked,
                    "levels": [
                        {"label": level.label, "number": one.requests.get(level, 0)}
                        for level in Level
                    ],
                }
                for one in found.bodies
            ],
            "chosen": chosen,
            "offered": offered,
            "years": [
                {"year": one, "url": reverse("councils:yearly", args=[one]) + kept}
                for one in years_until(timezone.localdate().year)
            ],
            "pdf": reverse("councils:yearly_pdf", args=[year]) + kept,
            "sittings": f"{sittings}?annee={year}",
            "crumbs": crumbs(None, (f"Bilan {year}", "")),
        },
    )


@require_safe
def yearly_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """The same on paper."""
    chosen, _ = _asked(request, year)
    found = year_of(year, timezone.now(), chosen.pk if chosen else None)
    content = make_pdf(
        "councils/yearly",
        {
            "subtitle": chosen.name if chosen else "Toutes les agglomérations",
            "made": day_in_words(timezone.localdate()),
            **_plain(found),
        },
        title=f"Bilan de la participation {year}",
        large=len(found.bodies) + len(found.projects) > LONG,
    )
    return pdf_response(f"bilan-participation-{year}", content)


def _asked(request: HttpRequest, year: int) -> tuple[Organisation | None, list[Organisation]]:
    """The agglomération that is asked for, and those offered; the only one is chosen by itself."""
    if not 2014 <= year <= timezone.localdate().year:  # conseils citoyens are of 2014
        raise Http404
    offered = coordinators()
    if not request.GET.get("agglomeration"):
        return (offered[0] if len(offered) == 1 else None), offered
    pk = number_of(request, "agglomeration")
    for one in offered:
        if one.pk == pk:
            return one, offered
    raise Http404


def _plain(found: Year) -> dict[str, Any]:
    """The figures as the paper's template reads them."""
    return {
        "sums": {
            name: _hours(value) if name == "hours" else value
            for name, value in found.sums().items()
            if name != "levels"
        },
        "levels": [level.label for level in Level],
        "bodies": [
            {
                "name": one.body.organisation.name,
                "seats": one.seats,
                "vacant": one.vacant,
                "hours": _hours(one.hours),
                "held": one.held,
                "without": one.without,
                "asked": one.asked,
                "levels": [one.requests.get(level, 0) for level in Level],
                "informed": one.informed,
                **{
                    name: getattr(one.answers, name)
                    for name in ("sent", "in_time", "late", "awaited", "overdue")
                },
            }
            for one in found.bodies
        ],
        "projects": [
            {
                "title": one.project.title,
                "held": one.held,
                "without": one.without,
                "phases": one.phases,
                "unspoken": one.unspoken,
            }
            for one in found.projects
        ],
    }


def _hours(value: Any) -> str:
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")
