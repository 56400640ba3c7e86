"""Instances, and planning their sittings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.meetings import acts
from parvis.meetings.events import SITTING_LABELS
from parvis.meetings.forms import InstanceForm, SittingForm
from parvis.meetings.models import Decision, Instance, Sitting
from parvis.meetings.workflow import DecisionState
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.thread.finding import shown
from parvis.thread.reading import rows_of

SITTINGS_SHOWN = 40
DECISIONS_SHOWN = 60


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of instances down."""
    trail = [("Réunions", reverse("meetings:instances")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


@require_safe
def instances(request: HttpRequest) -> HttpResponse:
    """The instances that one organises or sits in, each with its next date."""
    actor, now = actor_of(request), timezone.now()
    to_come = Q(
        sittings__gathering__ends_at__gte=now, sittings__gathering__cancelled_at__isnull=True
    )
    rows = (
        Instance.objects.visible_to(actor)
        .filter(closed_on=None)
        .select_related("organiser")
        .annotate(
            next_at=Min("sittings__gathering__starts_at", filter=to_come),
            last_at=Max("sittings__gathering__starts_at", filter=~to_come),
            held=Count("sittings", filter=Q(sittings__sent_at__isnull=False)),
        )
        .order_by("next_at", "name")
    )
    return render(
        request,
        "meetings/instances.html",
        {
            "rows": list(rows),
            "may_create": actor.role in ("coordination", "responsable"),
        },
    )


@require_safe
def instance(request: HttpRequest, pk: int) -> HttpResponse:
    """One instance: who sits, its sittings, what it decided and is not done."""
    actor = actor_of(request)
    found: Instance = rights.fetch(Instance.objects.select_related("organiser"), actor, pk=pk)
    sittings = Sitting.objects.visible_to(actor).filter(instance=found)
    sittings = sittings.select_related("gathering").annotate(points=Count("items", distinct=True))
    open_ones = Decision.objects.visible_to(actor).filter(
        sitting__instance=found, state=DecisionState.TO_DO
    )
    may = Instance.objects.allowed(actor, "hold").filter(pk=pk).exists()
    nodes = {found.subject} if found.subject else set()
    return render(
        request,
        "meetings/instance.html",
        {
            "instance": found,
            "quartiers": list(found.quartiers.defer("outline")),
            "steers": [shown(row) for row in rows_of(actor, nodes).values()],
            "seats": list(found.seats.select_related("organisation")),
            "sittings": [
                {"sitting": one, "state": one.state, "words": SITTING_LABELS[one.state]}
                for one in sittings.order_by("-gathering__starts_at")[:SITTINGS_SHOWN]
            ],
            "decisions": list(
                open_ones.select_related("organisation").order_by("due_on", "pk")[:DECISIONS_SHOWN]
            ),
            "may_hold": may,
            "crumbs": crumbs((found.name, "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create an instance for one's organisation."""
    actor = actor_of(request)
    form = InstanceForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        organiser = Organisation.objects.get(pk=actor.organisation_id or 0)
        return _write(request, Instance(organiser=organiser), form, "Créer une instance")
    return _form(request, form, "Créer une instance", reverse("meetings:instances"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an instance, its quartiers and its seats."""
    actor = actor_of(request)
    found: Instance = rights.fetch(Instance.objects.all(), actor, "edit", pk=pk)
    seats = list(found.seats.all())
    names = ("kind", "name", "cadence", "minutes", "approval", "quorum")
    initial: dict[str, Any] = {name: getattr(found, name) for name in names}
    initial["subject"] = ":".join(map(str, found.subject or ()))
    initial["quartiers"] = list(found.quartiers.values_list("pk", flat=True))
    initial["chairs"] = [seat.organisation_id for seat in seats if seat.chair]
    initial["members"] = [seat.organisation_id for seat in seats]
    form = InstanceForm(request.POST or None, actor=actor, initial=initial)
    heading = f"Modifier « {found.name} »"
    if request.method == "POST" and form.is_valid():
        return _write(request, found, form, heading)
    return _form(request, form, heading, reverse("meetings:instance", args=[pk]))


def _write(request: HttpRequest, found: Instance, form: InstanceForm, heading: str) -> HttpResponse:
    try:
        acts.write_instance(found, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _form(request, form, heading, reverse("meetings:instances"))
    messages.success(request, "Instance enregistrée.")
    return redirect("meetings:instance", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the next sitting."""
    actor = actor_of(request)
    found: Instance = rights.fetch(
        Instance.objects.select_related("organiser"), actor, "hold", pk=pk
    )
    form = SittingForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.plan_sitting(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Séance préparée. Écrivez son ordre du jour.")
            return redirect("meetings:agenda", made.pk)
    back = reverse("meetings:instance", args=[pk])
    return _form(request, form, f"Prévoir une séance : {found.name}", back)


def _form(request: HttpRequest, form: Any, heading: str, back: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": "Enregistrer",
        "back": back,
        "crumbs": crumbs((heading, "")),
    }
    return render(request, "meetings/form.html", context)
