"""Preparing a walk: the list, and one walk with its route, its stops, its checklist."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.models import Quartier
from parvis.thread.reading import EventLine, events_of
from parvis.toolbox.content_following import say_it_follows
from parvis.toolbox.sheet_suggesting import suggest
from parvis.walks import planning
from parvis.walks.access import PLANNERS
from parvis.walks.answers import crumbs, fetch_walk, granted_of, with_rights
from parvis.walks.events import WALK
from parvis.walks.models import Stop, Walk
from parvis.walks.plan import plan_of
from parvis.walks.practice import checklist, usual_stops
from parvis.walks.prepare_listing import quartiers_of, walks_page
from parvis.walks.prepare_missing import missing_of
from parvis.walks.prepare_people import guests_of, may_name, roles_held
from parvis.walks.prepare_proposals import checks_shown
from parvis.walks.tabs import tabs_of
from parvis.walks.workflow import WALK_LABELS

PLAN_WIDTH = 400  # its units: numbers stay readable at 360 px
FILTER_FROM = 2  # quartiers: with fewer there is nothing to choose


@require_safe
def walks(request: HttpRequest) -> HttpResponse:
    """The walks that one follows, to come or past, and those whose account is public."""
    actor, asked = actor_of(request), request.GET
    # What is to come is for partners: a walk is public once its account is.
    past = not actor.is_partner or asked.get("passes") == "1"
    quartiers = quartiers_of(actor)
    chosen = _number(asked.get("quartier"))
    page = walks_page(
        actor, past=past, quartier=chosen, after=_number(asked.get("apres")), now=timezone.now()
    )
    kept = {"passes": "1"} if past and actor.is_partner else {}
    if chosen is not None:
        kept["quartier"] = str(chosen)
    return render(
        request,
        "walks/walks.html",
        {
            "rows": [
                {
                    "walk": one,
                    "state": WALK_LABELS[one.state],
                    "places": ", ".join(here.name for here in one.gathering.quartiers.all()),
                    "url": reverse(_page_of(one.pk in page.followed), args=[one.pk]),
                }
                for one in page.rows
            ],
            "past": past,
            "partner": actor.is_partner,
            "may_plan": actor.role in PLANNERS,
            "quartiers": quartiers if len(quartiers) >= FILTER_FROM else [],
            "chosen": chosen,
            "first_url": f"?{urlencode(kept)}" if asked.get("apres") else "",
            "next_url": f"?{urlencode(kept | {'apres': page.after})}" if page.after else "",
        },
    )


def _page_of(followed: bool) -> str:
    return "walks:walk" if followed else "walks:account"


def _number(text: str | None) -> int | None:
    wanted = text or ""
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None


@require_safe
def walk(request: HttpRequest, pk: int) -> HttpResponse:
    """One walk: why, when, where, its stops and what is checked there, and what is still to do."""
    actor = actor_of(request)
    rows = with_rights(actor, "follow", "edit", "sort", "observe")
    found: Walk = rights.fetch(rows.select_related("before__gathering"), actor, pk=pk)
    may = granted_of(actor, found, ("follow", "edit", "sort", "observe"))
    if not may["follow"]:
        return redirect("walks:account", pk)
    gathering = found.gathering
    over = gathering.ends_at < timezone.now() and gathering.cancelled_at is None
    stops = list(found.stops.select_related("residence").prefetch_related("checks"))
    opened = may["edit"] and planning.is_open(found)
    quartiers = list(
        Quartier.objects.only("pk", "name").filter(pk__in=gathering.quartiers.values("pk"))
    )
    missing = missing_of(found, stops, quartiers) if opened and not found.convened_at else []
    return render(
        request,
        "walks/walk.html",
        {
            "walk": found,
            "gathering": gathering,
            "state": WALK_LABELS[found.state],
            "quartiers": quartiers,
            "stops": stops_shown(actor, stops),
            "many": len(stops) > usual_stops() + 2,
            "usual": usual_stops(),
            "plan": plan_of(found, stops, width=PLAN_WIDTH),
            "open": opened,
            "may": may,
            "over": over,
            "on_foot": may["observe"] and not over and gathering.cancelled_at is None,
            "returns": list(
                Walk.objects.allowed(actor, "follow").filter(before=pk).select_related("gathering")
            )
            if over
            else [],
            "missing": missing,
            "next_url": missing[0].url if missing else "",
            "asks_first": opened and found.convened_at is None,
            "checklist": [
                (code, label, code in found.ready) for code, label in checklist().items()
            ],
            "ready": len(found.ready),
            "roles": roles_held(found, named=may_name(actor, found)),
            # Who is only chosen is the business of who prepares the walk.
            "guests": [one for one in guests_of(found) if may["edit"] or one.invited_at],
            "suggested": suggest(actor, labels=[("occasion", "diagnostic")]) if opened else [],
            "follow_url": reverse("walks:follow_sheet", args=[pk]) if opened else "",
            "events": _without_repeats(events_of(actor, WALK, pk, seen=True)),
            "tabs": tabs_of(actor, found, "walks:walk"),
            "crumbs": crumbs(found),
        },
    )


def _without_repeats(events: list[EventLine]) -> list[EventLine]:
    """Of the same thing done several times in a row, the last time."""
    pairs = zip(events, [*events[1:], None], strict=True)
    return [one for one, after in pairs if after is None or after.sentence != one.sentence]


def stops_shown(actor: Any, stops: list[Stop]) -> list[dict[str, Any]]:
    """Stops with their grid and what is checked there, as this actor may read it. One query."""
    checks = checks_shown(actor, [one for stop in stops for one in stop.checks.all()])
    shown = []
    for stop in stops:
        mine = [checks[one.pk] for one in stop.checks.all() if one.pk in checks]
        hidden = len(stop.checks.all()) - len(mine)
        shown.append({"stop": stop, "checks": mine, "hidden": hidden})
    return shown


@require_POST
def follow_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it follows a sheet of the toolbox."""
    found = fetch_walk(request, pk, "edit")
    there = reverse("walks:walk", args=[pk])
    return say_it_follows(request, (WALK, found.pk), there)  # type: ignore[arg-type]


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """What is ready: the whole list, by one button."""
    found = fetch_walk(request, pk, "edit")
    planning.tick(found, request.POST.getlist("ready"))
    messages.success(request, "Liste enregistrée.")
    return redirect(f"{reverse('walks:walk', args=[pk])}#pret")
