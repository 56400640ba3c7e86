"""Pages of the stock: by landlord, commune and quartier, then residence by residence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.tfpb.axes import reasons
from parvis.tfpb.estimating import Estimate, estimate_abatement
from parvis.tfpb.law import Share, share
from parvis.tfpb.programme_answers import crumbs as crumbs_of
from parvis.tfpb.programme_answers import programme_crumb
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.rates import rates_of
from parvis.tfpb.scopes import WRITERS
from parvis.tfpb.stock_forms import StockFilters
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_sums import benchmarks, rows_of, stock_of, sum_of, sums_by_place
from parvis.tfpb.tabs import tabs_of
from parvis.tfpb.workflow import SPENT

PAGE = 50
FORMS = ("xlsx", "ods", "csv")
HOME = Dwellings.objects.select_related("landlord", "residence", "commune", "quartier").defer(
    "residence__outline", "commune__outline", "quartier__outline"
)


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page of the stock."""
    trail = [("Patrimoine concerné", reverse("tfpb:stock")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def may_write(actor: Actor) -> bool:
    """Whether this actor may write the stock of its own organisation."""
    return actor.kind == "bailleur" and actor.role in WRITERS


def kept(request: HttpRequest, **more: str) -> str:
    """The filters of this page, for the address of another one."""
    query = request.GET.copy()
    query.pop("apres", None)
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def pager(request: HttpRequest, after: str) -> dict[str, str]:
    """The addresses of the first page and of the one that follows."""
    first = f"{request.path}?{kept(request)}" if request.GET.get("apres") else ""
    following = f"{request.path}?{kept(request, apres=after)}" if after else ""
    return {"next_url": following, "first_url": first}


@require_safe
def stock(request: HttpRequest) -> HttpResponse:
    """The stock by landlord, commune, quartier and year, with its sums and benchmarks."""
    actor = actor_of(request)
    filters = StockFilters(request.GET, actor=actor)
    rows = filters.cut(Dwellings.objects.visible_to(actor))
    places = sums_by_place(rows)
    keys = [place.key for place in places]
    asked = request.GET.get("apres", "")
    start = keys.index(asked) + 1 if asked in keys else 0
    shown = places[start : start + PAGE]
    more = start + PAGE < len(places)
    return render(
        request,
        "tfpb/stock.html",
        {
            "filters": filters,
            "places": shown,
            "total": sum_of(rows),
            "number": len(places),
            "benchmarks": benchmarks(),
            "may_write": may_write(actor),
            "kept": kept(request),
            "forms": FORMS,
            **pager(request, shown[-1].key if more else ""),
        },
    )


@require_safe
def homes(request: HttpRequest) -> HttpResponse:
    """The stock residence by residence, a page at a time."""
    actor = actor_of(request)
    filters = StockFilters(request.GET, actor=actor)
    rows = filters.cut(Dwellings.objects.visible_to(actor))
    page = in_order(HOME.filter(pk__in=rows.values("pk")))
    asked = request.GET.get("apres", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        key = page.filter(pk=asked).values_list("tax_year", "residence__name").first()
        if key is not None:
            page = page.filter(
                Q(tax_year__lt=key[0])
                | Q(tax_year=key[0], residence__name__gt=key[1])
                | Q(tax_year=key[0], residence__name=key[1], pk__gt=asked)
            )
    found = list(page[: PAGE + 1])
    after = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return render(
        request,
        "tfpb/stock_homes.html",
        {
            "filters": filters,
            "rows": found[:PAGE],
            "total": sum_of(rows),
            "may_write": may_write(actor),
            "kept": kept(request),
            "forms": FORMS,
            "crumbs": crumbs(("Résidence par résidence", "")),
            **pager(request, after),
        },
    )


def in_order(rows: Any) -> Any:
    """The latest year first, then by residence."""
    return rows.order_by(F("tax_year").desc(), "residence__name", "pk")


@require_safe
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """One residence for one year: its dwellings, its estimate step by step, its notice."""
    actor = actor_of(request)
    row: Dwellings = rights.fetch(HOME.prefetch_related("landlord__past_names"), actor, pk=pk)
    rate = rates_of({(row.commune_id, row.tax_year)}).get((row.commune_id, row.tax_year))
    others = in_order(
        Dwellings.objects.visible_to(actor).filter(residence_id=row.residence_id).exclude(pk=pk)
    )
    return render(
        request,
        "tfpb/stock_home.html",
        {
            "row": row,
            "reason": reasons().get(row.reason, row.reason),
            "landlord": row.landlord.name_on(date(row.tax_year, 1, 1)),
            "rate": rate,
            "other_rate": bool(rate and row.rate is not None and row.rate != rate.percent),
            "steps": steps_of(row),
            "gap": None if row.real is None or row.estimate is None else row.real - row.estimate,
            "others": list(others.select_related("landlord")[:20]),
            "may_edit": Dwellings.objects.allowed(actor, "edit").filter(pk=pk).exists(),
            "crumbs": crumbs((f"{row.residence}, {row.tax_year}", "")),
        },
    )


@dataclass(frozen=True)
class Steps:
    """An estimate, and the shares of the law that made it."""

    found: Estimate
    cadastral: Share
    abatement: Share


def steps_of(row: Dwellings) -> Steps | None:
    """How the estimate of a row was made; None when it was given, or is not there."""
    if row.rate is None or row.rental_value is None:
        return None
    return Steps(
        estimate_abatement(row.rental_value, row.rate, tax_year=row.tax_year),
        share("cadastral", row.tax_year),
        share("abatement", row.tax_year),
    )


@dataclass(frozen=True)
class Beside:
    """An amount of a programme's head beside that of its stock, in euros, each with its day."""

    label: str
    head: Decimal | None
    on: date | None
    stock: Decimal | None
    stock_on: date | None
    lacking: int  # residences without that amount

    @property
    def gap(self) -> Decimal | None:
        """The stock less the head; None as long as a residence is missing."""
        if self.head is None or self.stock is None or self.lacking:
            return None
        return self.stock - self.head


@require_safe
def programme_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of a programme beside the sums of its stock."""
    actor = actor_of(request)
    programmes = Programme.objects.select_related("landlord", "commune", "quartier").defer(
        "commune__outline", "quartier__outline"
    )
    found: Programme = rights.fetch(programmes, actor, "track", pk=pk)
    rows = Dwellings.objects.visible_to(actor).filter(pk__in=rows_of(found).values("pk"))
    stock = stock_of(found)
    may_edit = Programme.objects.allowed(actor, "edit").filter(pk=pk).exists()
    return render(
        request,
        "tfpb/programme_stock.html",
        {
            "programme": found,
            "stock": stock,
            "beside": [
                Beside(
                    "Abattement prévisionnel",
                    found.forecast,
                    found.forecast_on,
                    stock.estimate,
                    stock.estimated_on,
                    stock.unestimated,
                ),
                Beside(
                    "Abattement réel",
                    found.real,
                    found.real_on,
                    stock.real,
                    stock.real_on,
                    stock.unnoticed,
                ),
            ],
            "dwellings_gap": None if found.dwellings is None else stock.abated - found.dwellings,
            "rows": list(in_order(HOME.filter(pk__in=rows.values("pk")))[:200]),
            "may_take": may_edit and (found.written or found.state in SPENT),
            "tabs": tabs_of(actor, found, "tfpb:programme_stock"),
            "crumbs": crumbs_of(programme_crumb(found), ("Patrimoine", "")),
        },
    )
