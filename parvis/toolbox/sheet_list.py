"""The list of sheets, and the front page of the toolbox when nothing is asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import Actor, ActorRequest
from parvis.toolbox import sheet_alerts
from parvis.toolbox.models import Sheet
from parvis.toolbox.scopes import WRITERS
from parvis.toolbox.sheet_forms import LABELLED, ChooseForm
from parvis.toolbox.sheet_listing import front, page_of
from parvis.toolbox.sheet_suggesting import suggest
from parvis.upkeep.themes import themes


@require_safe
def sheets(request: ActorRequest) -> HttpResponse:
    """The sheets that everybody may read, searched, filtered and sorted by the address."""
    today = timezone.localdate()
    form = ChooseForm(request.GET)
    asked = form.asked()
    at = {name: request.GET.get(name, "") for name in ("apres", "page")}
    everything = "tri" in request.GET or "apres" in request.GET
    theme = asked.get("theme", "")
    context = {
        "form": form,
        "q": asked.get("q", ""),
        "filtered": any(name not in ("q", "tri") for name in asked),
        "chosen": form.chosen(),
        "writes": request.actor.role in WRITERS,
        "theme": themes()[theme].label if theme in themes() else "",
        "follow_url": sheet_alerts.address_of(theme),
        "feed_url": reverse("toolbox:feed") + (f"?theme={theme}" if theme in themes() else ""),
        "front": None,
        "page": None,
        "next_url": "",
        "first_url": "",
    }
    if not asked and not everything:
        return render(
            request, "toolbox/sheets.html", {**context, "front": front(request.actor, today)}
        )
    page = page_of(request.actor, asked, at, today)
    shown = {
        "page": page,
        "next_url": page.next_url,
        "first_url": page.first_url,
        "suggested": [] if page.rows else _close_to(request.actor, asked),
    }
    return render(request, "toolbox/sheets.html", {**context, **shown})


def _close_to(actor: Actor, asked: dict[str, str]) -> list[Sheet]:
    """Where nothing answers, what answers some of the filters."""
    labels = [(group, asked[name]) for name, group in LABELLED.items() if name in asked]
    return suggest(actor, themes=[asked["theme"]] if "theme" in asked else (), labels=labels)
