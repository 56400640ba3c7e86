"""Bodies of participation: their list, and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.councils.answers import BODIES, actor_of, crumbs, fetch_body
from parvis.councils.regimes import label_of, regime_of
from parvis.councils.tabs import tabs_of


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that one may see, those in activity first."""
    actor = actor_of(request)
    rows = BODIES.visible_to(actor).prefetch_related("quartiers").order_by("closed_on")
    return render(
        request,
        "councils/bodies.html",
        {
            "rows": [
                {"body": one, "form": label_of("form", one.form)}
                for one in rows.order_by("organisation__name", "pk")
            ]
        },
    )


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: what it is, by which rules, on which quartiers."""
    actor = actor_of(request)
    found = fetch_body(request, pk)
    return render(
        request,
        "councils/body.html",
        {
            "body": found,
            "form": label_of("form", found.form),
            "regime": regime_of(found.regime),
            "quartiers": found.quartiers.defer("outline"),
            "tabs": tabs_of(actor, found, "councils:body"),
            "crumbs": crumbs(found),
        },
    )
