"""Programmes, bilans and tables of droit commun taken away as workbooks, and read from them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.tables import book_response
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.rights import Refused
from parvis.places.importing.outcome import FileRefused
from parvis.tfpb.bilan_reading import bilan_open_to
from parvis.tfpb.programme_answers import crumbs, programme_crumb
from parvis.tfpb.programme_models import Programme, UsualMeans
from parvis.tfpb.table_forms import FORMATS, ManyForm, UploadForm
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling import keeping, saving
from parvis.tfpb.tabling.choosing import model_named, plan_from
from parvis.tfpb.tabling.grids import grids_of
from parvis.tfpb.tabling.mapping import Mapping, models_for
from parvis.tfpb.tabling.planning import CHANGED, NEW, SAME, Plan, told_changes
from parvis.tfpb.tabling.writing import OUTLINES, PLACES, filename, full, sheets_of
from parvis.tfpb.tabs import tabs_of
from parvis.ui.words import counted

SHOWN_AT_MOST = 200  # changes told one by one
SHEETS_AT_MOST = 100
_IMPORTS = {
    f.PROGRAMME: ("tfpb:import_programme", "edit"),
    f.BILAN: ("tfpb:import_bilan", "spend"),
    f.USUAL_MEANS: ("tfpb:import_usual_means", "edit"),
}
_WHAT = {
    f.PROGRAMME: "Ses lignes : axe, action, calendrier, dépense prévue, valorisation.",
    f.BILAN: "Ce qui a été dépensé et fait, ligne par ligne, à côté de ce qui était prévu.",
    f.USUAL_MEANS: "Ce que le bailleur fait de toute façon, dans les quartiers prioritaires (QPV) "
    "et ailleurs.",
}


def fetch_programme(request: HttpRequest, pk: int, right: str = "see") -> Programme:
    """The programme, with the right to do that on it."""
    rows = Programme.objects.select_related(*PLACES).defer(*OUTLINES)
    found: Programme = rights.fetch(rows, actor_of(request), right, pk=pk)
    return found


def means_for(actor: Actor, programme: Programme) -> Any:
    """The rows of droit commun of that programme's landlord and year that this actor sees."""
    rows = UsualMeans.objects.visible_to(actor)
    return rows.filter(landlord=programme.landlord_id, year=programme.year)


def _alone(programme: Programme) -> Any:
    """That programme, as rows."""
    return Programme.objects.filter(pk=programme.pk)


@require_safe
def tables(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables of a programme: to take away by any model, to read back in."""
    programme, actor = fetch_programme(request, pk, "read"), actor_of(request)
    granted = {
        right: Programme.objects.allowed(actor, right).filter(pk=pk).exists()
        for right in ("edit", "spend")
    }
    documents = []
    for document in f.LABELS:
        name, right = _IMPORTS[document]
        may = granted[right]
        if document == f.USUAL_MEANS and not (may or means_for(actor, programme).exists()):
            continue
        if document == f.BILAN and not bilan_open_to(actor, _alone(programme)).exists():
            continue
        closed = saving.refusal(programme, document) if may else ""
        documents.append(
            {
                "code": document,
                "label": f.LABELS[document],
                "what": _WHAT[document],
                "models": models_for(actor, document),
                "import": reverse(name, args=[pk]) if may and not closed else "",
                "closed": closed.split(" : ")[0] if may else "",
            }
        )
    context = {
        "programme": programme,
        "documents": documents,
        "formats": list(FORMATS),
        "tabs": tabs_of(actor, programme, "tfpb:tables"),
        "crumbs": crumbs(programme_crumb(programme), ("Tableaux", "")),
    }
    return render(request, "tfpb/tables.html", context)


def _asked_model(request: HttpRequest, document: str) -> Mapping:
    models = models_for(actor_of(request), document)
    return model_named(models, request.GET.get("modele", ""))[0]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The document and the format asked for; 404 for one that there is not."""
    document = request.GET.get("document", f.PROGRAMME)
    form = request.GET.get("format", "xlsx")
    if document not in f.LABELS or form not in FORMATS:
        raise Http404
    return document, form


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`?document=&modele=&format=`: one table of a programme as a workbook."""
    programme, actor = fetch_programme(request, pk, "read"), actor_of(request)
    document, form = _asked(request)
    means = means_for(actor, programme)
    if document == f.USUAL_MEANS and not (
        means.exists() or Programme.objects.allowed(actor, "edit").filter(pk=pk).exists()
    ):
        raise Http404
    rows = _alone(programme)
    if document == f.BILAN and not (rows := bilan_open_to(actor, rows)).exists():
        raise Http404
    rows = full(rows)
    sheets = sheets_of(document, rows, _asked_model(request, document), means)
    return book_response(filename(document, programme), form, sheets)


@require_safe
def many(request: HttpRequest) -> HttpResponse:
    """Several programmes, chosen by filters, in one workbook."""
    actor = actor_of(request)
    form = ManyForm(request.GET or {}, actor=actor)
    count = form.rows().count()
    kept = request.GET.copy()
    context = {
        "form": form,
        "count": count,
        "at_most": SHEETS_AT_MOST,
        "kept": kept.urlencode(),
        "formats": list(FORMATS),
        "documents": [
            {"code": code, "label": f.LABELS[code], "models": models_for(actor, code)}
            for code in f.LABELS
        ],
    }
    return render(request, "tfpb/tables_many.html", context)


@require_safe
def export_many(request: HttpRequest) -> HttpResponseBase:
    """The same as one workbook: a sheet for each programme."""
    document, form = _asked(request)
    actor = actor_of(request)
    rows = ManyForm(request.GET, actor=actor).rows()
    if document == f.BILAN:
        rows = bilan_open_to(actor, rows)
    rows = full(rows)[:SHEETS_AT_MOST]
    means = UsualMeans.objects.visible_to(actor)
    sheets = sheets_of(document, rows, _asked_model(request, document), means)
    if not sheets:
        what = "bilan transmis" if document == f.BILAN else "programme"
        messages.error(request, f"Aucun {what} ne répond à ces filtres : élargissez-les.")
        return redirect("tfpb:many_tables")
    return book_response(filename(document, None), form, sheets)


# --- Reading -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def import_programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the lines of a programme from a workbook."""
    return _import(request, pk, f.PROGRAMME)


@require_http_methods(["GET", "HEAD", "POST"])
def import_bilan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what was spent and done from a workbook."""
    return _import(request, pk, f.BILAN)


@require_http_methods(["GET", "HEAD", "POST"])
def import_usual_means(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the table of droit commun of the programme's landlord and year from a workbook."""
    return _import(request, pk, f.USUAL_MEANS)


def _import(request: HttpRequest, pk: int, document: str) -> HttpResponse:
    programme = fetch_programme(request, pk, _IMPORTS[document][1])
    if closed := saving.refusal(programme, document):
        messages.error(request, closed)
        return redirect("tfpb:tables", pk)
    if request.POST.get("jeton"):
        return _save(request, programme, document)
    models = models_for(actor_of(request), document)
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None, models=models
    )
    if posted and form.is_valid():
        upload, model = form.cleaned_data["file"], form.cleaned_data["model"]
        try:
            plan = plan_from(grids_of(upload), model_named(models, model), document, programme)
        except FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            return _preview(request, programme, plan, _keep(request, upload, plan, pk, model))
    return _page(request, programme, document, {"form": form})


def _keep(request: HttpRequest, upload: Any, plan: Plan, pk: int, model: str) -> str:
    if plan.empty and not plan.removable:
        return ""
    return keeping.keep(
        upload,
        person=actor_of(request).user_id,
        purpose=f"{plan.document}:{pk}",
        model=model,
        digest=plan.digest,
    )


def _save(request: HttpRequest, programme: Programme, document: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        upload, told = keeping.opened(
            request.POST["jeton"], person=actor.user_id, purpose=f"{document}:{programme.pk}"
        )
    except keeping.Expired:
        messages.error(
            request,
            "Ce fichier a déjà servi, ou il a été lu il y a plus d’une heure. Rien n’a été "
            "enregistré : donnez-le à nouveau.",
        )
        return redirect(request.path)
    models = model_named(models_for(actor, document), told["model"])
    try:
        plan = saving.save_table(
            programme,
            grids_of(upload),
            models,
            document=document,
            digest=told["digest"],
            removing="retirer" in request.POST,
            actor=actor,
        )
    except saving.Overtaken as overtaken:
        keeping.used(told)
        messages.error(
            request,
            "Quelqu’un a écrit pendant votre lecture. Rien n’a été enregistré : voici ce que le "
            "fichier changerait maintenant.",
        )
        token = _keep(request, upload, overtaken.plan, programme.pk, told["model"])
        return _preview(request, programme, overtaken.plan, token)
    except (Refused, FileRefused) as refused:
        words = refused.message if isinstance(refused, FileRefused) else refused.messages[0]
        messages.error(request, str(words))
        return redirect("tfpb:tables", programme.pk)
    keeping.used(told)
    messages.success(request, f"Enregistré : {_counts(plan)}.")
    return redirect("tfpb:tables", programme.pk)


def _counts(plan: Plan) -> str:
    number = {kind: len(plan.of_kind(kind)) for kind in (NEW, CHANGED, SAME)}
    return ", ".join(
        (
            counted(number[NEW], "ligne nouvelle", "lignes nouvelles"),
            counted(number[CHANGED], "ligne modifiée", "lignes modifiées"),
            counted(number[SAME], "ligne inchangée", "lignes inchangées"),
        )
    )


def _preview(request: HttpRequest, programme: Programme, plan: Plan, token: str) -> HttpResponse:
    """What the file would change, and each cell that is not understood. Nothing is written."""
    moving = [*plan.of_kind(NEW), *plan.of_kind(CHANGED)]
    context = {
        "plan": plan,
        "token": token,
        "counts": _counts(plan),
        "changes": [
            {"change": one, "fields": told_changes(plan, one)} for one in moving[:SHOWN_AT_MOST]
        ],
        "more": max(0, len(moving) - SHOWN_AT_MOST),
        "head": [
            {"field": f.HEAD[code], "before": before, "after": after}
            for code, (before, after) in plan.head.items()
        ],
    }
    models = models_for(actor_of(request), plan.document)
    form = UploadForm(models=models)
    return _page(request, programme, plan.document, {"form": form, **context})


def _page(
    request: HttpRequest, programme: Programme, document: str, more: dict[str, Any]
) -> HttpResponse:
    context = {
        "programme": programme,
        "document": f.LABELS[document],
        "is_bilan": document == f.BILAN,
        "back": reverse("tfpb:tables", args=[programme.pk]),
        "plan": None,
        **more,
    }
    return render(request, "tfpb/table_import.html", context)
