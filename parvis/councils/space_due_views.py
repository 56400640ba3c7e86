"""Documents that institutions owe to a body: missing and late ones on top."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import sorting
from parvis.councils import space_due_acts as acts
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.models import Body, DueDocument
from parvis.councils.space_due_forms import DueDocumentForm, GiveForm, ReceivedForm
from parvis.councils.space_events import DUE_DOCUMENT
from parvis.councils.space_reading import cut
from parvis.councils.tabs import tabs_of
from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of

both = require_http_methods(["GET", "HEAD", "POST"])
DOCUMENTS = DueDocument.objects.select_related("body__organisation", "owed_by")


def _may(request: HttpRequest, document: DueDocument, action: str) -> bool:
    rows = DueDocument.objects.allowed(actor_of(request), action)
    return bool(rows.filter(pk=document.pk).exists())


def _line(document: DueDocument) -> dict[str, Any]:
    late = document.received_on is None and document.due_on < timezone.localdate()
    return {
        "document": document,
        "kind": sorting.label_of("due_document", document.kind),
        "tone": "done" if document.received_on else "late" if late else "soon",
        "state": "reçu" if document.received_on else "manquant" if late else "attendu",
        "late": late,
    }


def _trail(document: DueDocument, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    body = document.body
    here = reverse("councils:due_document", args=[document.pk]) if pairs else ""
    listed = reverse("councils:due_documents", args=[body.pk])
    return crumbs(body, ("Documents dus", listed), (document.title, here), *pairs)


@require_safe
def due_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """What is owed to a body, as far as the reader sees it: missing first, then what came."""
    actor, body = actor_of(request), fetch_body(request, pk)
    rows = DOCUMENTS.visible_to(actor).filter(body=body)
    rows = rows.order_by(F("received_on").desc(nulls_first=True), "due_on", "pk")
    some, pager = cut(request, rows)
    return render(
        request,
        "councils/space_dues.html",
        {
            "body": body,
            "rows": [_line(one) for one in some],
            "edits": Body.objects.allowed(actor, "edit").filter(pk=body.pk).exists(),
            "tabs": tabs_of(actor, body, "councils:due_documents"),
            "crumbs": crumbs(body, ("Documents dus", "")),
            **pager,
        },
    )


@require_safe
def due_document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document due, its file once it came."""
    found = rights.fetch(DOCUMENTS, actor_of(request), pk=pk)
    return _page(request, found, GiveForm())


def _page(request: HttpRequest, found: DueDocument, form: GiveForm) -> HttpResponse:
    gives = _may(request, found, "give")
    return render(
        request,
        "councils/space_due.html",
        {
            **_line(found),
            "edits": _may(request, found, "edit"),
            "form": form if gives else None,
            "events": events_of(actor_of(request), DUE_DOCUMENT, found.pk),
            "crumbs": _trail(found),
        },
    )


@both
def new_due_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what an institution owes."""
    body = fetch_body(request, pk, "edit")
    form = DueDocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.expect_document(body, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Document attendu. Qui le doit le voit dans ses échéances.")
            return redirect("councils:due_documents", body.pk)
    back = reverse("councils:due_documents", args=[body.pk])
    heading = "Ajouter un document dû"
    context = {
        "form": form,
        "heading": heading,
        "action": "Ajouter",
        "back": back,
        "crumbs": crumbs(body, ("Documents dus", back), (heading, "")),
    }
    return render(request, "councils/space_form.html", context)


@both
def edit_due_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it, or say that it came another way."""
    found = rights.fetch(DOCUMENTS, actor_of(request), "edit", pk=pk)
    names = ("kind", "title", "owed_by", "due_on", "received_on")
    initial = {name: getattr(found, name) for name in names}
    form = ReceivedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_document(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Document modifié.")
            return redirect("councils:due_document", found.pk)
    context = {
        "form": form,
        "heading": "Modifier le document dû",
        "action": "Enregistrer",
        "back": reverse("councils:due_document", args=[found.pk]),
        "crumbs": _trail(found, ("Modifier", "")),
    }
    return render(request, "councils/space_form.html", context)


@require_POST
def give_due_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it over."""
    found = rights.fetch(DOCUMENTS, actor_of(request), "give", pk=pk)
    form = GiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form)
    acts.give_document(found, form.cleaned_data["file"], actor=actor_of(request))
    messages.success(request, "Document remis. La personne qui anime l’instance est prévenue.")
    return redirect("councils:due_document", found.pk)


@require_safe
def due_document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, under the right of its page."""
    found = rights.fetch(DOCUMENTS, actor_of(request), pk=pk)
    if not found.file:
        raise Http404
    return file_response(found.file, found.title)
