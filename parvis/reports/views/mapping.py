"""The map of a list: the same filters and rights, as points of a street or as cells of a city."""

from __future__ import annotations

import json
from datetime import date
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.places.outlines import quartier_outlines
from parvis.reports.cells import RESOLUTION, centre_of, wider
from parvis.reports.forms.filters import FilterForm
from parvis.reports.links import reports_path
from parvis.reports.sorting import NEWEST
from parvis.reports.views.story import tone_on_map
from parvis.reports.workflow import OPEN, State
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept

ON_THE_MAP = 1000  # points
# Resolution of the cells from this zoom on: closer views have smaller cells.
RESOLUTIONS = ((13, RESOLUTION), (11, 7), (9, 6), (7, 5), (5, 4), (0, 3))
POINT = ("reference", "latitude", "longitude", "state", "due_on", "category__label")
JSON = "application/json"
# Seconds. Strangers are given figures that are one minute old at most: half of it here, half on
# their way.
KEPT_FOR = 30


@in_every_language
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Exactly what is filtered. With `vue=ville`, cells and what they hold; else points, those of
    `box=west,south,east,north` when it is given."""
    form = FilterForm(request.GET, actor=actor_of(request), with_choices=False)
    if request.GET.get("vue") == "ville":
        return _city(request, form)
    rows = form.rows().filter(latitude__isnull=False, longitude__isnull=False)
    box = _box(request.GET.get("box", ""))
    if box is not None:
        west, south, east, north = box
        rows = rows.filter(latitude__range=(south, north), longitude__range=(west, east))
    found = list(NEWEST.rows(rows).values_list(*POINT)[: ON_THE_MAP + 1])
    data = _points(found[:ON_THE_MAP], timezone.localdate())
    data["cut"] = len(found) > ON_THE_MAP
    if data["cut"]:
        newest = gettext("La carte montre les {n} signalements les plus récents.")
        others = (
            gettext("Rapprochez-vous pour voir les autres.")
            if box
            else gettext("Filtrez pour voir les autres.")
        )
        data["note"] = f"{newest.format(n=ON_THE_MAP)} {others}"
    return unkept(_json(data))


def _box(words: str) -> tuple[float, ...] | None:
    """West, south, east and north in degrees; None when it makes no sense."""
    try:
        west, south, east, north = (float(part) for part in words.split(","))
    except ValueError:
        return None
    fits = -540 <= west <= east <= 540 and -90 <= south <= north <= 90
    return (west, south, east, north) if fits else None


def _points(found: list[Any], today: date) -> dict[str, Any]:
    """Each report once, `[latitude, longitude, reference, label, tone]`, in which the last two are
    places in the lists beside: a thousand points weigh a quarter of what GeoJSON would."""
    tones = {state: tone_on_map(state, None, today) for state in State}
    late = {state for state in State if tone_on_map(state, date.min, today) == "late"}
    labels: dict[str, int] = {}
    names: dict[str, int] = {}
    points = []
    for reference, latitude, longitude, state, due_on, label in found:
        tone = "late" if due_on and due_on < today and state in late else tones[state]
        points.append(
            [
                round(latitude, 6),
                round(longitude, 6),
                reference,
                labels.setdefault(label, len(labels)),
                names.setdefault(tone, len(names)),
            ]
        )
    return {
        "points": points,
        "labels": [gettext(one) for one in labels],
        "tones": [*names],
        "path": reports_path(),
    }


def _city(request: HttpRequest, form: FilterForm) -> HttpResponse:
    """Each cell once: `[latitude, longitude, reports, of which open]`. From the counters when they
    answer for these filters and this reader, else from the reports themselves."""
    kept = form.kept()
    resolution = _resolution(request.GET.get("zoom", ""))
    key = f"city:{resolution}:{form.query(but=('tri', 'par'))}"
    if kept is not None and (known := cache.get(key)) is not None:
        return _for_all(request, HttpResponse(known, content_type=JSON))
    still = Q(state__in=OPEN)
    if kept is not None:
        cells = kept.exclude(cell=0).values_list("cell")
        found = cells.annotate(all=Sum("count"), open=Sum("count", filter=still, default=0))
    else:
        cells = form.rows().filter(cell__isnull=False).order_by().values_list("cell")
        found = cells.annotate(all=Count("pk"), open=Count("pk", filter=still))
    together: dict[int, list[int]] = {}
    for cell, count, opened in found:
        held = together.setdefault(
            cell if resolution == RESOLUTION else wider(cell, resolution), [0, 0]
        )
        held[0] += count
        held[1] += opened
    answer = _json(
        {
            "cells": [
                [*centre_of(cell), *held] for cell, held in sorted(together.items()) if held[0]
            ],
            "zoom": resolution,
        }
    )
    if kept is None:
        return unkept(answer)
    cache.set(key, answer.content, KEPT_FOR)
    return _for_all(request, answer)


def _resolution(zoom: str) -> int:
    level = int(zoom) if zoom.isascii() and zoom.isdigit() and len(zoom) < 3 else 13
    return next(resolution for start, resolution in RESOLUTIONS if level >= start)


def _json(data: dict[str, Any]) -> HttpResponse:
    words = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(words, content_type=JSON)


def _for_all(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that every stranger is given: kept for a minute, then asked about by its mark."""
    mark = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponseNotModified()
    response["ETag"] = mark
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    patch_vary_headers(response, ["Cookie"])  # whoever signs in is answered otherwise
    return response


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The outlines behind the maps, so that a point is understood where no base map comes."""
    response = JsonResponse(quartier_outlines())
    response["Cache-Control"] = "public, max-age=3600"
    return response
