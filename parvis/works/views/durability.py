"""How delivered places last: the overview, the checks of one place, one check and its follow-up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.thread.reading import events_of, thread_of
from parvis.thread.register import makings
from parvis.works.acts import durability as acts
from parvis.works.handover_forms import CheckForm, FollowUpForm
from parvis.works.handover_models import Delivery, DurabilityCheck
from parvis.works.views.deliveries import (
    METHODS,
    add_errors,
    fetch_delivery,
    form_page,
    there,
    trail,
)

ROWS = DurabilityCheck.objects.select_related(
    "by",
    "delivery__operation__project",
    "delivery__operation__owner",
    "delivery__taker",
    "delivery__ground",
    "delivery__residence",
).defer("delivery__residence__outline")
SHOWN = 200


def fetch_check(request: HttpRequest, pk: int, action: str = "see") -> DurabilityCheck:
    """The check, with the right to do that on it."""
    found: DurabilityCheck = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every delivered place and its next check, late ones first."""
    actor, today = actor_of(request), timezone.localdate()
    seen = DurabilityCheck.objects.visible_to(actor)
    todo = seen.filter(delivery=OuterRef("pk"), done_on=None).order_by("due_on")
    last = seen.filter(delivery=OuterRef("pk"), done_on__isnull=False).order_by("-year")
    bad = acts.unanswered(seen.filter(delivery=OuterRef("pk")))
    rows = (
        Delivery.objects.allowed(actor, "follow")
        .filter(delivered_on__isnull=False)
        .select_related("taker", "operation__project")
        .annotate(
            next_on=Subquery(todo.values("due_on")[:1]),
            next_pk=Subquery(todo.values("pk")[:1]),
            next_year=Subquery(todo.values("year")[:1]),
            last_condition=Subquery(last.values("condition")[:1]),
            last_use=Subquery(last.values("use")[:1]),
            bad_pk=Subquery(bad.order_by("-year").values("pk")[:1]),
        )
        .order_by(F("next_on").asc(nulls_last=True), "title", "pk")
    )
    found = list(rows[: SHOWN + 1])
    context = {
        "rows": [_line(one, today) for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "late": sum(bool(one.next_on and one.next_on < today) for one in found[:SHOWN]),
        "crumbs": trail(("Dans la durée", "")),
    }
    return render(request, "works/durability.html", context)


def _line(delivery: Any, today: Any) -> dict[str, Any]:
    last = DurabilityCheck(condition=delivery.last_condition or "", use=delivery.last_use or "")
    coming = DurabilityCheck(year=delivery.next_year or 0)
    return {
        "delivery": delivery,
        "late": bool(delivery.next_on and delivery.next_on < today),
        "age": coming.age_label if delivery.next_year else "",
        "last": last if delivery.last_condition else None,
    }


@require_safe
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """All the checks of one place, side by side."""
    actor = actor_of(request)
    found = fetch_delivery(request, pk, "follow")
    rows = list(found.checks.select_related("by").order_by("year"))
    pending = {one.pk for one in acts.unanswered(found.checks.all())}
    may = Delivery.objects.allowed(actor, "check").filter(pk=pk).exists()
    today = timezone.localdate()
    context = {
        "delivery": found,
        "rows": [
            {
                "check": one,
                "late": one.done_on is None and one.due_on < today,
                "pending": one.pk in pending,
                **money(one, found),
            }
            for one in rows
        ],
        "may_check": may,
        "today": today,
        "crumbs": trail((found.title, there(found)), ("Dans la durée", "")),
    }
    return render(request, "works/checks.html", context)


def money(check: DurabilityCheck, delivery: Delivery) -> dict[str, Any]:
    """What upkeep really costs beside what was planned: the difference, signed, and the ratio."""
    planned, cost = delivery.planned_upkeep, check.cost
    if planned is None or cost is None:
        return {"difference": None, "dearer": False, "ratio": None}
    difference: Decimal = cost - planned
    ratio = round(100 * cost / planned) if planned else None
    return {"difference": difference, "dearer": difference > 0, "ratio": ratio}


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: what was seen, what it cost, what came of it."""
    actor, found = actor_of(request), fetch_check(request, pk)
    delivery = found.delivery
    may = DurabilityCheck.objects.allowed(actor, "make").filter(pk=pk).exists()
    before = delivery.checks.filter(done_on__isnull=False, year__lt=found.year)
    pending = found.worsened and acts.unanswered(DurabilityCheck.objects.filter(pk=pk)).exists()
    heading = f"Vérification à {found.age_label}"
    context = {
        "check": found,
        "delivery": delivery,
        "heading": heading,
        "before": before.order_by("-year").first(),
        "late": found.done_on is None and found.due_on < timezone.localdate(),
        "pending": pending,
        "may_make": may,
        "may_act": may and pending and bool(makings(actor, acts.KIND)),
        "homes": acts.homes_of(delivery),
        "thread": thread_of(actor, acts.KIND, pk, seen=True),
        "events": events_of(actor, acts.KIND, pk, seen=True),
        "crumbs": trail(
            (delivery.title, there(delivery)),
            ("Dans la durée", reverse("works:checks", args=[delivery.pk])),
            (heading, ""),
        ),
        **money(found, delivery),
    }
    return render(request, "works/check.html", context)


@require_http_methods(METHODS)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was seen, or correct it."""
    actor, found = actor_of(request), fetch_check(request, pk, "make")
    initial = CheckForm.initial_of(found)
    lead = ""
    if found.done_on is None:
        reported = acts.reports_since(actor, found.delivery)
        initial |= {"done_on": timezone.localdate(), "reports": reported}
        homes = ", ".join(acts.homes_of(found.delivery).values())
        if reported is not None:
            lead = f"Les signalements sont ceux que Parvis connaît à cet endroit ({homes})."
    form = CheckForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            made = acts.make_check(found, actor=actor, by=by, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            if made.worsened:
                messages.warning(request, "Ce lieu s’est dégradé : dites quelle suite y donner.")
            else:
                messages.success(request, "Vérification enregistrée.")
            return redirect("works:check", pk)
    heading = f"Vérification à {found.age_label}"
    back = reverse("works:check", args=[pk])
    return form_page(
        request, found.delivery, form, heading, "Enregistrer la vérification", lead=lead, back=back
    )


@require_http_methods(METHODS)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Make something of a check that got worse, on the spot."""
    actor, found = actor_of(request), fetch_check(request, pk, "make")
    delivery, offered = found.delivery, makings(actor, acts.KIND)
    back = reverse("works:check", args=[pk])
    if not offered:
        words = "Vous n’animez aucun plan d’actions : proposez ce point à une réunion."
        messages.error(request, words)
        return redirect("works:check", pk)
    initial = {
        "making": offered[0].code,
        "title": f"Remettre en état : {delivery.title}",
        "organisation": delivery.taker_id,
    }
    form = FollowUpForm(
        request.POST or None, actor=actor, offered=offered, delivery=delivery, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.act_on(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "C’est fait : la suite est sur le fil.")
            return redirect("works:check", pk)
    return form_page(
        request,
        delivery,
        form,
        "Donner une suite",
        "Créer",
        lead=f"{delivery.title}, à {found.age_label} : {found.condition_label}, {found.use_label}.",
        back=back,
    )
