"""The rates of the communes: read by partners, corrected by the coordination."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.places.models import Commune
from parvis.tfpb.law import tax_years
from parvis.tfpb.rates import rates_of, write_rate
from parvis.tfpb.stock_forms import RateForm, this_year
from parvis.tfpb.stock_models import CommuneRate, Dwellings
from parvis.tfpb.stock_views import crumbs
from parvis.tfpb.stock_write_views import put_errors


def asked_year(request: HttpRequest) -> int:
    """The tax year of the page; this one when the address names none that is known."""
    given = request.GET.get("annee", "")
    known = {str(year): year for year in tax_years()}
    return known.get(given, this_year())


def communes_for(actor: Actor) -> Any:
    """The communes of the actor's perimeter, and those where it sees a stock."""
    own = {*actor.communes, *(commune for commune, _ in actor.crossings)}
    stock = Dwellings.objects.visible_to(actor).order_by().values("commune_id")
    return Commune.objects.filter(Q(pk__in=sorted(own)) | Q(pk__in=stock)).defer("outline")


@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of a tax year, commune by commune, with where each comes from."""
    actor, year = actor_of(request), asked_year(request)
    communes = list(communes_for(actor))
    known = rates_of({(one.pk, year) for one in communes})
    writes = actor.role == "coordination" and actor.kind == "agglomeration"
    rows = [
        {
            "commune": one,
            "rate": known.get((one.pk, year)),
            "may_write": writes and one.pk in actor.communes,
        }
        for one in communes
    ]
    context = {
        "year": year,
        "years": list(reversed(tax_years())),
        "rows": rows,
        "missing": sum(row["rate"] is None for row in rows),
        "crumbs": crumbs(("Taux des communes", "")),
    }
    return render(request, "tfpb/rates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write or correct the rate of a commune of one's perimeter."""
    actor, year = actor_of(request), asked_year(request)
    form = RateForm(request.POST or None, actor=actor, initial=_initial(request, actor, year))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            rate = write_rate(
                actor,
                data["commune"],
                data["annee"],
                percent=data["percent"],
                source=data["source"],
            )
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(
                request,
                f"{rate.commune}, {rate.tax_year} : le taux est enregistré. Les estimations "
                "déjà faites gardent le leur jusqu’à ce que le bailleur les refasse.",
            )
            return redirect(f"{reverse('tfpb:rates')}?annee={rate.tax_year}")
    trail = crumbs(("Taux des communes", reverse("tfpb:rates")), ("Écrire un taux", ""))
    return render(request, "tfpb/rate_form.html", {"form": form, "year": year, "crumbs": trail})


def _initial(request: HttpRequest, actor: Actor, year: int) -> dict[str, Any]:
    """What is known of the commune that the address names, when it is the actor's."""
    found: dict[str, Any] = {"annee": year}
    given = request.GET.get("commune", "")
    if given.isascii() and given.isdigit() and len(given) < 19 and int(given) in actor.communes:
        found["commune"] = int(given)
        rate = CommuneRate.objects.filter(commune_id=int(given), tax_year=year).first()
        if rate is not None:
            found |= {"percent": rate.percent, "source": rate.source}
    return found
