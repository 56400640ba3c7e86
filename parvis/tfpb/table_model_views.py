"""Models of tables: ours, and those that an organisation describes from its real file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.places.importing.outcome import FileRefused
from parvis.tfpb.scopes import WRITERS
from parvis.tfpb.table_forms import DescribeForm, NewModelForm
from parvis.tfpb.table_models import TableModel
from parvis.tfpb.tabling import describing, keeping
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.grids import Grid, grids_of
from parvis.tfpb.tabling.mapping import (
    AXES,
    MONEYS,
    PERCENTS,
    WrongMapping,
    mapping_of,
    of_row,
    shipped,
)

_PURPOSE = "model"


def _crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    trail = [("Modèles de tableaux", reverse("tfpb:table_models")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """Our models, and those of one's organisation."""
    actor = actor_of(request)
    context = {
        "shipped": [
            {"label": label, "models": [one for one in shipped() if one.document == code]}
            for code, label in f.LABELS.items()
        ],
        "own": list(TableModel.objects.visible_to(actor)),
        "may_write": actor.role in WRITERS,
    }
    return render(request, "tfpb/table_models.html", context)


@require_safe
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """A model of one's organisation: what it says."""
    actor = actor_of(request)
    found: TableModel = rights.fetch(TableModel.objects.all(), actor, pk=pk)
    mapping = of_row(found)
    context = {
        "model": found,
        "mapping": mapping,
        "columns": [
            {"column": one, "field": f.field_of(mapping.document, one.field)}
            for one in mapping.columns
        ],
        "head": [{"cell": one, "field": f.HEAD[one.field]} for one in mapping.head if one.field],
        "written": [
            ("Un axe s’écrit", AXES[mapping.axis]),
            ("Un pourcentage s’écrit", PERCENTS[mapping.percent]),
            ("Les montants sont", MONEYS[mapping.money]),
            ("Sous-total", mapping.subtotal or "pas de sous-total"),
            ("Total", mapping.total or "pas de total"),
        ],
        "may_edit": TableModel.objects.allowed(actor, "edit").filter(pk=pk).exists(),
        "crumbs": _crumbs((found.name, "")),
    }
    return render(request, "tfpb/table_model.html", context)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a model away; programmes do not depend on it."""
    found: TableModel = rights.fetch(TableModel.objects.all(), actor_of(request), "edit", pk=pk)
    found.delete()
    messages.success(request, f"Modèle « {found.name} » retiré. Aucun programme n’en dépend.")
    return redirect("tfpb:table_models")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Describe a model from a real file: hand the file over, then say what its headings are."""
    if request.POST.get("jeton"):
        return _describe(request)
    posted = request.method == "POST"
    form = NewModelForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            grids = grids_of(given["file"])
        except FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            token = keeping.keep(
                given["file"],
                person=actor_of(request).user_id,
                purpose=_PURPOSE,
                document=given["document"],
            )
            return _first_look(request, token, given["document"], grids, given["name"])
    context = {"form": form, "crumbs": _crumbs(("Nouveau modèle", ""))}
    return render(request, "tfpb/table_model_new.html", context)


def _first_look(
    request: HttpRequest, token: str, document: str, grids: list[Grid], name: str
) -> HttpResponse:
    """The sheet that looks most like such a document, read as it probably is."""
    guesses = [(describing.guess(grid, document), grid) for grid in grids]
    guessed, grid = max(guesses, key=lambda pair: len(pair[0].fields))
    return _page(request, token, _form(document, grids, guessed, grid, name=name), guessed, grid)


def _form(
    document: str,
    grids: list[Grid],
    guessed: describing.Guess,
    grid: Grid,
    data: Any = None,
    **initial: Any,
) -> DescribeForm:
    model = describing.ours(document)[0]
    start = {
        "sheet": str(grids.index(grid)),
        "headings_at": guessed.headings_at,
        "heading_rows": guessed.heading_rows,
        "total": model.total,
        **initial,
    }
    return DescribeForm(
        data, initial=start, document=document, grids=grids, guessed=guessed, grid=grid
    )


def _describe(request: HttpRequest) -> HttpResponse:
    person = actor_of(request).user_id
    try:
        upload, told = keeping.opened(request.POST["jeton"], person=person, purpose=_PURPOSE)
        grids = grids_of(upload)
    except (keeping.Expired, FileRefused):
        messages.error(
            request, "Ce fichier a été lu il y a plus d’une heure : donnez-le à nouveau."
        )
        return redirect("tfpb:new_table_model")
    document, token = told["document"], request.POST["jeton"]
    grid = grids[_number(request, "sheet", 0, len(grids) - 1)]
    row = _number(request, "headings_at", 1, 200)
    rows = _number(request, "heading_rows", 1, 2)
    guessed = describing.Guess(
        row,
        rows,
        describing.guess_fields(grid, document, row, rows),
        describing.guess_head(grid, row),
    )
    if request.POST.get("do") != "save":
        kept = {name: request.POST.get(name, "") for name in ("name", "subtotal", "total")}
        listed = {name: request.POST.get(name, "") for name in ("axis", "percent", "money")}
        form = _form(document, grids, guessed, grid, **kept, **listed)
        return _page(request, token, form, guessed, grid)
    form = _form(document, grids, guessed, grid, data=request.POST)
    if form.is_valid():
        try:
            made = _save(request, form, grid, document)
        except WrongMapping as wrong:
            form.add_error(None, str(wrong))
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            keeping.used(told)
            messages.success(request, "Modèle enregistré : il sert à exporter et à importer.")
            return redirect("tfpb:table_model", made.pk)
    return _page(request, token, form, guessed, grid)


def _number(request: HttpRequest, name: str, least: int, most: int) -> int:
    """A number that the page posted, within its bounds."""
    words = request.POST.get(name, "")
    number = int(words) if words.isascii() and words.isdigit() and len(words) < 6 else least
    return min(max(number, least), most)


def _save(request: HttpRequest, form: DescribeForm, grid: Grid, document: str) -> TableModel:
    """Keep the description for one's organisation; WrongMapping or ValidationError say why not."""
    words = describing.words_of(grid, form.said())
    name = form.cleaned_data["name"]
    mapping = mapping_of(words, code="new", name=name, document=document)
    organisation = Organisation.objects.get(pk=actor_of(request).organisation_id or 0)
    made = TableModel(
        organisation=organisation, name=name, document=document, mapping=mapping.words()
    )
    with transaction.atomic():
        made.validate_constraints()
        made.save()
    return made


def _page(
    request: HttpRequest,
    token: str,
    form: DescribeForm,
    guessed: describing.Guess,
    grid: Grid,
) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "grid": grid,
        "first": describing.first_rows(grid, guessed.headings_at + guessed.heading_rows),
        "headings_at": guessed.headings_at,
        "last_heading": guessed.headings_at + guessed.heading_rows - 1,
        "document": f.LABELS[form.document],
        "crumbs": _crumbs(("Nouveau modèle", "")),
    }
    return render(request, "tfpb/table_model_describe.html", context)
