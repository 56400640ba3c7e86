"""The stock as tables: by place, by residence (which can be read in again), and for the
declaration to the tax office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners.actors import actor_of
from parvis.tfpb.axes import reasons
from parvis.tfpb.stock_forms import StockFilters
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_sums import PlaceSum, sums_by_place
from parvis.tfpb.stock_views import HOME, in_order

MAKERS: dict[str, Any] = {"xlsx": xlsx_response, "ods": ods_response, "csv": csv_response}
PLACE_COLUMNS = (
    *("Année", "Bailleur", "SIREN", "Commune", "Code INSEE", "Quartier", "Code du quartier"),
    *("Résidences", "Logements", "Dont abattus", "Dont exonérés", "Première fin d’exonération"),
    *("Dernière fin d’exonération", "Dont vacants avant démolition", "Dont en projet NPNRU"),
    *("Abattement estimé (€)", "Estimé le", "D’après", "Résidences sans estimation"),
    *("Abattement réel (€)", "Avis du", "Avis d’imposition", "Résidences sans avis"),
    "Abattement par logement abattu (€)",
)
HOME_COLUMNS = (
    *("Année", "Bailleur", "Commune", "Code INSEE", "Quartier", "Code du quartier", "Résidence"),
    *("Code de la résidence", "Adresse", "Motif", "Logements", "Dont abattus", "Dont exonérés"),
    *("Fin d’exonération", "Dont vacants avant démolition", "Projet NPNRU"),
    *("Valeur locative cadastrale (€)", "Taux (%)", "Abattement estimé (€)", "Estimé le"),
    *("D’après", "Abattement réel (€)", "Avis du", "Avis d’imposition"),
)
DECLARED = (
    *("Année d’imposition", "Propriétaire", "SIREN", "Commune", "Code INSEE", "QPV"),
    *("Code du QPV", "Résidence", "Adresse", "Logements", "Logements à abattre", "Motif"),
    *("Dont exonérés", "Fin d’exonération", "Dont vacants avant démolition"),
)


def place_rows(places: list[PlaceSum]) -> Iterator[list[Any]]:
    """The rows under PLACE_COLUMNS."""
    for one in places:
        found = one.sum
        yield [
            one.tax_year, one.landlord, one.siren, one.commune, one.commune_code, one.quartier,
            one.quartier_code, found.residences, found.dwellings, found.abated, found.exempt,
            found.exempt_from, found.exempt_until, found.vacant, found.npnru, found.estimate,
            found.estimated_on, found.estimate_source, found.unestimated, found.real, found.real_on,
            found.real_source, found.unnoticed, found.per_dwelling,
        ]  # fmt: skip


def home_rows(rows: Any) -> Iterator[list[Any]]:
    """The rows under HOME_COLUMNS; they can be read in again unchanged."""
    for one in rows.iterator(chunk_size=500):
        yield [
            one.tax_year, one.landlord.name, one.commune.name, one.commune.code, one.quartier.name,
            one.quartier.code, one.residence.name, one.residence.code, one.residence.address,
            reasons().get(one.reason, one.reason), one.total, one.abated, one.exempt,
            one.exempt_until, one.vacant, one.npnru, one.rental_value, one.rate, one.estimate,
            one.estimated_on, one.estimate_source, one.real, one.real_on, one.real_source,
        ]  # fmt: skip


def declared_rows(rows: Any) -> Iterator[list[Any]]:
    """The residences with abated dwellings, under DECLARED."""
    for one in rows.filter(abated__gt=0).iterator(chunk_size=500):
        yield [
            one.tax_year, one.landlord.name, one.landlord.siren or "", one.commune.name,
            one.commune.code, one.quartier.name, one.quartier.code, one.residence.name,
            one.residence.address, one.total, one.abated, reasons().get(one.reason, one.reason),
            one.exempt, one.exempt_until, one.vacant,
        ]  # fmt: skip


def _shown(request: HttpRequest) -> tuple[StockFilters, Any]:
    """The rows that the page shows under the same filters, all pages of it."""
    actor = actor_of(request)
    filters = StockFilters(request.GET, actor=actor)
    rows = filters.cut(Dwellings.objects.visible_to(actor))
    return filters, rows


@require_safe
def export(request: HttpRequest, what: str, form: str) -> HttpResponseBase:
    """What the page shows, as a table: `what` is by place or by residence."""
    if form not in MAKERS or what not in ("quartiers", "residences"):
        raise Http404
    filters, rows = _shown(request)
    name = f"patrimoine-{what}-{filters.year or 'toutes-annees'}"
    answer: HttpResponseBase
    if what == "quartiers":
        answer = MAKERS[form](name, PLACE_COLUMNS, place_rows(sums_by_place(rows)))
    else:
        homes = in_order(HOME.filter(pk__in=rows.values("pk")))
        answer = MAKERS[form](name, HOME_COLUMNS, home_rows(homes))
    return answer


@require_safe
def declaration(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list of dwellings that goes with the declaration to the tax office."""
    if form not in MAKERS:
        raise Http404
    filters, rows = _shown(request)
    homes = in_order(HOME.filter(pk__in=rows.values("pk")))
    name = f"declaration-logements-{filters.year or 'toutes-annees'}"
    answer: HttpResponseBase = MAKERS[form](name, DECLARED, declared_rows(homes))
    return answer
