"""Drawing the route of a walk, its stops, and what is checked at each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners.actors import actor_of
from parvis.places.outlines import quartier_outlines
from parvis.thread.finding import shown, thing_of
from parvis.walks import planning
from parvis.walks.answers import crumbs, fetch_walk
from parvis.walks.models import Stop, Walk
from parvis.walks.practice import usual_stops
from parvis.walks.prepare_forms import RouteForm, StopForm
from parvis.walks.prepare_proposals import (
    checks_shown,
    dots,
    grouped,
    line_of,
    looked_for,
    offered_rows,
    proposals_for,
)
from parvis.walks.prepare_views import stops_shown

FOUND_AT_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """The way on the map, and the stops in their order."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    form = RouteForm(
        request.POST or None, request.FILES or None, initial=RouteForm.initial_of(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            planning.draw_route(found, actor=actor, route=form.cleaned_data["route"])
        except ValidationError as refused:
            form.add_error(None, " ".join(refused.messages))
        else:
            messages.success(request, "Parcours enregistré.")
            return redirect("walks:route", pk)
    stops = list(found.stops.select_related("residence").prefetch_related("checks"))
    rows = offered_rows(actor, planning.where_of(found))
    near = proposals_for(rows, line_of(stops, found.route))
    return render(
        request,
        "walks/route.html",
        {
            "walk": found,
            "form": form,
            "stops": stops_shown(actor, stops),
            "last": stops[-1].pk if stops else None,
            "full": len(stops) >= planning.STOPS_AT_MOST,
            "many": len(stops) > usual_stops() + 2,
            "usual": usual_stops(),
            "outlines": _outlines(found),
            "marks": [
                {"lat": one.latitude, "lon": one.longitude, "title": one.title, "number": number}
                for number, one in enumerate(stops, 1)
                if one.latitude is not None
            ],
            "dots": dots(near),
            "crumbs": crumbs(found, ("Parcours", "")),
        },
    )


def _outlines(found: Walk) -> dict[str, Any]:
    where = planning.where_of(found)
    return quartier_outlines(where.quartiers) if where.quartiers else quartier_outlines()


@require_http_methods(["GET", "HEAD", "POST"])
def add_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """One more stop at the end of the route."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    form = StopForm(request.POST or None, walk=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.add_stop(found, actor=actor, **form.said())
        except ValidationError as refused:
            form.add_error(None, " ".join(refused.messages))
        else:
            messages.success(request, f"Arrêt ajouté : {made.title}.")
            return redirect("walks:add_stop" if "again" in request.POST else "walks:route", pk)
    return _stop_page(request, found, form, "Ajouter un arrêt")


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Change a stop: what it is, where, and its grid."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    here = get_object_or_404(found.stops, pk=stop)
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    form = StopForm(request.POST or None, walk=found, stop=here)
    if request.method == "POST" and form.is_valid():
        try:
            planning.write_stop(here, actor=actor, **form.said())
        except ValidationError as refused:
            form.add_error(None, " ".join(refused.messages))
        else:
            messages.success(request, f"Arrêt modifié : {form.cleaned_data['title']}.")
            return redirect("walks:route", pk)
    return _stop_page(request, found, form, here.title)


def _stop_page(request: HttpRequest, found: Walk, form: StopForm, heading: str) -> HttpResponse:
    return render(
        request,
        "walks/stop_form.html",
        {
            "walk": found,
            "form": form,
            "stop": form.stop,
            "heading": heading,
            "outlines": _outlines(found),
            "crumbs": crumbs(
                found, ("Parcours", reverse("walks:route", args=[found.pk])), (heading, "")
            ),
        },
    )


@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a stop up or down the route, or take it off."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    stops = {str(one.pk): one for one in found.stops.all()}
    here, do = stops.get(request.POST.get("stop", "")), request.POST.get("do", "")
    try:
        if here is None:
            messages.error(request, "Cet arrêt n’est plus sur le parcours.")
        elif do in ("up", "down"):
            planning.move_stop(here, up=do == "up")
        elif do == "remove":
            planning.remove_stop(here, actor=actor)
            messages.success(request, f"Arrêt retiré : {here.title}.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{reverse('walks:route', args=[pk])}#arrets")


@require_safe
def proposals(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """What is checked from a stop, and what may be."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    here = get_object_or_404(found.stops, pk=stop)
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    stops = list(found.stops.prefetch_related("checks"))
    number = next(place for place, one in enumerate(stops, 1) if one.pk == here.pk)
    everywhere = {
        one.thing: place for place, other in enumerate(stops, 1) for one in other.checks.all()
    }
    checks = list(stops[number - 1].checks.all())
    names = checks_shown(actor, checks)
    rows = offered_rows(actor, planning.where_of(found))
    line = line_of([here], None) or line_of(stops, found.route)
    left = [row for row in rows if (row.kind, row.id) not in everywhere]
    word = request.GET.get("mot", "").strip()[:200]
    here_already = {one.thing for one in checks}
    wanted = looked_for(actor, found, word, rows, without=here_already) if word else []
    return render(
        request,
        "walks/checks.html",
        {
            "walk": found,
            "stop": here,
            "number": number,
            "placed": here.latitude is not None,
            "checks": [(one, names.get(one.pk)) for one in checks],
            "groups": grouped(proposals_for(left, line)),
            "word": word,
            "found": [
                (shown(row), everywhere.get((row.kind, row.id))) for row in wanted[:FOUND_AT_MOST]
            ],
            "room": planning.CHECKS_AT_MOST - len(checks),
            "crumbs": crumbs(
                found,
                ("Parcours", reverse("walks:route", args=[pk])),
                (f"À vérifier à l’arrêt {number}", ""),
            ),
        },
    )


@require_POST
def ask(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Have what was ticked looked at from this stop."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    here: Stop = get_object_or_404(found.stops, pk=stop)
    chosen = [thing for value in request.POST.getlist("things") if (thing := thing_of(value))]
    try:
        made = planning.ask_checks(here, chosen, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if len(made) > 1:
            messages.success(request, f"{len(made)} points à vérifier ajoutés.")
        elif made:
            messages.success(request, "Point à vérifier ajouté.")
        elif chosen:
            messages.error(request, "Ces points ne sont plus proposés : la liste est à jour.")
        else:
            messages.error(request, "Cochez au moins un point.")
    return redirect("walks:proposals", pk, stop)


@require_POST
def drop(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """No longer have something looked at from this stop."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    here: Stop = get_object_or_404(found.stops, pk=stop)
    check = {str(one.pk): one for one in here.checks.all()}.get(request.POST.get("check", ""))
    try:
        if check is not None:
            planning.drop_check(check, actor=actor)
            messages.success(request, "Point retiré.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("walks:proposals", pk, stop)
