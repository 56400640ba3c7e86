"""The consolidation: one page for every cut, its exports, and every line as a table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.documents import tables
from parvis.partners.actors import actor_of
from parvis.tfpb.overview_forms import CUTS, OverviewForm
from parvis.tfpb.overview_lines import HEADER, MOST, rows_of
from parvis.tfpb.overview_reading import benchmarks, charts, consolidate, table

HERE = "tfpb:overview"
WRITERS: dict[str, Any] = {
    "xlsx": tables.xlsx_response,
    "ods": tables.ods_response,
    "csv": tables.csv_response,
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The money of the abatement, cut as the reader chooses."""
    actor = actor_of(request)
    form = OverviewForm(request.GET, actor=actor)
    found = consolidate(form)
    kept = form.query()
    context = {
        "form": form,
        "cut": CUTS[form.cut_code],
        "cuts": [
            {"label": cut.label, "query": form.query(cut=code), "here": code == form.cut_code}
            for code, cut in CUTS.items()
        ],
        "filters": [form[name] for name in form.fields if name != "cut"],
        "rows": found.rows,
        "total": found.total,
        "partial": found.partial,
        "charts": charts(form),
        "benchmarks": benchmarks(),
        "exports": _exports("tfpb:overview_export", kept),
        "line_exports": _exports("tfpb:overview_lines", kept),
    }
    return render(request, "tfpb/overview.html", context)


def _exports(name: str, query: str) -> list[dict[str, str]]:
    tail = f"?{query}" if query else ""
    return [{"words": form, "url": reverse(name, args=[form]) + tail} for form in WRITERS]


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly what the page shows: same cut, filters, order and rights."""
    if form not in WRITERS:
        raise Http404
    asked = OverviewForm(request.GET, actor=actor_of(request))
    header, rows = table(asked, consolidate(asked))
    name = f"abattement-tfpb-{CUTS[asked.cut_code].label.lower()}"
    response: HttpResponseBase = WRITERS[form](name, header, rows)
    return response


@require_safe
def lines(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every line that passes the filters of the page."""
    if form not in WRITERS:
        raise Http404
    asked = OverviewForm(request.GET, actor=actor_of(request))
    rows = asked.lines()
    if form != "csv" and rows.order_by().values("pk")[: MOST + 1].count() > MOST:
        messages.error(
            request,
            f"Un tableur ne tient pas plus de {MOST + 1:,} lignes".replace(",", "\u202f")
            + " : ajoutez un filtre, ou choisissez csv.",
        )
        return redirect(f"{reverse(HERE)}?{asked.query()}")
    response: HttpResponseBase = WRITERS[form]("lignes-abattement-tfpb", HEADER, rows_of(rows))
    return response
