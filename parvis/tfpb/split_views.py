"""Sharing a line with another programme or another landlord, and answering what is proposed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb import split_acts as acts
from parvis.tfpb.line_forms import Bearers, SplitForm, part_set
from parvis.tfpb.programme_answers import (
    crumbs,
    fetch_line,
    line_crumb,
    programme_crumb,
    sent_already,
    status_of,
    tell,
)
from parvis.tfpb.programme_forms import writable
from parvis.tfpb.programme_models import Line, Programme, Split
from parvis.tfpb.split_models import SplitPart


class TakeForm(forms.Form):
    """In which programme one's part goes."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="Programme", empty_label="Choisissez"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Share a line out: with another of our programmes, or proposed to another landlord."""
    actor, found = actor_of(request), fetch_line(request, pk, "edit")
    posting = request.method == "POST"
    if not posting and (late := sent_already(request, found.programme)):
        return late
    if found.split is not None and found.split.pilot_id != found.programme.landlord_id:
        messages.error(request, f"{found.split.pilot} répartit cette action.")
        return redirect("tfpb:line", pk)
    bearers = Bearers(actor, found)
    known = _known(found, bearers)
    form = SplitForm(request.POST or None, initial=known["form"])
    parts = part_set(bearers, request.POST or None, known["parts"])
    if posting and all([form.is_valid(), parts.is_valid()]):
        asked = form.cleaned_data
        written = [
            (one["bearer"], one["weight"]) for one in parts.cleaned_data if one.get("bearer")
        ]
        try:
            acts.share_line(
                found,
                bearers.shares(asked["weight"], written),
                title=asked["title"],
                total=asked["total"],
                basis=asked["basis"],
                actor=actor,
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Action partagée : la dépense de chaque part est à jour.")
            return redirect("tfpb:line", pk)
    return render(
        request,
        "tfpb/split.html",
        {
            "line": found,
            "form": form,
            "parts": parts,
            "known": known["rows"],
            "back": reverse("tfpb:line", args=[pk]),
            "crumbs": crumbs(programme_crumb(found.programme), line_crumb(found), ("Partager", "")),
        },
        status=status_of(form),
    )


def _known(line: Line, bearers: Bearers) -> dict[str, Any]:
    """What the forms begin with: the split as it stands, or the line alone."""
    shared = line.split
    if shared is None:
        basis = Split.Basis.PERCENT
        first = {"title": line.title, "total": line.spending, "basis": basis, "weight": 100}
        return {"form": first, "parts": [], "rows": []}
    rows = list(shared.parts.select_related("landlord", "line__programme").order_by("pk"))
    own = next((one for one in rows if one.line_id == line.pk), None)
    parts = []
    for one in rows:
        if one is not own:
            code = f"p{one.line.programme_id}" if one.line else f"b{one.landlord_id}"
            parts.append({"bearer": code, "weight": one.weight})
    form = {
        "title": shared.title,
        "total": shared.total,
        "basis": shared.basis,
        "weight": own.weight if own else None,
    }
    return {"form": form, "parts": parts, "rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
def take_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the part of a shared action that is proposed into one's own programme, or decline."""
    actor = actor_of(request)
    rows = SplitPart.objects.select_related("split__pilot", "landlord", "line")
    part: SplitPart = rights.fetch(rows, actor, "answer", pk=pk)
    programmes = writable(actor, part.split.year).select_related("landlord", "commune", "quartier")
    form = TakeForm(request.POST or None)
    form.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
    if request.method == "POST":
        declined = request.POST.get("do") == "decline"
        if declined or form.is_valid():
            try:
                if declined:
                    acts.decline_part(part)
                    messages.success(request, f"{part.split.pilot} saura que c’est non.")
                    return redirect("tfpb:programmes")
                line = acts.take_part(part, form.cleaned_data["programme"], actor=actor)
            except ValidationError as refused:
                tell(form, refused)
            else:
                messages.success(request, "Votre part est dans votre programme.")
                return redirect("tfpb:line", line.pk)
    return render(
        request,
        "tfpb/split_part.html",
        {
            "part": part,
            "form": form,
            "programmes": programmes.exists(),
            "back": reverse("tfpb:programmes"),
            "crumbs": crumbs(("Action partagée", "")),
        },
        status=status_of(form),
    )
