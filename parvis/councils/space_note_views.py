"""Notes of a body, for its members and who animates it; for nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.councils import space_note_acts as acts
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.models import Body, BodyNote
from parvis.councils.space_note_forms import NoteForm
from parvis.councils.space_reading import cut
from parvis.councils.tabs import tabs_of
from parvis.partners import rights
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])
NOTES = BodyNote.objects.select_related("body__organisation", "by")


def _trail(body: Body, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs(body, ("Notes", reverse("councils:notes", args=[body.pk])), *pairs)


@require_safe
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes of a body, those that changed last on top."""
    actor, body = actor_of(request), fetch_body(request, pk, "enter")
    rows = NOTES.visible_to(actor).filter(body=body).defer("text")
    some, pager = cut(request, rows.order_by("-changed_at", "-pk"))
    return render(
        request,
        "councils/space_notes.html",
        {
            "body": body,
            "rows": some,
            "tabs": tabs_of(actor, body, "councils:notes"),
            "crumbs": crumbs(body, ("Notes", "")),
            **pager,
        },
    )


@require_safe
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One note."""
    found = rights.fetch(NOTES, actor_of(request), pk=pk)
    context = {"note": found, "crumbs": _trail(found.body, (found.title, ""))}
    return render(request, "councils/space_note.html", context)


@both
def new_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note."""
    body = fetch_body(request, pk, "enter")
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = acts.write_note(
            body, actor=actor_of(request), title=given["title"], text=given["text"]
        )
        messages.success(request, "Note enregistrée. Seule votre instance la lit.")
        return redirect("councils:note", made.pk)
    back = reverse("councils:notes", args=[body.pk])
    return _form(request, form, "Écrire une note", back, _trail(body, ("Écrire", "")))


@both
def edit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a note; what somebody else wrote meanwhile is shown, never overwritten unseen."""
    found = rights.fetch(NOTES, actor_of(request), "edit", pk=pk)
    initial = {"title": found.title, "text": found.text, "seen": acts.version_of(found)}
    form = NoteForm(request.POST or None, initial=initial)
    other: BodyNote | None = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_note(found, actor=actor_of(request), **form.cleaned_data)
        except acts.ChangedMeanwhile as changed:
            other = changed.fresh
            # What was typed stays; saved again, it replaces the version that is shown beside it.
            form.data = request.POST | {"seen": acts.version_of(other)}
            form.add_error(None, changed)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Note enregistrée.")
            return redirect("councils:note", found.pk)
    here = reverse("councils:note", args=[found.pk])
    trail = _trail(found.body, (found.title, here), ("Modifier", ""))
    return _form(request, form, "Modifier la note", here, trail, other)


def _form(
    request: HttpRequest,
    form: Any,
    heading: str,
    back: str,
    trail: list[dict[str, str]],
    other: BodyNote | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": "Enregistrer",
        "back": back,
        "other": other,
        "crumbs": trail,
    }
    return render(request, "councils/space_form.html", context)
