"""Writing the stock: one residence at a time, or from a table that is read before it is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.stock_forms import DwellingsForm, StockFileForm, StockFilters, this_year
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_reading import Reading, read_table, write_records
from parvis.tfpb.stock_tables import HOME_COLUMNS
from parvis.tfpb.stock_taking import take_stock
from parvis.tfpb.stock_views import HOME, crumbs, may_write
from parvis.tfpb.stock_writing import (
    add_dwellings,
    change_dwellings,
    estimate_again,
    ground_of,
    seal,
)
from parvis.ui.words import counted

SALT = "parvis.tfpb.stock"
AN_HOUR = 3600  # seconds for which what was read may be confirmed
SHOWN = 100


def put_errors(form: Any, wrong: ValidationError) -> None:
    """Show what an act refused beside its field, or above the form."""
    if not hasattr(wrong, "error_dict"):
        form.add_error(None, wrong.messages)
        return
    for name, words in wrong.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


def _done(request: HttpRequest, row: Dwellings) -> HttpResponse:
    messages.success(request, f"« {row.residence} » est enregistrée pour {row.tax_year}.")
    if row.rental_value is not None and row.estimate is None:
        messages.warning(
            request,
            f"Aucun taux n’est connu à {row.commune} pour {row.tax_year} : l’abattement n’est "
            "pas estimé. Demandez-le à la coordination, puis refaites l’estimation.",
        )
    return redirect("tfpb:stock_home", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write the dwellings of a residence for a tax year."""
    actor = actor_of(request)
    ground = ground_of(actor)
    initial = {"tax_year": this_year(), "residence": request.GET.get("residence")}
    form = DwellingsForm(request.POST or None, ground=ground, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = add_dwellings(
                actor, data["residence"], data["quartier"], data["tax_year"], form.given()
            )
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            return _done(request, row)
    context = {
        "form": form,
        "heading": "Écrire une résidence",
        "action": "Enregistrer la résidence",
        "empty": not ground.residences,
        "crumbs": crumbs(("Écrire une résidence", "")),
        "back": reverse("tfpb:stock"),
    }
    return render(request, "tfpb/stock_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the dwellings of a residence for a tax year."""
    actor = actor_of(request)
    row: Dwellings = rights.fetch(HOME, actor, "edit", pk=pk)
    initial = DwellingsForm.initial_of(row, seal(row))
    posted = request.POST.copy() if request.method == "POST" else None
    form = DwellingsForm(posted, ground=ground_of(actor), row=row, initial=initial)
    if posted is not None and form.is_valid():
        try:
            changed = change_dwellings(row, form.given(), read=form.cleaned_data["seal"])
        except ValidationError as wrong:
            put_errors(form, wrong)
            # What stands now was shown: saved once more, the form holds.
            posted["seal"] = seal(Dwellings.objects.get(pk=pk))
        else:
            return _done(request, changed)
    name = f"{row.residence}, {row.tax_year}"
    back = reverse("tfpb:stock_home", args=[pk])
    context = {
        "form": form,
        "row": row,
        "heading": f"Modifier {name}",
        "action": "Enregistrer les changements",
        "empty": False,
        "crumbs": crumbs((name, back), ("Modifier", "")),
        "back": back,
    }
    return render(request, "tfpb/stock_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row written by mistake out of the stock; asked first, for it cannot be undone."""
    row: Dwellings = rights.fetch(HOME, actor_of(request), "edit", pk=pk)
    name = f"{row.residence}, {row.tax_year}"
    if request.method == "POST":
        row.delete()
        messages.success(request, f"La ligne « {name} » est retirée du patrimoine.")
        return redirect("tfpb:stock")
    trail = crumbs((name, reverse("tfpb:stock_home", args=[pk])), ("Retirer", ""))
    return render(request, "tfpb/stock_drop.html", {"row": row, "crumbs": trail})


@require_POST
def estimate(request: HttpRequest) -> HttpResponse:
    """Estimate again the shown rows of one's own, with the rates that are known now."""
    actor = actor_of(request)
    filters = StockFilters(request.GET, actor=actor)
    done = estimate_again(filters.cut(Dwellings.objects.allowed(actor, "edit")))
    rows = counted(done.rows, "estimation refaite", "estimations refaites")
    messages.success(request, f"{rows} avec les taux connus aujourd’hui.")
    if done.missing:
        lacking = ", ".join(f"{commune} {year}" for commune, year in done.missing)
        messages.warning(request, f"Taux non connus : {lacking}.")
    query = request.GET.urlencode()
    return redirect(f"{reverse('tfpb:stock')}{'?' if query else ''}{query}")


@require_http_methods(["GET", "HEAD", "POST"])
def read_file(request: HttpRequest) -> HttpResponse:
    """Read a table: what it would change is shown first, and written once the person agrees."""
    actor = actor_of(request)
    reading: Reading | None = None
    form = StockFileForm()
    sealed = request.POST.get("lignes", "")
    if sealed:
        try:
            records = signing.loads(sealed, salt=_salt(actor.mandate_id), max_age=AN_HOUR)
        except signing.BadSignature:
            messages.error(
                request, "Cette lecture a expiré, rien n’est importé : redonnez le fichier."
            )
            return redirect("tfpb:stock_import")
        reading = write_records(actor, [(number, record) for number, record in records])
        if not reading.faults:
            messages.success(request, f"Le tableau est importé : {reading.words}")
            return redirect("tfpb:stock")
    elif request.method == "POST":
        form = StockFileForm(request.POST, request.FILES)
        if form.is_valid():
            reading = read_table(actor, form.cleaned_data["file"])
    agreed = reading is not None and not reading.faults and reading.changes
    context = {
        "form": form,
        "reading": reading,
        "changes": reading.changes[:SHOWN] if reading else [],
        "sealed": signing.dumps(reading.records, salt=_salt(actor.mandate_id), compress=True)
        if agreed and reading
        else "",
        "columns": HOME_COLUMNS,
        "may_write": may_write(actor),
        "crumbs": crumbs(("Importer un tableau", "")),
    }
    return render(request, "tfpb/stock_import.html", context)


def _salt(mandate: int | None) -> str:
    """What one person reads, nobody else confirms."""
    return f"{SALT}.{mandate}"


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sums of the stock into the head of a programme."""
    actor = actor_of(request)
    found: Programme = rights.fetch(Programme.objects.all(), actor, "edit", pk=pk)
    try:
        done = take_stock(found, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if done.taken:
            messages.success(request, f"Repris du patrimoine : {', '.join(done.taken)}.")
        for words in done.left:
            messages.warning(request, words)
    return redirect("tfpb:programme_stock", pk)
