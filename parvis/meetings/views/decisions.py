"""Taking a decision during the sitting, and following it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.meetings import acts
from parvis.meetings.forms import DecisionForm, OutcomeForm
from parvis.meetings.models import AgendaItem, Decision
from parvis.meetings.releve import SIDES
from parvis.meetings.views.sittings import fetch_sitting, trail
from parvis.meetings.workflow import STEPS, steps_from
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.thread.register import makings

ROWS = Decision.objects.select_related("organisation", "item", "sitting__instance__organiser")


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a decision on a point (`?point=`), or beside the agenda."""
    actor, found = actor_of(request), fetch_sitting(request, pk, "hold")
    if found.sent_at is not None or found.gathering.cancelled_at is not None:
        raise Http404
    item = None
    if number := request.GET.get("point", ""):
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Http404
        item = AgendaItem.objects.filter(sitting=found, pk=number).first()
        if item is None:
            raise Http404
    offered = makings(actor, item.thing_kind if item and item.thing else None)
    form = DecisionForm(request.POST or None, actor=actor, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            acts.decide(found, actor=actor, item=item, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Décision enregistrée.")
            return redirect("meetings:sitting", pk)
    back = reverse("meetings:sitting", args=[pk])
    heading = "Décider"
    return render(
        request,
        "meetings/decide.html",
        {
            "form": form,
            "item": item,
            "heading": heading,
            "back": back,
            "crumbs": trail(found, ("Séance", back), (heading, "")),
        },
    )


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: who, what, when, why, and its thread."""
    actor = actor_of(request)
    found: Decision = rights.fetch(ROWS.all(), actor, pk=pk)
    may = {
        action: Decision.objects.allowed(actor, action).filter(pk=pk).exists()
        for action in ("edit", "carry")
    }
    sitting = found.sitting
    back = reverse("meetings:sitting", args=[sitting.pk])
    return render(
        request,
        "meetings/decision.html",
        {
            "decision": found,
            "sitting": sitting,
            "said": [(label, getattr(found, name)) for name, label in SIDES],
            "tone": _tone(found),
            "steps": steps_from(found.state) if may["carry"] else [],
            "may_edit": may["edit"] and sitting.sent_at is None,
            "thread": thread_of(actor, acts.DECISION, pk),
            "events": events_of(actor, acts.DECISION, pk, seen=True),
            "crumbs": trail(sitting, ("Séance", back), ("Décision", "")),
        },
    )


def _tone(decision: Decision) -> str:
    if decision.state == "done":
        return "done"
    return "late" if decision.late else "soon" if decision.state == "to_do" else ""


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a decision until its relevé is sent."""
    actor = actor_of(request)
    found: Decision = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    if found.sitting.sent_at is not None:
        raise Http404
    form = DecisionForm(request.POST or None, actor=actor, initial=DecisionForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_decision(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Décision corrigée.")
            return redirect("meetings:decision", pk)
    back = reverse("meetings:decision", args=[pk])
    return render(
        request,
        "meetings/decide.html",
        {
            "form": form,
            "item": found.item,
            "heading": "Corriger la décision",
            "back": back,
            "crumbs": trail(found.sitting, ("Décision", back), ("Corriger", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say what became of it."""
    actor = actor_of(request)
    found: Decision = rights.fetch(ROWS.all(), actor, "carry", pk=pk)
    step = STEPS.get(code)
    if step is None:
        raise Http404
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.advance_decision(found, code, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "C’est noté.")
            return redirect("meetings:decision", pk)
    back = reverse("meetings:decision", args=[pk])
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "heading": step.label,
            "lead": found.text,
            "action": "Enregistrer",
            "back": back,
            "crumbs": trail(found.sitting, ("Décision", back), (step.label, "")),
        },
    )
