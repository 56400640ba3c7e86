"""The table of droit commun of a landlord and a year: what it does anyway, in QPV and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.tfpb import usual_acts as acts
from parvis.tfpb.axes import usual_domains
from parvis.tfpb.programme_answers import crumbs, form_page, tell, write
from parvis.tfpb.programme_forms import read_initial
from parvis.tfpb.programme_models import UsualMeans
from parvis.tfpb.programme_views import writes_programmes
from parvis.tfpb.usual_forms import UsualForm

ROWS_AT_MOST = 200


def url_of_year(landlord: int, year: int) -> str:
    """The table of a landlord and a year."""
    return reverse("tfpb:usual", args=[landlord, year])


@require_safe
def usual(request: HttpRequest, landlord: int, year: int) -> HttpResponse:
    """The rows that one may read, by domain, with the gap between QPV and elsewhere."""
    actor = actor_of(request)
    owner = get_object_or_404(Organisation, pk=landlord)
    rows = UsualMeans.objects.visible_to(actor).filter(landlord=landlord, year=year)
    found = list(rows.order_by("domain", "pk")[:ROWS_AT_MOST])
    order = list(usual_domains())
    found.sort(key=lambda row: order.index(row.domain) if row.domain in order else len(order))
    writes = actor.organisation_id == landlord and writes_programmes(request)
    costs = [row for row in found if row.gap is not None]
    return render(
        request,
        "tfpb/usual.html",
        {
            "owner": owner,
            "year": year,
            "rows": [
                {"row": row, "domain": usual_domains().get(row.domain, row.domain)} for row in found
            ],
            "totals": {
                "outside": sum(row.outside_cost for row in costs),
                "inside": sum(row.inside_cost for row in costs),
                "gap": sum(row.gap for row in costs),
            }
            if costs
            else None,
            "writes": writes,
            "before": url_of_year(landlord, year - 1) if year else "",
            "after": url_of_year(landlord, year + 1),
            "crumbs": crumbs((f"Droit commun, {year}", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_usual(request: HttpRequest, year: int) -> HttpResponse:
    """Write a row of one's own table."""
    actor = actor_of(request)
    if not writes_programmes(request):
        messages.error(request, "Un bailleur écrit lui-même son tableau de droit commun.")
        return redirect("tfpb:programmes")
    there = url_of_year(actor.organisation_id or 0, year)
    form = UsualForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = UsualMeans(landlord_id=actor.organisation_id or 0, year=year)
        try:
            acts.put_usual(row, form.record())
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Ligne écrite.")
            return redirect(there)
    return _form(request, form, "Écrire une ligne de droit commun", there, year)


@require_http_methods(["GET", "HEAD", "POST"])
def usual_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Write over a row."""
    row: UsualMeans = rights.fetch(UsualMeans.objects.all(), actor_of(request), "edit", pk=pk)
    there = url_of_year(row.landlord_id, row.year)
    form = UsualForm(request.POST or None, initial=read_initial(acts.usual_record(row), 1))
    if request.method == "POST" and form.is_valid():
        answer = write(
            request,
            form,
            lambda: acts.write_usual(row, form.record(), read=form.was_read()["read"]),
            words=acts.WORDS,
            in_words=_in_words,
            there=there,
            trail=crumbs((f"Droit commun, {row.year}", there), (row.indicator, "")),
        )
        if answer is not None:
            return answer
    return _form(request, form, "Modifier la ligne", there, row.year)


def _in_words(name: str, value: Any) -> str:
    if value in ("", None):
        return "vide"
    return usual_domains().get(value, value) if name == "domain" else str(value)


def _form(
    request: HttpRequest, form: UsualForm, heading: str, there: str, year: int
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        lead="Ce que vous faites de toute façon, en QPV (quartier prioritaire) et ailleurs.",
        button="Enregistrer",
        back=there,
        trail=crumbs((f"Droit commun, {year}", there), (heading, "")),
    )


@require_POST
def copy_usual(request: HttpRequest, year: int) -> HttpResponse:
    """Take last year's rows over into one's own table."""
    actor = actor_of(request)
    if not writes_programmes(request):
        messages.error(request, "Un bailleur écrit lui-même son tableau de droit commun.")
        return redirect("tfpb:programmes")
    landlord = Organisation.objects.get(pk=actor.organisation_id or 0)
    number = acts.copy_last_year(landlord, year)
    if number:
        words = "lignes reprises" if number > 1 else "ligne reprise"
        messages.success(request, f"{number} {words} de {year - 1}.")
    else:
        messages.error(request, f"Il n’y a rien à reprendre de {year - 1}.")
    return redirect(url_of_year(landlord.pk, year))


@require_POST
def remove_usual(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row away."""
    row: UsualMeans = rights.fetch(UsualMeans.objects.all(), actor_of(request), "edit", pk=pk)
    there = url_of_year(row.landlord_id, row.year)
    try:
        acts.remove_usual(row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"Ligne retirée : « {row.indicator} ».")
    return redirect(there)
