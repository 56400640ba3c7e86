"""Moving several programmes at once, on a decision of a COTECH or of a COPIL."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import actor_of
from parvis.tfpb.batch import AT_MOST, BATCH_STEPS, Moved, foreseen, move_programmes
from parvis.tfpb.circuit_acts import INSTANCES
from parvis.tfpb.circuit_events import title
from parvis.tfpb.circuit_forms import BatchFilters, BatchForm
from parvis.tfpb.circuit_views import with_names
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import STEPS, ProgrammeState


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Choose sheets and a step, read what will happen, then move them on one decision."""
    actor = actor_of(request)
    ours = Programme.objects.allowed(actor, "steer").exclude(state=ProgrammeState.CLOSED)
    filters = BatchFilters(request.GET or None, rows=ours, actor=actor)
    asked = filters.asked() if filters.is_bound else {}
    step = STEPS[asked.get("etape", BATCH_STEPS[0].code)]
    rows = filters.cut_down(ours) if asked else ours.none()
    order = ("landlord__name", "quartier__name", "commune__name", "year", "pk")
    chosen = list(with_names(rows).order_by(*order)[: AT_MOST + 1]) if asked else []
    form = BatchForm(request.POST or None, actor=actor, step=step, sitting=asked.get("seance"))
    done = None
    if request.method == "POST" and form.is_valid():
        ids = set(request.POST.getlist("programmes"))
        picked = [one for one in chosen if str(one.pk) in ids]
        if picked:
            done = move_programmes(picked, step.code, actor=actor, **form.cleaned_data)
        else:
            form.add_error(None, "Cochez au moins une fiche à faire avancer.")
    context = {
        "filters": filters,
        "step": step,
        "body": INSTANCES.get(step.needs, ""),
        "target": ProgrammeState(step.target).label,
        "asked": bool(asked),
        "seen": _told(foreseen(chosen[:AT_MOST], step)) if done is None else None,
        "more": len(chosen) > AT_MOST,
        "at_most": AT_MOST,
        "form": form,
        "done": _told(done) if done else None,
        "crumbs": [
            {"label": "Qui bloque quoi", "url": reverse("tfpb:blocking")},
            {"label": "Faire avancer plusieurs fiches", "url": ""},
        ],
    }
    return render(request, "tfpb/batch.html", context)


def _told(moved: Moved) -> dict[str, list[dict[str, Any]]]:
    return {
        "moved": [_row(one) for one in moved.moved],
        "left": [_row(one, why) for one, why in moved.left],
    }


def _row(programme: Programme, why: str = "") -> dict[str, Any]:
    return {
        "pk": programme.pk,
        "title": title(programme),
        "commune": programme.commune.name,
        "state": programme.get_state_display(),
        "forecast": programme.abatement,
        "url": reverse("tfpb:circuit", args=[programme.pk]),
        "why": why,
    }
