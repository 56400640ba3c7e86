"""Open data: the lines of programmes for a national tool, or for anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from parvis.documents.tables import csv_response
from parvis.partners.actors import actor_of
from parvis.tfpb import opendata


def _year(request: HttpRequest) -> int | None:
    asked = request.GET.get("annee", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        raise Http404
    return int(asked)


def _records(request: HttpRequest) -> Iterator[dict[str, Any]]:
    actor = actor_of(request)
    return opendata.records(actor, _year(request))


@require_safe
def data_csv(request: HttpRequest) -> HttpResponseBase:
    """`?annee=`: the lines that whoever asks may see, as csv."""
    rows = opendata.as_rows(_records(request))
    return csv_response("lignes-tfpb", opendata.FIELDS, rows)


@require_safe
def data_json(request: HttpRequest) -> HttpResponseBase:
    """`?annee=`: the same as JSON."""
    pieces = opendata.as_json(_records(request))
    response = StreamingHttpResponse(pieces, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response
