"""Lists of reports, their map and their export: the same filters, the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.tables import csv_response
from parvis.partners.actors import Actor
from parvis.places.outlines import quartier_outlines
from parvis.reports import access
from parvis.reports.forms.filters import FilterForm
from parvis.reports.models import Part, Report
from parvis.reports.views.shared import actor_on, words_of_state
from parvis.reports.views.story import feature, late_on, where_of
from parvis.reports.workflow import OPEN, State

PAGE = 50
LONG_PAGE = 100  # for who asks for it
ON_THE_MAP = 1000


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The list, newest first, with its map beside it."""
    actor = actor_on(request)
    form = FilterForm(request.GET, actor=actor)
    rows = form.rows()
    today = timezone.localdate()
    counts = rows.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=Q(state__in=OPEN, due_on__lt=today)),
    )
    before = _cursor(request.GET.get("before", ""))
    long = request.GET.get("par") == str(LONG_PAGE)
    size = LONG_PAGE if long else PAGE
    found = list(
        _after(rows, before)
        .select_related("category", "commune")
        .defer("commune__outline")
        .order_by("-at", "-pk")[: size + 1]
    )
    shown = found[:size]
    more = len(found) > size
    organisations = _organisations(actor, [report.pk for report in shown])
    query = form.query()
    long_query = f"{query}&par={LONG_PAGE}".lstrip("&")
    here = long_query if long else query
    return render(
        request,
        "reports/list.html",
        {
            "form": form,
            "rows": [_row(report, organisations, today) for report in shown],
            "counts": counts,
            "query": query,
            "filtered": bool(query),
            "narrowed": bool(set(form.asked) - {"q"}),
            "map_url": _with(reverse("reports:map"), query),
            "export_url": _with(reverse("reports:export"), query),
            "list_url": reverse("reports:list"),
            "next_url": _next(here, shown[-1]) if more else "",
            "first_url": _with(reverse("reports:list"), here) if before else "",
            "longer_url": _with(reverse("reports:list"), long_query) if more and not long else "",
            "long": long,
            "long_page": LONG_PAGE,
        },
    )


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _next(query: str, last: Report) -> str:
    key = urlencode({"before": f"{last.at.isoformat()}~{last.pk}"})
    return f"{reverse('reports:list')}?{query + '&' if query else ''}{key}"


def _cursor(words: str) -> tuple[datetime, int] | None:
    """The key of the last row read: a moment and an id; None when it makes no sense."""
    moment, _, number = words.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return at, int(number)


def _after(rows: Any, key: tuple[datetime, int] | None) -> Any:
    if key is None:
        return rows
    at, pk = key
    return rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))


def _organisations(actor: Actor, ids: list[int]) -> dict[int, list[str]]:
    """Who has a part of each of these reports, in one query."""
    names: dict[int, list[str]] = {}
    parts = Part.objects.visible_to(actor).filter(report__in=ids)
    for report_id, name in parts.order_by("created_at", "pk").values_list(
        "report_id", "organisation__name"
    ):
        known = names.setdefault(report_id, [])
        if (name or "sans gestionnaire") not in known:
            known.append(name or "sans gestionnaire")
    return names


def _row(report: Report, organisations: dict[int, list[str]], today: Any) -> dict[str, Any]:
    tone, words = words_of_state(report.state)
    return {
        "report": report,
        "where": where_of(report),
        "tone": tone,
        "words": words,
        "late": late_on(report.state, report.due_on, today),
        "others": report.voice_count - 1,
        "who": ", ".join(organisations.get(report.pk, [])),
        "open": report.state in OPEN,
    }


@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Exactly what is filtered, as GeoJSON; the most recent ones when there are too many."""
    form = FilterForm(request.GET, actor=actor_on(request), with_choices=False)
    rows = (
        form.rows()
        .filter(latitude__isnull=False, longitude__isnull=False)
        .select_related("category")
        .only("reference", "latitude", "longitude", "state", "due_on", "category__label")
        .order_by("-at", "-pk")
    )
    found = list(rows[: ON_THE_MAP + 1])
    today = timezone.localdate()
    cut = len(found) > ON_THE_MAP
    data: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [feature(report, today) for report in found[:ON_THE_MAP]],
        "cut": cut,
    }
    if cut:
        data["note"] = (
            f"La carte montre les {ON_THE_MAP} signalements les plus récents. "
            "Filtrez pour voir les autres."
        )
    response = JsonResponse(data)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The outlines behind the maps, so that a point is understood where no base map comes."""
    response = JsonResponse(quartier_outlines())
    response["Cache-Control"] = "public, max-age=3600"
    return response


HEADER = [
    "référence",
    "sujet",
    "précision",
    "lieu",
    "commune",
    "latitude",
    "longitude",
    "état",
    "signalé le",
    "attendu pour le",
    "clos le",
    "personnes",
    "organisations",
    "texte",
]


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Exactly what is shown, as csv, streamed: no contact ever, and a text only to who reads it."""
    actor = actor_on(request)
    form = FilterForm(request.GET, actor=actor, with_choices=False)
    return csv_response("signalements.csv", HEADER, _lines(actor, form.rows()))


def _lines(actor: Actor, rows: Any) -> Iterator[list[Any]]:
    """Two queries, whatever the number of rows."""
    names: dict[int, list[str]] = {}
    parts = Part.objects.visible_to(actor).filter(report__in=rows.values("pk"))
    for report_id, name in parts.order_by("created_at", "pk").values_list(
        "report_id", "organisation__name"
    ):
        known = names.setdefault(report_id, [])
        if name and name not in known:
            known.append(name)
    readable = Case(
        When(access.REPORT.condition(actor, "read"), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    found = (
        rows.annotate(readable=readable)
        .select_related("category__parent", "commune")
        .defer("commune__outline")
    )
    for report in found.order_by("-at", "-pk").iterator(chunk_size=500):
        parent = report.category.parent
        yield [
            report.reference,
            parent.label if parent else report.category.label,
            report.category.label if parent else "",
            report.place_label,
            report.commune.name if report.commune else "",
            report.latitude,
            report.longitude,
            State(report.state).label,
            report.at,
            report.due_on,
            report.closed_at,
            report.voice_count,
            ", ".join(names.get(report.pk, [])),
            report.text if report.readable else "",
        ]
