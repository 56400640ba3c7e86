"""Preparing a return walk, and what it saw beside what was found before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.rights import Refused
from parvis.walks.answers import WALKS, crumbs, fetch_walk
from parvis.walks.models import Walk
from parvis.walks.practice import severities
from parvis.walks.return_forms import ReturnForm
from parvis.walks.return_reading import Comparison, compare, word_of
from parvis.walks.returning import ahead_of, prepare_return, refuse_too_early
from parvis.walks.tabs import tabs_of

NEW_SHOWN = 300


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a return to a walk that is over: only its date is asked."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    page = reverse("walks:walk", args=[pk])
    try:
        refuse_too_early(found)
    except Refused as refused:
        messages.info(request, " ".join(refused.messages))
        return redirect(page)
    form = ReturnForm(request.POST or None, walk=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_return(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, "Retour préparé : relisez les arrêts, puis invitez.")
            return redirect("walks:walk", made.pk)
    context = {
        "walk": found,
        "form": form,
        "ahead": ahead_of(found, actor),
        "back": page,
        "crumbs": crumbs(found, ("Préparer un retour", "")),
    }
    return render(request, "walks/return_form.html", context)


def _tell(form: ReturnForm, refused: ValidationError) -> None:
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


@require_safe
def compare_walks(request: HttpRequest, pk: int) -> HttpResponse:
    """Each earlier finding with what the return saw of it; everybody reads what was reviewed, once
    the account of the return is public."""
    actor = actor_of(request)
    rows = WALKS.select_related("before__gathering")
    found: Walk = rights.fetch(rows, actor, pk=pk)
    inside = actor.is_partner and Walk.objects.allowed(actor, "follow").filter(pk=pk).exists()
    if not inside and found.published_at is None:
        raise Http404
    told = compare(actor, found, inside=inside) if found.before_id else None
    trail = ("Avant / après", "")
    return render(
        request,
        "walks/compare.html",
        {
            "walk": found,
            "before": found.before,
            "told": told,
            "rows": _rows(told, inside=inside) if told else [],
            "new": _new(told) if told else [],
            "more": len(told.new) > NEW_SHOWN if told else False,
            "inside": inside,
            "tabs": tabs_of(actor, found, "walks:compare"),
            "crumbs": crumbs(found, trail)
            if inside
            else crumbs(None, (found.gathering.title, ""), trail),
        },
    )


def _rows(told: Comparison, *, inside: bool) -> list[dict[str, Any]]:
    """Each line with the words that this reader may read."""
    weights = severities()
    return [
        {
            "row": one,
            "weight": weights.get(one.finding.severity or 0, ""),
            "said": told.words_of(one.finding),
            "answers": [(word_of(answer), answer) for answer in one.answers] if inside else [],
        }
        for one in told.rows
    ]


def _new(told: Comparison) -> list[dict[str, Any]]:
    """What the return noted for the first time."""
    weights = severities()
    return [
        {
            "finding": one,
            "picture": {"after": picture},
            "weight": weights.get(one.severity or 0, ""),
            "said": told.words_of(one),
        }
        for one, picture in told.new[:NEW_SHOWN]
    ]
