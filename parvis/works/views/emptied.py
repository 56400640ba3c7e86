"""A building that is being emptied: dwellings still occupied, upkeep, reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.thread.reading import rows_lying
from parvis.thread.register import Where
from parvis.works.acts import emptied as acts
from parvis.works.models import EmptiedBuilding, Operation
from parvis.works.project_charts import occupancy_chart
from parvis.works.project_reading import url_of
from parvis.works.project_resident_forms import CountForm, EmptiedForm, VisitForm
from parvis.works.sorting import settings
from parvis.works.views.projects import crumbs, form_page, project_crumb, tell
from parvis.works.views.residents import fetch_operation

ROWS = EmptiedBuilding.objects.select_related(
    "operation__project", "operation__owner", "residence", "building", "upkeep_by"
).defer("residence__outline")
TONES = {"kept": "done", "partly": "soon", "unkept": "late"}
SHOWN = 10  # reports


def fetch_emptied(request: HttpRequest, pk: int, action: str = "see") -> EmptiedBuilding:
    """The building, with the right to do that on it."""
    found: EmptiedBuilding = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


def operation_crumb(operation: Operation) -> tuple[str, str]:
    """An operation in the trail."""
    return operation.title, reverse("works:operation", args=[operation.pk])


@require_safe
def emptied(request: HttpRequest, pk: int) -> HttpResponse:
    """One building: who still lives there, how it is kept up, what is reported."""
    return _page(request, fetch_emptied(request, pk))


def _page(request: HttpRequest, found: EmptiedBuilding, **forms: Any) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    may = {
        name: EmptiedBuilding.objects.allowed(actor, name).filter(pk=found.pk).exists()
        for name in ("edit", "visit")
    }
    counts = list(found.counts.all())
    visits = list(found.visits.select_related("by")[:100])
    where = Where(residences=frozenset({found.residence_id}))
    reports = rows_lying(actor, where, ["report"])
    context = {
        "emptied": found,
        "operation": found.operation,
        "may": may,
        "alert": EmptiedBuilding.objects.in_alert(today).filter(pk=found.pk).exists(),
        "days": settings()["visit_days"],
        "last": counts[0] if counts else None,
        "counts": counts,
        "chart": occupancy_chart(counts, found.dwellings),
        "visits": [{"visit": one, "tone": TONES[one.result]} for one in visits],
        "reports": [
            {"title": one.title, "day": one.day, "url": url_of(one.kind, one.id)}
            for one in reports[:SHOWN]
        ],
        "reports_total": len(reports),
        "count_form": forms.get("count") or CountForm(initial={"counted_on": today}),
        "visit_form": forms.get("visit") or VisitForm(initial={"visited_on": today}),
        "crumbs": crumbs(
            project_crumb(found.operation.project),
            operation_crumb(found.operation),
            (str(found), ""),
        ),
    }
    return render(request, "works/emptied.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_emptied(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a building whose tenants are rehoused."""
    return _form(request, fetch_operation(request, pk, "edit"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_emptied(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of it."""
    found = fetch_emptied(request, pk, "edit")
    return _form(request, found.operation, found)


def _form(
    request: HttpRequest, operation: Operation, found: EmptiedBuilding | None
) -> HttpResponse:
    actor = actor_of(request)
    names = list(EmptiedForm.base_fields)
    keys = {"residence", "building", "upkeep_by"}
    initial: dict[str, Any] = {"upkeep_by": operation.owner_id}
    if found is not None:
        initial = {name: getattr(found, f"{name}_id" if name in keys else name) for name in names}
    form = EmptiedForm(
        request.POST or None, actor=actor, operation=operation, emptied=found, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_emptied(operation, found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Immeuble enregistré.")
            return redirect("works:emptied", made.pk)
    trail = [project_crumb(operation.project), operation_crumb(operation)]
    return form_page(request, form, "Immeuble qui se vide", trail)


@require_POST
def count_dwellings(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many dwellings are still occupied."""
    found = fetch_emptied(request, pk, "visit")
    form = CountForm(request.POST)
    if form.is_valid():
        try:
            acts.count_dwellings(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Occupation notée.")
            return redirect("works:emptied", pk)
    return _page(request, found, count=form)


@require_POST
def visit_emptied(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the building was found."""
    actor, found = actor_of(request), fetch_emptied(request, pk, "visit")
    form = VisitForm(request.POST)
    if form.is_valid():
        by = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            acts.visit_emptied(found, actor=actor, by=by, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Visite notée.")
            return redirect("works:emptied", pk)
    return _page(request, found, visit=form)
