"""Other ways of reading a plan than its table: by state, as a calendar, on a map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.actions.forms import Filters
from parvis.actions.models import Action, Step
from parvis.actions.views.plans import AT_MOST, crumbs, cut_down, fetch_plan, plan_crumb, ways_of
from parvis.actions.workflow import OPEN, ActionState
from parvis.partners.actors import actor_of
from parvis.places.models import Residence
from parvis.places.outlines import quartier_outlines
from parvis.ui.components import Column, Item
from parvis.ui.words import counted, day_in_words


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan by state."""
    actor, found = actor_of(request), fetch_plan(request, pk)
    filters = Filters(request.GET or None, plan=found)
    rows = list(cut_down(found, actor, filters).select_related("lead").order_by("ends_on", "pk"))
    columns = []
    for state, label in ActionState.choices:
        some = [one for one in rows if one.state == state]
        late = any(one.late for one in some)
        columns.append(
            Column(
                title=label.capitalize(),
                tone="late" if late else "",
                items=[_item(one) for one in some[:60]],
                total=len(some),
                empty="Rien ici.",
            )
        )
    return render(
        request,
        "actions/board.html",
        {
            "plan": found,
            "columns": columns,
            **ways_of(request, found, filters),
            "crumbs": crumbs(plan_crumb(found), ("Par état", "")),
        },
    )


def _item(one: Action) -> Item:
    end = (
        f"{'en retard, attendue' if one.late else 'pour'} {day_in_words(one.ends_on)}"
        if (one.ends_on)
        else ""
    )
    soft = " · ".join(word for word in (one.reference, one.lead.name, end) if word)
    return Item(title=one.title, url=reverse("actions:action", args=[one.pk]), soft=soft)


@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan month by month, steps and the ends of actions: from this month on, then what is
    over."""
    actor, found = actor_of(request), fetch_plan(request, pk)
    filters = Filters(request.GET or None, plan=found)
    shown = cut_down(found, actor, filters)
    months: dict[date, list[dict[str, Any]]] = {}
    for line in sorted(_lines(shown), key=lambda one: (one["day"], one["action"].pk)):
        months.setdefault(line["day"].replace(day=1), []).append(line)
    this_month = timezone.localdate().replace(day=1)
    return render(
        request,
        "actions/calendar.html",
        {
            "plan": found,
            "coming": [(month, some) for month, some in months.items() if month >= this_month],
            "over": [(month, some) for month, some in months.items() if month < this_month],
            **ways_of(request, found, filters),
            "crumbs": crumbs(plan_crumb(found), ("Calendrier", "")),
        },
    )


def _lines(shown: Any) -> Iterator[dict[str, Any]]:
    """The dated lines of these actions; nothing is late in one that is over or was dropped."""
    steps = Step.objects.filter(action__in=shown, due_on__isnull=False)
    for step in steps.select_related("action__lead", "organisation")[:AT_MOST]:
        yield {
            "day": step.due_on,
            "words": step.title,
            "action": step.action,
            "who": step.organisation or step.action.lead,
            "late": step.late and step.action.state in OPEN,
            "done": step.done_on is not None,
        }
    for one in shown.filter(ends_on__isnull=False).select_related("lead")[:AT_MOST]:
        yield {
            "day": one.ends_on,
            "words": "Fin de l’action",
            "action": one,
            "who": one.lead,
            "late": one.late,
            "done": one.state == ActionState.ENDED,
        }


@require_safe
def plan_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan on a map: residence by residence, then what is for the whole quartier."""
    actor, found = actor_of(request), fetch_plan(request, pk)
    filters = Filters(request.GET or None, plan=found)
    rows = cut_down(found, actor, filters).select_related("lead").order_by("reference")
    homes = Residence.objects.defer("outline")
    rows = list(rows.prefetch_related(Prefetch("residences", homes))[:AT_MOST])
    places: dict[int, dict[str, Any]] = {}
    elsewhere = []
    for one in rows:
        placed = [home for home in one.residences.all() if home.latitude is not None]
        for home in placed:
            place = places.setdefault(home.pk, {"home": home, "rows": []})
            place["rows"].append(one)
        if not placed:
            elsewhere.append(one)
    known = sorted(places.values(), key=lambda place: place["home"].name)
    return render(
        request,
        "actions/map.html",
        {
            "plan": found,
            "places": known,
            "elsewhere": elsewhere,
            "features": {
                "type": "FeatureCollection",
                "features": [_feature(place["home"], place["rows"]) for place in known],
            },
            "outlines": quartier_outlines([one.pk for one in filters.quartiers]),
            **ways_of(request, found, filters),
            "crumbs": crumbs(plan_crumb(found), ("Carte", "")),
        },
    )


def _feature(home: Residence, rows: list[Action]) -> dict[str, Any]:
    late = any(one.late for one in rows)
    over = all(one.state not in OPEN for one in rows)
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [float(home.longitude or 0), float(home.latitude or 0)],
        },
        "properties": {
            "id": f"r{home.pk}",
            "title": home.name,
            "text": counted(len(rows), "action", "actions"),
            "url": f"#r{home.pk}",
            "kind": "point",
            "tone": "late" if late else "done" if over else "soon",
        },
    }
