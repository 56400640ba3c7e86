"""The lists of a draw, who is to be decided by hand, quotas and chances."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import lot_acts, lot_lists
from parvis.councils.answers import number_in
from parvis.councils.draw_models import Draw, ListedPerson, SourceList
from parvis.councils.lot_answers import fetch_draw, put_errors, trail, words_of
from parvis.councils.lot_forms import ColumnsForm, ListForm, RulesForm
from parvis.councils.lot_reading import read_upload
from parvis.councils.lot_tasks import PREPARE, SIFT, begin
from parvis.councils.workflow import DrawState
from parvis.partners.actors import actor_of
from parvis.places.importing.outcome import FileRefused
from parvis.ui.words import counted

BY_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a list, then give its file: it is read, never kept."""
    found = fetch_draw(request, pk, "run")
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            sheet = read_upload(given.pop("file"))
            source = lot_lists.take_list(found, sheet, actor=actor_of(request), **given)
        except FileRefused as refused:
            form.add_error("file", refused.message)
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            return redirect("councils:draw_columns", pk, source.pk)
    context = {
        "form": form,
        "heading": "Ajouter une liste",
        "intro": "La nature, l’origine et la base légale sont publiées avec les règles. Les "
        "personnes de la liste, jamais.",
        "action": "Lire ce tableau",
        "back": reverse("councils:draw", args=[pk]),
        "crumbs": trail(found, ("Ajouter une liste", "")),
    }
    return render(request, "councils/lot_form.html", context)


def _source(draw: Draw, pk: int) -> SourceList:
    source = SourceList.objects.select_related("draw").filter(draw=draw, pk=pk).first()
    if source is None:
        raise Http404
    return source


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int, source: int) -> HttpResponse:
    """Confirm what each column holds; the others are erased."""
    found = fetch_draw(request, pk, "run")
    taken = _source(found, source)
    if taken.confirmed_at is not None:
        messages.info(request, "Les colonnes de cette liste sont déjà confirmées.")
        return redirect("councils:draw", pk)
    form = ColumnsForm(request.POST or None, source=taken)
    if request.method == "POST" and form.is_valid():
        try:
            lot_lists.confirm_columns(taken, form.parts, form.cleaned_data["extra"])
            begin(found, SIFT)
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "Les colonnes sont confirmées. Le tri est lancé.")
            return redirect("councils:draw", pk)
    context = {
        "form": form,
        "heading": "Ce que disent les colonnes",
        "intro": f"{counted(taken.people, 'personne lue', 'personnes lues')}. Vérifiez ce qui a "
        "été deviné d’après le nom des colonnes.",
        "action": "Confirmer",
        "back": reverse("councils:draw", args=[pk]),
        "crumbs": trail(found, ("Colonnes", "")),
    }
    return render(request, "councils/lot_form.html", context)


@require_POST
def drop(request: HttpRequest, pk: int, source: int) -> HttpResponse:
    """Take a list back: its rows are erased."""
    found = fetch_draw(request, pk, "run")
    try:
        lot_lists.drop_list(_source(found, source), actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.success(request, "La liste est retirée et effacée. Relancez le tri.")
    return redirect("councils:draw", pk)


def _begin(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    found = fetch_draw(request, pk, "run")
    try:
        begin(found, what)
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.info(request, "Le calcul est lancé. Vous pouvez quitter cette page.")
    return redirect("councils:draw", pk)


@require_POST
def sift(request: HttpRequest, pk: int) -> HttpResponse:
    """Cross the lists, and tell who may be drawn."""
    return _begin(request, pk, SIFT)


@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute the chances of everybody."""
    return _begin(request, pk, PREPARE)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """People of whom the computer cannot tell whether they may be drawn."""
    actor, found = actor_of(request), fetch_draw(request, pk, "run")
    rows = ListedPerson.objects.visible_to(actor).select_related("source__draw")
    rows = rows.filter(source__draw=found, left_out__in=lot_lists.UNDECIDED)
    if request.method == "POST":
        row = rows.filter(pk=number_in(request.POST.get("row"))).first()
        try:
            if row is None:
                messages.info(request, "Cette personne est déjà décidée.")
            else:
                lot_lists.decide(row, keep=request.POST.get("do") == "keep")
        except ValidationError as wrong:
            messages.error(request, words_of(wrong))
        return redirect("councils:draw_review", pk)
    some = list(rows.order_by("pk")[: BY_PAGE + 1])
    context = {
        "draw": found,
        "rows": [_shown(row) for row in some[:BY_PAGE]],
        "more": len(some) > BY_PAGE,
        "open": found.state == DrawState.PREPARED,
        "crumbs": trail(found, ("À décider", "")),
    }
    return render(request, "councils/lot_review.html", context)


def _shown(row: ListedPerson) -> dict[str, Any]:
    said = lot_lists.told(row.values)
    parts = ("address", "complement", "commune")
    return {
        "pk": row.pk,
        "name": f"{said.get('first_name', '')} {said.get('last_name', '')}".strip(),
        "address": ", ".join(said[code] for code in parts if said.get(code)),
        "age": said.get("birth") or said.get("age", ""),
        "why": lot_lists.REASONS[row.left_out],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Households and quotas, in a form made of the columns of the lists."""
    found = fetch_draw(request, pk, "run")
    form = RulesForm(request.POST or None, draw=found, strata=lot_lists.strata_of(found))
    if request.method == "POST" and form.is_valid():
        household = form.cleaned_data["household"]
        try:
            lot_acts.set_rules(found, household=household, quotas=form.quotas())
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "Les règles sont enregistrées. Calculez les chances.")
            return redirect("councils:draw", pk)
    context = {
        "draw": found,
        "form": form,
        "table": form.rows(),
        "crumbs": trail(found, ("Quotas", "")),
    }
    return render(request, "councils/lot_rules.html", context)
