"""What calls for an action: the reports, decisions, pledges … that the thread leads from to it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.actions import acts
from parvis.actions.models import Action
from parvis.actions.views.fiches import fetch_action
from parvis.actions.views.plans import crumbs, plan_crumb
from parvis.partners.actors import actor_of
from parvis.thread.finding import find_things, shown, thing_of
from parvis.thread.reading import rows_of
from parvis.thread.register import Where


@require_http_methods(["GET", "HEAD", "POST"])
def callers(request: HttpRequest, pk: int) -> HttpResponse:
    """What calls for it, and the search for more (`?mot=`)."""
    actor, found = actor_of(request), fetch_action(request, pk, "edit")
    there = reverse("actions:callers", args=[pk])
    if request.method == "POST":
        return _write(request, found)
    known = acts.callers_of(found)
    word = request.GET.get("mot", "").strip()[:200]
    where = _where(found)
    hits = find_things(actor, word, where, without={*known, (acts.KIND, pk)})
    return render(
        request,
        "actions/callers.html",
        {
            "action": found,
            "callers": [shown(row) for row in rows_of(actor, known).values()],
            "word": word,
            "found": [one for one in hits if thing_of(one.value)],
            "crumbs": crumbs(
                plan_crumb(found.plan),
                (found.reference, reverse("actions:action", args=[pk])),
                ("Ce qui l’appelle", ""),
            ),
            "there": there,
        },
    )


def _write(request: HttpRequest, found: Action) -> HttpResponse:
    actor = actor_of(request)
    things = {thing for value in request.POST.getlist("things") if (thing := thing_of(value))}
    try:
        if request.POST.get("do") == "remove":
            acts.uncall(found, things, actor=actor)
            messages.success(request, "Lien retiré.")
        elif acts.call_for(found, things, actor=actor):
            messages.success(request, "C’est lié : le fil le montre des deux côtés.")
        else:
            messages.error(request, "Cochez au moins un élément.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("actions:callers", found.pk)


def _where(action: Action) -> Where:
    """Where to look: the quartiers and residences of the action, or else those of its plan."""
    quartiers = frozenset(action.quartiers.values_list("pk", flat=True))
    residences = frozenset(action.residences.values_list("pk", flat=True))
    if not quartiers and not residences:
        quartiers = frozenset(action.plan.quartiers.values_list("pk", flat=True))
    return Where(quartiers=quartiers, residences=residences)
