"""What the abatement paid in a quartier, for everybody: published programmes only, in plain words,
with amounts, pictures, and what residents had reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from parvis.partners.actors import NOBODY
from parvis.places.models import Quartier
from parvis.reports.models import Report
from parvis.tfpb.axes import axis_of
from parvis.tfpb.bilan_models import Bilan
from parvis.tfpb.effect import Shot, pictures_of, reports_behind
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_reading import in_euros, short
from parvis.tfpb.sums import ZERO, Sums, sums_by, total_of
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import NBSP, euros_in_words

SHOWN = 24  # lines of a page
PICTURES, REPORTS = 2, 3  # of a line


def abatement_told(quartier: str = "pk") -> Exists:
    """Whether something of the abatement is published in the quartier that this column names."""
    return Exists(
        Programme.objects.filter(quartier_id=OuterRef(quartier), published_at__isnull=False)
    )


@dataclass
class Told:
    """A line as residents read it."""

    line: Line
    sums: Sums
    pictures: list[Shot] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def done(self) -> str:
        """What became of it, in words; empty when its landlord did not say."""
        review = getattr(self.line, "review", None)
        return review.get_done_display() if review else ""

    @property
    def first_reports(self) -> list[Report]:
        """The first reports that asked for it."""
        return self.reports[:REPORTS]


@require_safe
def quartier_abatement(request: HttpRequest, code: str) -> HttpResponse:
    """That page; what is published is the same for everybody."""
    found = get_object_or_404(Quartier.objects.defer("outline"), code=code.replace("\0", ""))
    published: Any = Programme.objects.visible_to(NOBODY).filter(quartier=found)
    programmes = list(published.select_related("landlord", "commune").order_by("-year", "pk"))
    years = sorted({one.year for one in programmes}, reverse=True)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked in map(str, years) else (years[0] if years else 0)
    ours = [one for one in programmes if one.year == year]
    all_lines = Line.objects.filter(programme__in=[one.pk for one in programmes])
    by_year = sums_by(all_lines, "programme__year", "axis")
    lines = all_lines.filter(programme__in=[one.pk for one in ours])
    told, first, last = _page(request, lines)
    summaries = dict(
        Bilan.objects.filter(programme__in=ours).values_list("programme_id", "summary")
    )
    sums = sums_by(lines, "programme_id")
    return render(
        request,
        "tfpb/quartier_abatement.html",
        {
            "quartier": found,
            "year": year,
            "years": [
                {"year": one, "here": one == year, **_year(one, programmes, by_year)}
                for one in years
            ],
            "total": _year(year, programmes, by_year),
            "chart": _chart(year, by_year),
            "axes": _table(years, by_year),
            "programmes": [
                {
                    "programme": one,
                    "sums": sums.get((one.pk,), Sums()),
                    "summary": summaries.get(one.pk, ""),
                }
                for one in ours
            ],
            "told": told,
            "next_url": f"?annee={year}&suite={last}#lignes" if last else "",
            "first_url": f"?annee={year}#lignes" if first else "",
            "crumbs": [
                {"label": "Accueil", "url": "/"},
                {"label": f"Ce que la baisse de taxe a payé, {found.name}", "url": ""},
            ],
        },
    )


def _year(
    year: int, programmes: list[Programme], by_year: dict[tuple[Any, ...], Sums]
) -> dict[str, Any]:
    """What was given up and what was spent that year, in euros."""
    known = [one.abatement for one in programmes if one.year == year]
    return {
        "abatement": sum((one for one in known if one is not None), Decimal("0.00")),
        "estimated": any(one.real is None for one in programmes if one.year == year),
        "sums": total_of({key: one for key, one in by_year.items() if key[0] == year}),
    }


def _page(request: HttpRequest, lines: Any) -> tuple[list[Told], int, int]:
    """The lines of this page, the most spent first; where it starts, where the next one does."""
    sums = sums_by(lines, "pk")
    order = [pk for (pk,), _ in sorted(sums.items(), key=lambda row: (-row[1].spent, row[0]))]
    asked = request.GET.get("suite", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    shown = order[first : first + SHOWN]
    rows = Line.objects.filter(pk__in=shown).select_related(
        "programme__landlord", "programme__commune", "review"
    )
    by_pk = {line.pk: line for line in rows}
    pictures = pictures_of(NOBODY, by_pk.values())
    reports = reports_behind(NOBODY, by_pk.values())
    told = [
        Told(by_pk[pk], sums[pk,], pictures[pk][-PICTURES:], reports.get(pk, [])) for pk in shown
    ]
    return told, first, first + SHOWN if len(order) > first + SHOWN else 0


def _codes(by_year: dict[tuple[Any, ...], Sums]) -> list[str]:
    return sorted({code for _, code in by_year}, key=lambda code: axis_of(code).number)


def _chart(year: int, by_year: dict[tuple[Any, ...], Sums]) -> Chart | None:
    """What was spent that year, axis by axis; nothing when nothing was."""
    rows = [(code, by_year[year, code]) for code in _codes(by_year) if (year, code) in by_year]
    whole = sum((sums.spent for _, sums in rows), ZERO)
    if not whole:
        return None
    groups, table = [], []
    for code, sums in rows:
        label, words = axis_of(code).label, euros_in_words(sums.spent)
        share = float(sums.spent * 100 / whole)
        bars = (Bar("dépensé", share, in_euros(sums.spent)),)
        groups.append(BarGroup(short(label), bars))
        table.append((label, words, f"{share:.0f}{NBSP}%"))
    return Chart(
        title=f"À quoi cet argent a servi en {year}",
        text="Ce qui a été dépensé, par sorte d’action ; à l’euro près.",
        groups=tuple(groups),
        heads=("Sorte d’action", "Dépensé", "Part"),
        rows=tuple(table),
        ident="axes",
    )


def _table(years: list[int], by_year: dict[tuple[Any, ...], Sums]) -> list[dict[str, Any]]:
    """What was spent on each axis, year by year."""
    return [
        {
            "label": axis_of(code).label,
            "cells": [(year, by_year.get((year, code), Sums()).spent) for year in years],
        }
        for code in _codes(by_year)
    ]
