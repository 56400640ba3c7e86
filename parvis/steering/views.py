"""The partners' home: what awaits me, late first."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.reports.models import Callback, Part, Report
from parvis.reports.overdue import late_parts
from parvis.reports.workflow import OPEN
from parvis.steering import board
from parvis.thread.reading import due_for
from parvis.toolbox.scopes import WRITERS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The board of what is due, and the few lists that a partner opens each morning."""
    actor = actor_of(request)
    today = timezone.localdate()
    due = due_for(actor, days=board.cuts(today), limit=board.SHOWN)
    reports = Report.objects.allowed(actor, "work").filter(withdrawn_at=None)
    counts = {
        "late": late_parts(actor).count(),
        "ownerless": Part.objects.filter(
            # One part after another: a list of all reports would be made for the few of nobody.
            Exists(reports.filter(pk=OuterRef("report_id"))),
            organisation=None,
            state__in=OPEN,
        ).count(),
        "to_review": Report.objects.allowed(actor, "moderate")
        .filter(reviewed_at=None, withdrawn_at=None, merged_into=None)
        .count(),
        "to_call": Callback.objects.allowed(actor, "tick").filter(done_at=None).count(),
    }
    return render(
        request,
        "steering/home.html",
        {
            "columns": board.columns(due, actor, today, board.chases_of(actor, due[0])),
            "counts": counts,
            "writes": actor.role in WRITERS,
            "anything": any(span.total for span in due),
        },
    )
