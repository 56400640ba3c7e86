"""What was delivered: the public list and page; delivery, réserves and remise en gestion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.files import file_response
from parvis.gatherings.models import Gathering
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.ui.words import NBSP
from parvis.works.acts import handover
from parvis.works.handover_forms import (
    DeliveredForm,
    DeliveryForm,
    HandoverForm,
    ReserveForm,
)
from parvis.works.handover_models import Delivery
from parvis.works.project_access import WRITERS
from parvis.works.sorting import choices

ROWS = Delivery.objects.select_related(
    "operation__project", "operation__owner", "taker", "residence__commune", "ground__manager_after"
).defer("residence__outline", "residence__commune__outline")
SHOWN = 60
METHODS = ["GET", "HEAD", "POST"]


def fetch_delivery(request: HttpRequest, pk: int, action: str = "see") -> Delivery:
    """The delivery, with the right to do that on it."""
    found: Delivery = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


def there(delivery: Delivery) -> str:
    """The address of its page."""
    return reverse("works:delivery", args=[delivery.pk])


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of deliveries down."""
    pairs = [("Lieux livrés", reverse("works:deliveries")), *steps]
    return [{"label": label, "url": url} for label, url in pairs]


def add_errors(form: Any, refused: ValidationError) -> None:
    """Words of an act on the form, on the field when the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


def form_page(
    request: HttpRequest,
    delivery: Delivery | None,
    form: Any,
    heading: str,
    action: str,
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own."""
    back = more.get("back") or (there(delivery) if delivery else reverse("works:deliveries"))
    steps = [(delivery.title, there(delivery))] if delivery else []
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "lead": "",
        "lacks": [],
        "beside": None,
        "crumbs": trail(*steps, (heading, "")),
        **more,
        "back": back,
    }
    return render(request, "works/delivery_form.html", context)


@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was delivered, the newest first; partners also see what is to come."""
    actor, today = actor_of(request), timezone.localdate()
    kind, page = request.GET.get("nature", ""), request.GET.get("page", "")
    rows = ROWS.visible_to(actor)
    if kind in choices("delivery"):
        rows = rows.filter(kind=kind)
    start = SHOWN * (int(page) - 1) if page.isascii() and page.isdigit() and page < "1000" else 0
    delivered = rows.filter(delivered_on__isnull=False).order_by("-delivered_on", "-pk")
    found = list(delivered[max(start, 0) : max(start, 0) + SHOWN + 1])
    coming = []
    if actor.is_partner and not start:
        coming = list(rows.filter(delivered_on=None).order_by("planned_on", "pk")[:SHOWN])
    chosen = f"nature={kind}&" if kind in choices("delivery") else ""
    return render(
        request,
        "works/deliveries.html",
        {
            "rows": found[:SHOWN],
            "coming": coming,
            "kinds": choices("delivery"),
            "kind": kind,
            "today": today,
            "may_plan": actor.role in WRITERS,
            "partner": actor.is_partner,
            "next_url": f"?{chosen}page={start // SHOWN + 2}" if len(found) > SHOWN else "",
            "first_url": f"?{chosen}" if start else "",
        },
    )


@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: for residents what it is, who manages it and how to use it; for partners what
    lacks, what was promised and how it lasts."""
    actor, found = actor_of(request), fetch_delivery(request, pk)
    may = {
        action: actor.is_partner and Delivery.objects.allowed(actor, action).filter(pk=pk).exists()
        for action in ("follow", "edit", "check")
    }
    today = timezone.localdate()
    dated = found.gatherings.filter(
        pk__in=Gathering.objects.visible_to(actor).order_by().values("pk")
    )
    surveys = list(found.surveys.all())
    context: dict[str, Any] = {
        "delivery": found,
        "may": may,
        "today": today,
        "guides": list(found.guides.all()),
        "gatherings": list(dated.order_by("starts_at", "pk")),
        "published": [one for one in surveys if one.published_at],
        "surveys": [{"survey": one, "state": one.state_on(today)} for one in surveys],
        "events": events_of(actor, handover.KIND, pk, seen=True) if may["follow"] else [],
        "thread": thread_of(actor, handover.KIND, pk, seen=True),
        "crumbs": trail((found.title, "")),
    }
    if may["follow"]:
        context |= {
            "reserves": list(found.reserves.order_by("lifted_on", "due_on", "pk")),
            "lacks": [] if found.taken_on else handover.lacking(found),
            "visits": list(found.home_visits.all()),
            "checks": list(found.checks.select_related("by")),
        }
        context["open_reserves"] = [one for one in context["reserves"] if not one.lifted_on]
    return render(request, "works/delivery.html", context)


@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Say what an operation (`?operation=`) is to deliver."""
    actor = actor_of(request)
    initial = {"operation": request.GET.get("operation", ""), "kind": "batiment"}
    form = DeliveryForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = handover.plan_delivery(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Livraison prévue. Notez-la quand elle a lieu.")
            return redirect("works:delivery", made.pk)
    return form_page(request, None, form, "Prévoir une livraison", "Enregistrer")


@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of it."""
    actor, found = actor_of(request), fetch_delivery(request, pk, "edit")
    initial = {name: getattr(found, name) for name in handover.PLANNED}
    initial |= {"residence": found.residence_id, "taker": found.taker_id, "ground": found.ground_id}
    form = DeliveryForm(request.POST or None, actor=actor, delivery=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            handover.write_delivery(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("works:delivery", pk)
    return form_page(request, found, form, "Modifier", "Enregistrer")


@require_http_methods(METHODS)
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """It is delivered, or the day was wrong."""
    found = fetch_delivery(request, pk, "edit")
    initial = {"delivered_on": found.delivered_on or timezone.localdate()}
    form = DeliveredForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            handover.deliver(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(
                request, "Livré. Les enquêtes et les vérifications à venir sont datées."
            )
            return redirect("works:delivery", pk)
    heading = "Corriger le jour de livraison" if found.delivered_on else "Noter la livraison"
    lead = (
        "Les enquêtes auprès des habitants et les vérifications dans la durée sont datées à partir"
        " de ce jour."
    )
    return form_page(request, found, form, heading, "Enregistrer", lead=lead)


@require_http_methods(METHODS)
def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a fault to mend."""
    found = fetch_delivery(request, pk, "edit")
    initial = {"found_on": found.delivered_on or timezone.localdate()}
    form = ReserveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            handover.note_reserve(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Réserve notée.")
            return redirect("works:delivery", pk)
    return form_page(request, found, form, "Noter une réserve", "Noter la réserve")


@require_POST
def lift(request: HttpRequest, pk: int, reserve: int) -> HttpResponse:
    """A fault is mended today, or is there after all."""
    found = fetch_delivery(request, pk, "edit")
    one = get_object_or_404(found.reserves, pk=reserve)
    day = None if one.lifted_on else timezone.localdate()
    handover.lift_reserve(one, actor=actor_of(request), lifted_on=day)
    messages.success(request, "Réserve levée." if day else "Réserve rouverte.")
    return redirect("works:delivery", pk)


@require_http_methods(METHODS)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody manages it from a day on, on the strength of the procès-verbal."""
    found = fetch_delivery(request, pk, "edit")
    form = HandoverForm(
        request.POST or None,
        request.FILES or None,
        initial={"taken_on": found.taken_on or timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            handover.hand_over(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"{found.taker.name} gère ce lieu.")
            return redirect("works:delivery", pk)
    lead = f"{found.taker.name} gérera ce lieu à partir du jour que vous donnez."
    if found.ground is not None and found.ground.applied_at is None:
        space = f"«{NBSP}{found.ground.name}{NBSP}»"
        lead += f" «{NBSP}Qui gère quoi{NBSP}» le dira pour l’espace {space}."
    lacks = [] if found.taken_on else handover.lacking(found)
    return form_page(
        request, found, form, "Remettre en gestion", "Remettre en gestion", lead=lead, lacks=lacks
    )


@require_safe
def minutes(request: HttpRequest, pk: int) -> FileResponse:
    """The procès-verbal, for who follows the delivery."""
    found = fetch_delivery(request, pk, "follow")
    if not found.minutes:
        raise Http404
    return file_response(found.minutes, f"Procès-verbal {found.title}")
