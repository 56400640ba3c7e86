"""The page of who read how to reach residents, for who answers for the organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.partners.actors import ActorRequest
from parvis.partners.models import PersonalReading

PAGE = 50


@require_safe
def readings(request: ActorRequest) -> HttpResponse:
    """What one's own organisation read this year, newest first."""
    text = request.GET.get("page", "")
    page = min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text[:9]) else 1
    first = (page - 1) * PAGE
    rows = PersonalReading.objects.visible_to(request.actor).select_related("person")
    some = list(rows.order_by("-at", "-pk")[first : first + PAGE + 1])
    return render(
        request,
        "partners/readings.html",
        {
            "readings": some[:PAGE],
            "organisation": request.actor.organisation_name,
            "next_url": f"?page={page + 1}" if len(some) > PAGE else "",
            "first_url": "?" if first else "",
        },
    )
