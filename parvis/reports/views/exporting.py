"""A list of reports as a file: the same filters, rows, order and rights as the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib import messages
from django.db.models import Case, F, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.documents import tables
from parvis.partners.actors import Actor, actor_of
from parvis.reports import access
from parvis.reports.forms.filters import FilterForm
from parvis.reports.models import Channel, Part
from parvis.reports.workflow import PLAIN_WORDS, State

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
    "reçu",
    "organisations",
    "texte",
]
IN_XLSX = 10_000  # rows: that format is written whole before it leaves
FORMATS = ("csv", "xlsx", "ods", "geojson")
NAME = "signalements"


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly what is shown, all pages: no contact ever, and a text only to who reads it."""
    if form not in FORMATS:
        raise Http404
    actor = actor_of(request)
    asked = FilterForm(request.GET, actor=actor, with_choices=False)
    rows = asked.rows()
    if form == "xlsx" and rows.order_by().values("pk")[: IN_XLSX + 1].count() > IN_XLSX:
        messages.error(
            request,
            "Cette liste est trop longue pour un fichier xlsx (plus de 10 000 lignes) : "
            "ajoutez un filtre, ou choisissez ods ou csv.",
        )
        return redirect(f"{reverse('reports:list')}?{asked.query()}")
    lines = _lines(actor, rows, asked)
    if form == "xlsx":
        return tables.xlsx_response(NAME, HEADER, lines)
    if form == "ods":
        return tables.ods_response(NAME, HEADER, lines)
    if form == "geojson":
        return tables.geojson_response(NAME, HEADER, lines, latitude="latitude")
    return tables.csv_response(NAME, HEADER, lines)


def _lines(actor: Actor, rows: Any, asked: FilterForm) -> Iterator[list[Any]]:
    """One query for the organisations, one for each run of the order, whatever the rows."""
    who = _organisations(actor, rows)
    text = Case(
        When(access.REPORT.condition(actor, "read"), then=F("text")),
        default=Value(""),
        output_field=TextField(),
    )
    columns = (
        "pk",
        "reference",
        "category__parent__label",
        "category__label",
        "place_label",
        "commune__name",
        "latitude",
        "longitude",
        "state",
        "at",
        "due_on",
        "closed_at",
        "voice_count",
        "channel",
        "readable",
    )
    runs = [
        run.values_list(*columns).iterator(chunk_size=500)
        for run in asked.sort.all(rows.annotate(readable=text))
    ]
    for pk, reference, family, label, place, commune, latitude, longitude, state, *rest in chain(
        *runs
    ):
        *days, voices, channel, readable = rest
        yield [
            reference,
            family or label,
            label if family else "",
            place,
            commune or "",
            latitude,
            longitude,
            str(PLAIN_WORDS[State(state)]),
            *days,
            voices,
            Channel(channel).label,
            ", ".join(who.get(pk, ())),
            readable,
        ]


def _organisations(actor: Actor, rows: Any) -> dict[int, list[str]]:
    """The names of those who have a part of each of these reports, in one query."""
    names: dict[int, list[str]] = {}
    parts = Part.objects.visible_to(actor).filter(report__in=rows.order_by().values("pk"))
    for report_id, name in (
        parts.exclude(organisation=None)
        .order_by("created_at", "pk")
        .values_list("report_id", "organisation__name")
        .iterator(chunk_size=2000)
    ):
        known = names.setdefault(report_id, [])
        if name not in known:
            known.append(name)
    return names
