"""The page of what retention erased and would erase, for the coordination: counts alone."""

from __future__ import annotations

from django.db.models import Max, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import ActorRequest
from parvis.portal.models import RetentionRun
from parvis.portal.retaining import retentions


@require_safe
def retention(request: ActorRequest) -> HttpResponse:
    """For each thing that is erased once it has served: what is due now, the last run, the sum."""
    runs = RetentionRun.objects.visible_to(request.actor)
    totals = {
        row["code"]: row
        for row in runs.order_by().values("code").annotate(last=Max("at"), erased=Sum("erased"))
    }
    last_at = max((row["last"] for row in totals.values()), default=None)
    latest = {run.code: run for run in runs.filter(at=last_at)} if last_at else {}
    now = timezone.now()
    rows = [
        {
            "retention": one,
            "due": one.due(now),
            "run": latest.get(one.code),
            "total": totals[one.code]["erased"] if one.code in totals else 0,
        }
        for one in retentions().values()
    ]
    return render(request, "portal/retention.html", {"rows": rows, "last_at": last_at})
