"""Conventions: public pages, and the form of the coordination."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from parvis.partners.actors import ActorRequest
from parvis.partners.agreement_forms import AgreementForm, objectives, signatures
from parvis.partners.models import Agreement, Objective
from parvis.partners.rights import fetch

PAGE = 50


@require_GET
def agreements(request: ActorRequest) -> HttpResponse:
    """Every convention, avenants under the one they amend, fifty at a time."""
    rows = (
        Agreement.objects.visible_to(request.actor)
        .filter(amends=None)
        .prefetch_related("avenants", "communes")
        .order_by("code")
    )
    after = request.GET.get("apres", "").replace("\0", "")
    if after:
        rows = rows.filter(code__gt=after)
    page = list(rows[: PAGE + 1])
    context = {
        "agreements": page[:PAGE],
        "next_url": f"?{urlencode({'apres': page[PAGE - 1].code})}" if len(page) > PAGE else "",
        "first_url": reverse("partners:agreements") if after else "",
        "may_create": request.actor.role == "coordination",
    }
    return render(request, "partners/agreements.html", context)


@require_GET
def agreement(request: ActorRequest, code: str) -> HttpResponse:
    """One convention: dates, places, signatories, objectives by pillar, avenants."""
    rows = Agreement.objects.select_related("amends").prefetch_related(
        "communes", "quartiers", "avenants", "objectives"
    )
    shown = fetch(rows, request.actor, code=code)
    editable = Agreement.objects.allowed(request.actor, "edit").filter(pk=shown.pk)
    context = {
        "agreement": shown,
        "signatures": shown.signatures.select_related("organisation")
        .prefetch_related("organisation__past_names")
        .order_by("organisation__name", "pk"),
        "pillars": [
            (pillar, list(rows))
            for pillar, rows in groupby(shown.objectives.all(), lambda objective: objective.pillar)
        ],
        "may_edit": request.actor.is_partner and editable.exists(),
    }
    return render(request, "partners/agreement.html", context)


@require_http_methods(["GET", "POST"])
def create_agreement(request: ActorRequest) -> HttpResponse:
    """Write a new convention, or an avenant of the one named in the address."""
    amended = None
    if code := request.GET.get("modifie", "").replace("\0", ""):
        amended = fetch(Agreement.objects.all(), request.actor, "edit", code=code)
    initial = {
        "amends": amended,
        "title": f"Avenant – {amended.title}"[:200] if amended else "",
        "generation": amended.generation if amended else None,
        "communes": list(amended.communes.all()) if amended else [],
        "quartiers": list(amended.quartiers.all()) if amended else [],
    }
    return _write(request, Agreement(kind=amended.kind) if amended else Agreement(), initial)


@require_http_methods(["GET", "POST"])
def edit_agreement(request: ActorRequest, code: str) -> HttpResponse:
    """Correct a convention, its signatories, its objectives."""
    return _write(request, fetch(Agreement.objects.all(), request.actor, "edit", code=code), None)


def _write(
    request: ActorRequest, written: Agreement, initial: dict[str, Any] | None
) -> HttpResponse:
    data, code = request.POST or None, written.code
    form = AgreementForm(request.actor, data, instance=written, initial=initial)
    rows = [signatures(data, instance=written), objectives(data, instance=written)]
    if request.method == "POST" and _all_valid(form, *rows):
        with transaction.atomic():
            saved = form.save()
            for formset in rows:
                formset.instance = saved
                formset.save()
            _number(saved)
        messages.success(request, "La convention est enregistrée.")
        return redirect("partners:agreement", code=saved.code)
    context = {
        "form": form,
        "signatures": rows[0],
        "objectives": rows[1],
        "agreement": written if written.pk else None,
        "agreement_code": code,  # the one in the address, not the one being typed
    }
    return render(request, "partners/agreement_form.html", context)


def _all_valid(*parts: Any) -> bool:
    """Whether every part is valid; each one is asked, so that all faults show at once."""
    return [part.is_valid() for part in parts].count(False) == 0


def _number(agreement: Agreement) -> None:
    """Objectives stand by pillar, in the order in which their pillar first came."""
    rows = list(agreement.objectives.order_by("position", "pk"))
    rows.sort(key=lambda row: row.position == 0)  # new ones come last
    pillars = list(dict.fromkeys(row.pillar for row in rows))
    rows.sort(key=lambda row: pillars.index(row.pillar))
    for position, row in enumerate(rows, start=1):
        row.position = position
    Objective.objects.bulk_update(rows, ["position"])
