"""Points noirs: what comes back, who carries it, and what the next technical group speaks of."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import access, acts
from parvis.reports.blackspots import KIND, LIVE
from parvis.reports.forms.blackspots import BlackspotFilter, DecideForm, PlanForm
from parvis.reports.models import Blackspot, Report
from parvis.reports.views.shared import add_errors, crumbs, may_do, words_of_state
from parvis.reports.views.story import where_in_words
from parvis.reports.workflow import (
    BLACKSPOT_STEPS,
    BlackspotState,
    Forbidden,
    blackspot_step_from,
)
from parvis.thread.models import Link
from parvis.thread.reading import events_of
from parvis.upkeep.themes import labels

SHOWN = 100
REPORTS_SHOWN = 50
TONES = {
    BlackspotState.PROPOSED: "mine",
    BlackspotState.KEPT: "soon",
    BlackspotState.CLOSED: "done",
    BlackspotState.REFUSED: "plain",
}
DONE = {
    "keep": "Point noir retenu : l’organisation qui le porte est prévenue.",
    "refuse": "Point noir écarté.",
    "close": "Point noir clos.",
    "reopen": "Point noir rouvert.",
}
ROWS = Blackspot.objects.select_related("commune", "residence", "owner").defer(
    "commune__outline", "residence__outline"
)


@require_safe
def blackspots(request: HttpRequest) -> HttpResponse:
    """Those that wait for a decision first, then those that are kept; each with what came back."""
    form = BlackspotFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = ROWS.visible_to(actor_of(request))
    state = asked.get("state")
    found = found.filter(state=state) if state else found.filter(state__in=LIVE)
    if asked.get("group"):
        found = found.filter(for_group=True)
    rows = list(found.order_by("-state", "-created_at", "-pk")[: SHOWN + 1])
    counts = dict(
        Link.objects.filter(
            source_kind="report", target_kind=KIND, target_id__in=[row.pk for row in rows]
        )
        .values("target_id")
        .annotate(reports=Count("source_id"))
        .values_list("target_id", "reports")
    )
    today = timezone.localdate()
    return render(
        request,
        "reports/blackspots.html",
        {
            "form": form,
            "filtered": bool(state or asked.get("group")),
            "rows": [_row(row, counts.get(row.pk, 0), today) for row in rows[:SHOWN]],
            "more": len(rows) > SHOWN,
        },
    )


def _row(blackspot: Blackspot, count: int, today: Any) -> dict[str, Any]:
    state = BlackspotState(blackspot.state)
    kept = state == BlackspotState.KEPT
    return {
        "blackspot": blackspot,
        "count": count,
        "tone": TONES[state],
        "words": state.label,
        "late": kept and blackspot.due_on is not None and blackspot.due_on < today,
    }


@require_safe
def blackspot(request: HttpRequest, pk: int) -> HttpResponse:
    """One subject: what came back, who carries it, its plan, and what was decided."""
    return _page(request, rights.fetch(ROWS.all(), actor_of(request), pk=pk))


def _page(request: HttpRequest, found: Blackspot, form: PlanForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    mine = Blackspot.objects.filter(pk=found.pk)
    may = may_do(access.BLACKSPOT, mine, actor, ("plan", "decide")).get(found.pk, frozenset())
    steps = [step for step in BLACKSPOT_STEPS.values() if found.state in step.sources]
    kept = found.state == BlackspotState.KEPT
    if form is None and kept and "plan" in may:
        values = {"plan": found.plan, "due_on": found.due_on, "for_group": found.for_group}
        form = PlanForm(initial=values)
    reports = _reports(request, found)
    context = {
        **_row(found, len(reports), timezone.localdate()),
        "theme": ", ".join(labels([found.theme_code])),
        "where": where_in_words(
            found.residence.name if found.residence else found.place_label,
            found.commune.name if found.commune else "",
        ),
        "reports": reports[:REPORTS_SHOWN],
        "more": len(reports) > REPORTS_SHOWN,
        "steps": steps if "decide" in may else [],
        "form": form,
        "events": events_of(actor, KIND, found.pk, seen=True),
        "features": _features(found),
        "crumbs": crumbs(("Points noirs", reverse("reports:blackspots")), (found.title, "")),
    }
    return render(request, "reports/blackspot.html", context)


def _reports(request: HttpRequest, found: Blackspot) -> list[dict[str, Any]]:
    """The reports tied to it that this reader may see, newest first."""
    tied = Link.objects.filter(source_kind="report", target_kind=KIND, target_id=found.pk)
    rows = (
        Report.objects.visible_to(actor_of(request))
        .filter(pk__in=tied.values("source_id"))
        .select_related("category")
        .order_by("-at", "-pk")[: REPORTS_SHOWN + 1]
    )
    return [
        {"report": row, "tone": tone, "words": words}
        for row in rows
        for tone, words in [words_of_state(row.state)]
    ]


def _features(found: Blackspot) -> dict[str, Any] | None:
    if found.latitude is None or found.longitude is None:
        return None
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [found.longitude, found.latitude]},
                "properties": {"id": f"p{found.pk}", "title": found.title, "kind": "point"},
            }
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One step of the decision, on its own small page."""
    if code not in BLACKSPOT_STEPS:
        raise Http404
    actor = actor_of(request)
    found: Blackspot = rights.fetch(ROWS.all(), actor, "decide", pk=pk)
    try:
        step = blackspot_step_from(found.state, code)
    except Forbidden as refused:
        messages.error(request, str(refused))
        return redirect("reports:blackspot", pk)
    form = DecideForm(request.POST or None, step=step, initial={"owner": found.owner_id})
    if request.method == "POST" and form.is_valid():
        try:
            acts.decide_blackspot(found, code, actor=actor, **form.cleaned_data)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, DONE[code])
            return redirect("reports:blackspot", pk)
    context = {
        "blackspot": found,
        "step": step,
        "form": form,
        "crumbs": crumbs(
            ("Points noirs", reverse("reports:blackspots")),
            (found.title, reverse("reports:blackspot", args=[pk])),
            (step.label, ""),
        ),
    }
    return render(request, "reports/blackspot_step.html", context)


@require_http_methods(["POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be done, until when, and whether the next technical group speaks of it."""
    actor = actor_of(request)
    found: Blackspot = rights.fetch(ROWS.all(), actor, "plan", pk=pk)
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            acts.plan_blackspot(found, actor=actor, **form.cleaned_data)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Plan enregistré.")
            return redirect("reports:blackspot", pk)
    return _page(request, found, form)
