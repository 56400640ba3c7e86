"""Figures of a quarter: what was published of it, as a page and as files that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.tables import book_response, csv_response
from parvis.documents.workbooks import Cell, Sheet, names_of
from parvis.partners.actors import Actor, actor_of
from parvis.vigilance.door_tabs import tabs_of
from parvis.vigilance.figures import rounded
from parvis.vigilance.models import QuarterFigures, UnpaidCount
from parvis.vigilance.quarters import Quarter, finished

HIDDEN = "masqué"
Section = tuple[str, list[dict[str, Any]]]


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The last quarter of which something is told."""
    actor = actor_of(request)
    start = QuarterFigures.objects.visible_to(actor).order_by("-quarter").values_list("quarter")
    last = finished(timezone.localdate(), 1)[0]
    return _page(request, Quarter(start[0][0]) if start[:1] else last)


@require_safe
def quarter(request: HttpRequest, quarter: str) -> HttpResponse:
    """One quarter."""
    return _page(request, _quarter(quarter))


def _page(request: HttpRequest, asked: Quarter) -> HttpResponse:
    actor = actor_of(request)
    starts = QuarterFigures.objects.visible_to(actor).order_by().values_list("quarter", flat=True)
    quarters = sorted({Quarter(start) for start in starts.distinct()} | {asked}, reverse=True)
    context = {
        "quarter": asked,
        "quarters": quarters,
        "sections": [
            (name, [_drawn(one) for one in tables]) for name, tables in _told(actor, asked)
        ],
        "coordinates": actor.role == "coordination",
        "tabs": tabs_of(actor, "vigilance:figures"),
    }
    return render(request, "vigilance/signal_figures.html", context)


@require_safe
def table(request: HttpRequest, quarter: str, form: str) -> HttpResponseBase:
    """What the page shows, and nothing else: one sheet for each table, or one long csv."""
    asked = _quarter(quarter)
    sections, name = _told(actor_of(request), asked), f"vigilance-sociale-{asked.code}"
    if form == "csv":
        return csv_response(name, ["de", "tableau", "ligne", "colonne", "valeur"], _flat(sections))
    if form not in ("xlsx", "ods"):
        raise Http404
    sheets = list(_sheets(sections, asked))
    for one, short in zip(sheets, names_of([one.name for one in sheets]), strict=True):
        one.name = short
    return book_response(name, form, sheets)


def _quarter(code: str) -> Quarter:
    found = Quarter.read(code)
    if found is None:
        raise Http404
    return found


def _told(actor: Actor, asked: Quarter) -> list[Section]:
    rows = QuarterFigures.objects.visible_to(actor).filter(quarter=asked.start)
    told = [(one.name, one.tables) for one in rows.order_by("name", "pk")]
    unpaid = _unpaid(actor, asked)
    return [*told, ("Retards de charges", [unpaid])] if unpaid["rows"] else told


def _unpaid(actor: Actor, asked: Quarter) -> dict[str, Any]:
    """What landlords counted in residences of the perimeter, rounded, beside the quarter before."""
    before = asked.before()
    rows = (
        UnpaidCount.objects.allowed(actor, "count")
        .filter(quarter__in=(asked.start, before.start))
        .select_related("residence__commune", "organisation")
        .defer("residence__outline", "residence__commune__outline")
        .order_by("residence__commune__name", "residence__name", "pk")
    )
    now: dict[tuple[int, int], UnpaidCount] = {}
    then: dict[tuple[int, int], str] = {}
    for one in rows:
        key = (one.residence_id, one.organisation_id)
        if one.quarter == asked.start:
            now[key] = one
        else:
            then[key] = rounded(one.behind, one.dwellings)
    return {
        "title": "Logements en retard de charges, par résidence",
        "heads": ["Résidence", "Commune", "Bailleur", "Logements", "En retard", before.label],
        "rows": [
            [
                *(one.residence.name, one.residence.commune.name, one.organisation.name),
                *(one.dwellings, rounded(one.behind, one.dwellings), then.get(key, "non donné")),
            ]
            for key, one in now.items()
        ],
        "summed": False,
    }


def _shown(value: Any) -> Any:
    return HIDDEN if value is None else value


def _drawn(told: dict[str, Any]) -> dict[str, Any]:
    """A table as the template draws it: each cell with its head."""
    return {
        **told,
        "rows": [
            {
                "first": first,
                "cells": [
                    (head, _shown(value), value is None)
                    for head, value in zip(told["heads"][1:], values, strict=True)
                ],
                "sum": told["summed"] and place == len(told["rows"]) - 1,
            }
            for place, (first, *values) in enumerate(told["rows"])
        ],
    }


def _flat(sections: list[Section]) -> Iterator[list[Any]]:
    for name, tables in sections:
        for told in tables:
            for first, *values in told["rows"]:
                for head, value in zip(told["heads"][1:], values, strict=True):
                    yield [name, told["title"], first, head, _shown(value)]


def _sheets(sections: list[Section], asked: Quarter) -> Iterator[Sheet]:
    for name, tables in sections:
        for told in tables:
            heads = [Cell(head, "bold") for head in told["heads"]]
            titles: list[list[Any]] = [
                [Cell(told["title"], "bold")],
                [f"{name}, {asked.label}"],
                [],
            ]
            rows = [[first, *map(_shown, values)] for first, *values in told["rows"]]
            yield Sheet(told["title"], [*titles, heads, *rows], [36, *[18] * (len(heads) - 1)], 4)
    if not sections:
        yield Sheet("Chiffres", [[f"Rien n’est publié pour le {asked.label}."]])
