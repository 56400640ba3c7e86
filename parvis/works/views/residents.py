"""What a project owes to residents: steps, maison du projet, consultation of tenants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.works.acts import residents as acts
from parvis.works.models import (
    Operation,
    ProjectHouse,
    RenewalProject,
    ResidentStep,
    TenantConsultation,
)
from parvis.works.project_duties import Duty, duties
from parvis.works.project_resident_forms import ConsultationForm, HouseForm, StepForm
from parvis.works.sorting import choices
from parvis.works.views.projects import fetch_project, form_page, project_crumb, tell


def duty_words(duty: Duty) -> str:
    """Where a step comes from, and how sure that is."""
    words = duty.reference if duty.confirmed else f"{duty.reference}, à confirmer"
    return f"{words}. La date attendue est un usage." if duty.usage else f"{words}."


def fetch_operation(request: HttpRequest, pk: int, action: str = "see") -> Operation:
    """The operation, with the right to do that on it."""
    rows = Operation.objects.select_related("project__carrier", "owner")
    found: Operation = rights.fetch(rows, actor_of(request), action, pk=pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def resident_step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say that a step the project owes to residents was made."""
    found = fetch_project(request, pk, "edit")
    duty = duties().get(code)
    if duty is None or duty.applies != "project":
        raise Http404
    return _step(request, found, duty, None)


@require_http_methods(["GET", "HEAD", "POST"])
def operation_step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say that a step an operation owes to its tenants was made."""
    operation = fetch_operation(request, pk, "edit")
    duty = duties().get(code)
    if duty is None or not duty.concerns(operation):
        raise Http404
    return _step(request, operation.project, duty, operation)


def _step(
    request: HttpRequest, project: RenewalProject, duty: Duty, operation: Operation | None
) -> HttpResponse:
    known = ResidentStep.objects.filter(project=project, operation=operation, code=duty.code)
    step = known.first()
    initial: dict[str, Any] = {"done_on": timezone.localdate()}
    if step is not None:
        initial = {"done_on": step.done_on, "note": step.note}
    form = StepForm(request.POST or None, request.FILES or None, initial=initial)
    trail = [project_crumb(project)]
    if operation is not None:
        trail.append((operation.title, reverse("works:operation", args=[operation.pk])))
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            acts.make_step(
                project, duty.code, actor=actor, operation=operation, **form.cleaned_data
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Étape notée.")
            return redirect(trail[-1][1])
    return form_page(request, form, duty.label, trail, lead=duty_words(duty))


@require_safe
def step_file(request: HttpRequest, pk: int, step: int) -> FileResponse:
    """The document of a step, under the rights of the project."""
    found = fetch_project(request, pk)
    row = get_object_or_404(ResidentStep.objects.exclude(file=""), project=found, pk=step)
    duty = duties().get(row.code)
    return file_response(row.file, duty.label if duty else row.code)


@require_http_methods(["GET", "HEAD", "POST"])
def new_house(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a maison du projet or an itinerant stop."""
    return _house(request, fetch_project(request, pk, "edit"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_house(request: HttpRequest, pk: int, house: int) -> HttpResponse:
    """Change it, or close it."""
    found = fetch_project(request, pk, "edit")
    return _house(request, found, get_object_or_404(ProjectHouse, project=found, pk=house))


def _house(request: HttpRequest, found: RenewalProject, house: ProjectHouse | None) -> HttpResponse:
    names = list(HouseForm.base_fields)
    initial = {name: getattr(house, name) for name in names} if house else {}
    form = HouseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_house(found, house, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Maison du projet enregistrée.")
            return redirect("works:project", found.pk)
    heading = "Modifier la maison du projet" if house else "Ajouter une maison du projet"
    return form_page(request, form, heading, [project_crumb(found)])


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, pk: int, subject: str) -> HttpResponse:
    """Write how tenants are consulted about a subject."""
    operation = fetch_operation(request, pk, "edit")
    if subject not in choices("consultation"):
        raise Http404
    known = operation.consultations.filter(subject=subject).first()
    names = [name for name in ConsultationForm.base_fields if name != "upload"]
    initial = {name: getattr(known, name) for name in names if name != "meeting"} if known else {}
    initial["meeting"] = known.meeting_id if known else None
    form = ConsultationForm(
        request.POST or None,
        request.FILES or None,
        actor=actor_of(request),
        operation=operation,
        initial=initial,
    )
    there = reverse("works:operation", args=[pk])
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in names}
        upload = form.cleaned_data["upload"]
        actor = actor_of(request)
        try:
            acts.write_consultation(operation, subject, given, actor=actor, upload=upload)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Concertation enregistrée.")
            return redirect(there)
    trail = [project_crumb(operation.project), (operation.title, there)]
    lead = f"Objet : {choices('consultation')[subject]}."
    return form_page(request, form, "Concertation des locataires", trail, lead=lead)


@require_safe
def balance(request: HttpRequest, pk: int, subject: str) -> FileResponse:
    """The balance of a consultation: for everybody once it was sent, for partners before."""
    operation = fetch_operation(request, pk)
    rows = TenantConsultation.objects.filter(operation=operation, subject=subject)
    found = get_object_or_404(rows.exclude(balance_file=""))
    if found.balance_sent_on is None:
        allowed = Operation.objects.allowed(actor_of(request), "follow")
        if not allowed.filter(pk=operation.pk).exists():
            raise Http404
    return file_response(found.balance_file, f"bilan-{operation.title}")
