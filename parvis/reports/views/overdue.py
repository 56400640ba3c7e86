"""What is late, by organisation, and reminding them: a part, or all of one's parts in one mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import BooleanField, Case, Count, F, Min, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.reports import acts
from parvis.reports.models import Part
from parvis.reports.overdue import late_parts, to_chase
from parvis.reports.views import batching
from parvis.reports.views.shared import way_back, words_of_state
from parvis.reports.views.story import where_of
from parvis.reports.workflow import Forbidden
from parvis.ui.words import counted

FIRST = 8  # parts of each organisation on the page of all
PAGE = 100  # of one organisation alone
NOBODY = "0"  # stands for parts that nobody owns, in the address


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Late parts by organisation, the most late first; one organisation whole when asked for."""
    actor, today = actor_of(request), timezone.localdate()
    asked = request.GET.get("organisation", "")
    rows = late_parts(actor)
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        rows = rows.filter(organisation=None if asked == NOBODY else int(asked))
    else:
        asked = ""
    groups = _groups(actor, rows)
    lines = _lines(actor, rows, PAGE if asked else FIRST, today)
    for group in groups:
        group["lines"] = lines.get(group["organisation"], [])
        group["more"] = group["total"] - len(group["lines"])
        group["url"] = f"?organisation={group['organisation'] or NOBODY}"
    context = {
        "groups": groups,
        "total": sum(group["total"] for group in groups),
        "alone": bool(asked),
        "told": batching.told(request),
        "home_url": settings.LOGIN_REDIRECT_URL,
    }
    return render(request, "reports/overdue.html", context)


def _groups(actor: Actor, rows: Any) -> list[dict[str, Any]]:
    """Each organisation with how many parts are late and how many may be chased today; one's own
    first, then the one that has been late for longest."""
    found = (
        rows.order_by()
        .values("organisation", name=F("organisation__name"))
        .annotate(
            total=Count("pk"), oldest=Min("due_on"), chaseable=Count("pk", filter=to_chase(actor))
        )
    )
    return sorted(
        found,
        key=lambda row: (
            row["organisation"] != actor.organisation_id,
            row["oldest"],
            row["name"] or "",
        ),
    )


def _lines(
    actor: Actor, rows: Any, limit: int, today: date
) -> dict[int | None, list[dict[str, Any]]]:
    """The first parts of each organisation, the most late first; one query."""
    rank = Window(RowNumber(), partition_by="organisation_id", order_by=["due_on", "pk"])
    may = Case(When(to_chase(actor), then=Value(True)), default=False, output_field=BooleanField())
    parts = (
        rows.annotate(rank=rank, may_chase=may)
        .filter(rank__lte=limit)
        .select_related("report__category", "report__commune")
        .defer("report__commune__outline")
        .order_by("due_on", "pk")
    )
    lines: dict[int | None, list[dict[str, Any]]] = {}
    for part in parts:
        tone, words = words_of_state(part.state)
        line = {
            "part": part,
            "report": part.report,
            "where": where_of(part.report),
            "tone": tone,
            "words": words,
            "days": (today - part.due_on).days,
            "may_chase": part.may_chase,
        }
        lines.setdefault(part.organisation_id, []).append(line)
    return lines


@require_POST
def chase(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind an organisation of its part."""
    rows = Part.objects.select_related("report__category", "organisation")
    part: Part = rights.fetch(rows, actor_of(request), "chase", pk=pk)
    try:
        acts.chase(part, actor=actor_of(request))
    except Forbidden as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{part.organisation} est relancée.")
    return redirect(way_back(request, reverse("reports:report", args=[part.report.reference])))


@require_POST
def chase_all(request: HttpRequest) -> HttpResponse:
    """Remind an organisation of all its late parts in one mail."""
    actor, asked = actor_of(request), request.POST.get("organisation", "")
    back = way_back(request, reverse("reports:overdue"))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        messages.error(request, "Choisissez une organisation à relancer.")
        return redirect(back)
    rows = late_parts(actor).filter(to_chase(actor), Q(organisation=int(asked)))
    try:
        done = batching.chase_all(request, list(rows.select_related("report", "organisation")))
    except Forbidden as refused:
        messages.error(request, str(refused))
    else:
        late = counted(done, "part en retard", "parts en retard")
        messages.success(request, f"Relance envoyée dans deux minutes, pour {late}.")
    return redirect(back)
