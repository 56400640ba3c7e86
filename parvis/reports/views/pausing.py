"""What an organisation says of its own part: a pause, its number, the firm it called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import acts
from parvis.reports.forms.pausing import NumberForm, PauseForm
from parvis.reports.models import Part
from parvis.reports.views.shared import add_errors, crumbs
from parvis.reports.workflow import Forbidden

PARTS = Part.objects.select_related("report__category", "organisation")


def _part(request: HttpRequest, pk: int) -> Part:
    found: Part = rights.fetch(PARTS.all(), actor_of(request), "handle", pk=pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Days that will not count in the delay of this part."""
    part = _part(request, pk)
    form = PauseForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            acts.pause_part(part, actor=actor_of(request), **form.cleaned_data)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "La part est en pause : son délai s’allonge d’autant.")
            return redirect("reports:report", part.report.reference)
    words = {
        "heading": "Mettre cette part en pause",
        "intro": "Les jours ouvrés de la pause ne comptent pas dans le délai.",
        "action": "Mettre en pause",
    }
    return _page(request, part, form, words)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Days count again from today on."""
    part = _part(request, pk)
    try:
        acts.resume_part(part, actor=actor_of(request))
    except Forbidden as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "La pause est terminée : les jours comptent de nouveau.")
    return redirect("reports:report", part.report.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation's own number for this part, and the firm it called."""
    part = _part(request, pk)
    form = NumberForm(
        request.POST or None, initial={"own_number": part.own_number, "firm": part.firm}
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.number_part(part, actor=actor_of(request), **form.cleaned_data)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "C’est noté sur votre part.")
            return redirect("reports:report", part.report.reference)
    words = {
        "heading": "Numéro et entreprise",
        "intro": "Lus par les partenaires de ce signalement, jamais par le public.",
        "action": "Enregistrer",
    }
    return _page(request, part, form, words)


def _page(
    request: HttpRequest, part: Part, form: forms.Form, words: dict[str, str]
) -> HttpResponse:
    reference = part.report.reference
    context: dict[str, Any] = {
        **words,
        "part": part,
        "report": part.report,
        "form": form,
        "crumbs": crumbs(
            ("Signalements", reverse("reports:list")),
            (reference, reverse("reports:report", args=[reference])),
            (words["heading"], ""),
        ),
    }
    return render(request, "reports/part_form.html", context)
