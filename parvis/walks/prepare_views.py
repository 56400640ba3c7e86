"""Preparing a walk: the list, and one walk with its route and stops."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.partners import rights
from parvis.thread.reading import thread_of
from parvis.walks.answers import WALKS, actor_of, crumbs, fetch_walk
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation
from parvis.walks.plan import plan_of
from parvis.walks.tabs import tabs_of
from parvis.walks.workflow import WALK_LABELS

SHOWN = 60


@require_safe
def walks(request: HttpRequest) -> HttpResponse:
    """The walks that one follows, and those whose account is public."""
    rows = WALKS.visible_to(actor_of(request)).order_by("-gathering__starts_at", "-pk")
    found = list(rows[: SHOWN + 1])
    return render(
        request,
        "walks/walks.html",
        {
            "rows": [(one, WALK_LABELS[one.state]) for one in found[:SHOWN]],
            "more": len(found) > SHOWN,
        },
    )


@require_safe
def walk(request: HttpRequest, pk: int) -> HttpResponse:
    """One walk: why, when, where, and its stops."""
    actor, found = actor_of(request), fetch_walk(request, pk)
    stops = list(found.stops.prefetch_related("checks"))
    return render(
        request,
        "walks/walk.html",
        {
            "walk": found,
            "gathering": found.gathering,
            "state": WALK_LABELS[found.state],
            "stops": stops,
            "plan": plan_of(found, stops),
            "tabs": tabs_of(actor, found, "walks:walk"),
            "crumbs": crumbs(found),
        },
    )


@require_safe
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding, with the thread it is on."""
    actor = actor_of(request)
    rows = Observation.objects.select_related("walk__gathering", "stop", "manager", "responsible")
    found: Observation = rights.fetch(rows, actor, pk=pk)
    return render(
        request,
        "walks/observation.html",
        {
            "observation": found,
            "walk": found.walk,
            "thread": thread_of(actor, OBSERVATION, pk, seen=True),
            "crumbs": crumbs(found.walk, (found.title, "")),
        },
    )
