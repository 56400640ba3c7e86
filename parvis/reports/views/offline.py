"""What a browser keeps to file without a network: one page, and the worker that serves it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.places.models import Quartier
from parvis.reports import offline
from parvis.reports.families import families_of
from parvis.reports.forms.filing import LABEL_LENGTH, TellForm
from parvis.reports.models import Category
from parvis.reports.stops import stop_of, stops
from parvis.ui.languages import in_every_language

TEMPLATE = "reports/unconnected.html"


@in_every_language
@require_safe
def unconnected(request: HttpRequest) -> HttpResponse:
    """The whole report on one page. A browser keeps it as a stranger sees it: the same for all."""
    return render(request, TEMPLATE, _context())


@in_every_language
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that the browser runs beside the filing pages: what to keep, under a version made
    from the page and its files, then the worker itself. Any change of theirs changes these lines,
    and the browser then fetches everything again."""
    page = render_to_string(TEMPLATE, _context())
    return offline.PAGE.script(page, reverse("reports:unconnected"))


def _context() -> dict[str, Any]:
    rows = list(Category.objects.filter(active=True).order_by("position", "code"))
    families = families_of(rows, inside=True)
    asked = [
        (
            row.code,
            TellForm(category=row, with_dwelling=False, auto_id=f"id_{row.code}_%s").questions,
        )
        for row in rows
        if row.questions
    ]
    return {
        "families": [(family, leaves) for family, leaves in families if leaves],
        "questions": asked,
        "quartiers": list(
            Quartier.objects.in_force(timezone.localdate()).only("name").order_by("name", "pk")
        ),
        "danger": stop_of("danger"),
        "stops": list(stops().values()),
        "form": TellForm(category=Category(questions=[], wreck=True), with_dwelling=True),
        "label_length": LABEL_LENGTH,
    }
