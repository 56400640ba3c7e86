"""What is spent during the year: the tab « Dépenses » of a programme, and its forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb import spending_acts as acts
from parvis.tfpb.bilan_models import Bilan, Spending
from parvis.tfpb.programme_answers import crumbs as trail_of
from parvis.tfpb.programme_answers import programme_crumb
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_forms import ExtractForm, SpendingForm, TransferForm
from parvis.tfpb.spending_import import read_extract, sealed, unsealed
from parvis.tfpb.spending_reading import chart_of, money_of
from parvis.tfpb.tabs import tabs_of
from parvis.ui.words import counted, euros_in_words

PROGRAMMES = Programme.objects.select_related("landlord", "commune", "quartier", "convention")
LINES = Line.objects.select_related(
    "programme__landlord", "programme__commune", "programme__quartier"
)
SHOWN = 50  # entries of a page
PREVIEWED = 200  # entries of an extract that are shown before they are kept
both = require_http_methods(["GET", "HEAD", "POST"])


def fetch_programme(request: HttpRequest, pk: int, action: str = "see") -> Programme:
    """The programme, with the right to do that on it."""
    found: Programme = rights.fetch(PROGRAMMES.all(), actor_of(request), action, pk=pk)
    return found


def fetch_line(request: HttpRequest, pk: int, action: str = "see") -> Line:
    """The line, with the right to do that on it."""
    found: Line = rights.fetch(LINES.all(), actor_of(request), action, pk=pk)
    return found


def crumbs(programme: Programme, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page of a programme."""
    return trail_of(programme_crumb(programme), *pairs)


def refuse(form: forms.Form, refused: ValidationError) -> None:
    """Put what an act refused beside its field, or above the form when it has none."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def bilan_of(programme: Programme) -> Bilan | None:
    """Its bilan, when one was begun."""
    found: Bilan | None = Bilan.objects.filter(programme=programme).first()
    return found


@require_safe
def spending(request: HttpRequest, pk: int) -> HttpResponse:
    """Planned, spent and left, line by line and quarter by quarter; then the entries."""
    actor, found = actor_of(request), fetch_programme(request, pk, "track")
    money = money_of(found)
    why = acts.why_closed(found, bilan_of(found))
    choice, rule = acts.transfer_rule(found)
    entries = Spending.objects.filter(line__programme=found).select_related("line")
    after = request.GET.get("apres", "")
    if after.isascii() and after.isdigit():
        entries = entries.filter(pk__lt=int(after))
    some = list(entries.order_by("-pk")[: SHOWN + 1])
    writes = Programme.objects.allowed(actor, "spend").filter(pk=pk).exists()
    return render(
        request,
        "tfpb/spending.html",
        {
            "programme": found,
            "tabs": tabs_of(actor, found, "tfpb:spending"),
            "money": money,
            "chart": chart_of(money),
            "why": why,
            "may_write": writes and not why and bool(money.axes),
            "rule": rule,
            "may_move": choice != "refused",
            "transfers": list(found.transfers.select_related("source", "target")),
            "entries": some[:SHOWN],
            "next_url": f"?apres={some[SHOWN - 1].pk}#ecritures" if len(some) > SHOWN else "",
            "first_url": "?#ecritures" if after else "",
            "crumbs": crumbs(found, ("Dépenses", "")),
        },
    )


def form_page(
    request: HttpRequest, found: Programme, form: forms.Form, **more: Any
) -> HttpResponse:
    """A form of the year, on a page of its own."""
    context = {
        "programme": found,
        "form": form,
        "lead": "",
        "action": "Enregistrer",
        "back": reverse("tfpb:spending", args=[found.pk]),
        "multipart": False,
        "remove_url": "",
        **more,
    }
    context.setdefault("crumbs", crumbs(found, (context["heading"], "")))
    return render(request, "tfpb/bilan_form.html", context)


@both
def new_spending(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a line has cost over a period."""
    found = fetch_programme(request, pk, "spend")
    line = request.GET.get("ligne", "")
    form = SpendingForm(request.POST or None, programme=found, line=line)
    return _write(request, found, form, None, "Saisir une dépense")


@both
def edit_spending(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Correct what was written."""
    found = fetch_programme(request, pk, "spend")
    given = get_object_or_404(Spending.objects.select_related("line"), line__programme=pk, pk=part)
    form = SpendingForm(request.POST or None, programme=found, spending=given)
    return _write(request, found, form, given, "Corriger une dépense")


def _write(
    request: HttpRequest,
    found: Programme,
    form: SpendingForm,
    given: Spending | None,
    heading: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_spending(found, actor=actor_of(request), spending=given, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Dépense enregistrée.")
            return redirect("tfpb:spending", found.pk)
    remove = reverse("tfpb:remove_spending", args=[found.pk, given.pk]) if given else ""
    return form_page(request, found, form, heading=heading, remove_url=remove)


@require_POST
def remove_spending(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """It was written there by mistake."""
    found = fetch_programme(request, pk, "spend")
    given = get_object_or_404(Spending, line__programme=pk, pk=part)
    try:
        acts.remove_spending(found, actor=actor_of(request), spending=given)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Dépense retirée.")
    return redirect("tfpb:spending", pk)


@both
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Move planned money from one line to another."""
    found = fetch_programme(request, pk, "spend")
    choice, rule = acts.transfer_rule(found)
    form = TransferForm(request.POST or None, programme=found, rule=choice)
    if request.method == "POST" and form.is_valid():
        try:
            acts.transfer(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Virement enregistré. Le programme transmis ne change pas.")
            return redirect("tfpb:spending", pk)
    lead = (
        f"Virement en cours d’année : {rule} par la convention. Le programme transmis reste comme "
        "il est ; les tableaux montrent le prévu, les virements, et le prévu après."
    )
    return form_page(request, found, form, heading="Virer d’une ligne à l’autre", lead=lead)


@both
def import_spending(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an accounting extract: first what it says, then, once the person agrees, keep it."""
    actor, found = actor_of(request), fetch_programme(request, pk, "spend")
    if request.method == "POST" and "kept" in request.POST:
        try:
            entries = unsealed(found, request.POST["kept"])
            kept = acts.add_spendings(found, entries, actor=actor)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            words = counted(len(kept), "écriture enregistrée", "écritures enregistrées")
            messages.success(request, f"{words}.")
        return redirect("tfpb:spending", pk)
    form = ExtractForm(request.POST or None, request.FILES or None)
    extract = None
    if request.method == "POST" and form.is_valid():
        extract = read_extract(found, form.cleaned_data["file"])
    context = {
        "programme": found,
        "form": form,
        "why": acts.why_closed(found, bilan_of(found)),
        "extract": extract,
        "shown": extract.entries[:PREVIEWED] if extract else [],
        "total": euros_in_words(extract.total) if extract else "",
        "kept": sealed(found, extract) if extract and extract.entries else "",
        "back": reverse("tfpb:spending", args=[pk]),
        "crumbs": crumbs(
            found, ("Dépenses", reverse("tfpb:spending", args=[pk])), ("Importer", "")
        ),
    }
    return render(request, "tfpb/spending_import.html", context)
