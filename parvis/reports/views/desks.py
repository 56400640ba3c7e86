"""A landlord says where its tenants turn to for what concerns their dwelling."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import actor_of
from parvis.reports import access
from parvis.reports.forms.desks import DeskForm
from parvis.reports.models import DwellingDesk


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The setting of my organisation, which is a landlord."""
    actor = actor_of(request)
    form = None
    may_edit = any(row.grants(actor, "edit") for row in access.DWELLING_DESK.rows)
    if may_edit and actor.organisation_id is not None:
        rows = DwellingDesk.objects.allowed(actor, "edit")
        mine = rows.first() or DwellingDesk(organisation_id=actor.organisation_id)
        form = DeskForm(request.POST if request.method == "POST" else None, instance=mine)
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, "C’est enregistré.")
            return redirect("reports:desk")
    return render(request, "reports/desk.html", {"form": form})
