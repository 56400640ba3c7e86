"""The delays that an organisation has itself published."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import acts
from parvis.reports.desk_access import COMMITTERS
from parvis.reports.forms.committing import CommitmentForm
from parvis.reports.models import Commitment
from parvis.reports.views.shared import add_errors


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """What my organisation promises, now and later, then what it promised before."""
    return _page(request, CommitmentForm(initial={"starts_on": timezone.localdate()}))


def _page(request: HttpRequest, form: CommitmentForm, status: int = 200) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    rows = (
        Commitment.objects.visible_to(actor)
        .select_related("category__parent")
        .order_by("category__position", "category__pk", "starts_on")
    )
    running = Q(ends_on=None) | Q(ends_on__gte=today)
    context = {
        "running": list(rows.filter(running)),
        "ended": list(rows.exclude(running)),
        "today": today,
        "form": form,
        "may_edit": actor.role in COMMITTERS,
    }
    return render(request, "reports/commitments.html", context, status=status)


@require_POST
def publish_commitment(request: HttpRequest) -> HttpResponse:
    """From a day on, my organisation answers within so many working days."""
    form = CommitmentForm(request.POST)
    if form.is_valid():
        try:
            acts.publish_commitment(actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Délai publié : il vaut pour les parts à venir.")
            return redirect("reports:commitments")
    return _page(request, form)


@require_POST
def end_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """This delay is promised no longer."""
    found: Commitment = rights.fetch(Commitment.objects.all(), actor_of(request), "edit", pk=pk)
    acts.end_commitment(found)
    messages.success(request, "Ce délai n’est plus promis : celui de la catégorie le remplace.")
    return redirect("reports:commitments")
