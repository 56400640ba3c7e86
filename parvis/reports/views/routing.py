"""What each commune wants done with what is reported: here, its own tool, or partners only."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import acts
from parvis.reports.forms.routing import RouteForm
from parvis.reports.models import Route
from parvis.reports.route_access import communes_to_route
from parvis.reports.views.shared import add_errors, crumbs

ROWS = Route.objects.select_related("commune", "category__parent").defer("commune__outline")
TAKEN = "Cette commune a déjà un circuit pour cette catégorie."


@require_safe
def routes(request: HttpRequest) -> HttpResponse:
    """The routes of my communes."""
    rows = (
        ROWS.all()
        .visible_to(actor_of(request))
        .order_by("commune__name", "commune_id", "category__position", "category_id")
    )
    grouped = groupby(rows, key=lambda route: route.commune)
    context = {
        # The general route of a commune first, whatever the database does with empty values.
        "communes": [(one, sorted(found, key=_precise)) for one, found in grouped],
        "may_write": bool(communes_to_route(actor_of(request))),
    }
    return render(request, "reports/routes.html", context)


def _precise(route: Route) -> bool:
    return route.category_id is not None


@require_http_methods(["GET", "HEAD", "POST"])
def new_route(request: HttpRequest) -> HttpResponse:
    """Write a route."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a route, for the reports to come."""
    return _write(request, rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk))


def _write(request: HttpRequest, route: Route | None) -> HttpResponse:
    fields = ("commune", "category", "way", "tool", "email", "url")
    initial: dict[str, Any] = {name: getattr(route, name) for name in fields} if route else {}
    form = RouteForm(request.POST or None, actor=actor_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_route(route, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        except IntegrityError:  # two people at the same instant
            form.add_error(None, TAKEN)
        else:
            messages.success(request, "Circuit enregistré : il vaut pour les signalements à venir.")
            return redirect("reports:routes")
    title = "Modifier le circuit" if route else "Nouveau circuit"
    context = {
        "form": form,
        "route": route,
        "heading": title,
        "crumbs": crumbs(("Circuits", reverse("reports:routes")), (title, "")),
    }
    return render(request, "reports/route_form.html", context)


@require_POST
def remove_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a route away."""
    found: Route = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    acts.remove_route(found)
    messages.success(request, "Circuit retiré : les signalements déjà faits ne changent pas.")
    return redirect("reports:routes")
