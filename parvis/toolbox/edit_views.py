"""What waits in the reading of sheets."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import ActorRequest
from parvis.toolbox import edit_due
from parvis.toolbox.scopes import reads

AT_ONCE = 20


@require_safe
def due(request: ActorRequest) -> HttpResponse:
    """The sheets that wait, shelf by shelf: for the coordination all that it reads, for an
    organisation its own."""
    asked = request.GET.get("etat", "")
    counts = edit_due.counts(request.actor)
    shelf = asked if asked in edit_due.SHELVES else _first(counts)
    rows = edit_due.waiting(request.actor, shelf)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    return render(
        request,
        "toolbox/edit_due.html",
        {
            "page": page,
            "next_url": f"?etat={shelf}&page={page.next_page_number()}" if page.has_next() else "",
            "first_url": f"?etat={shelf}" if page.has_previous() else "",
            "shelf": shelf,
            "shelves": [
                {"code": code, "label": label, "count": counts[code]}
                for code, (label, _) in edit_due.SHELVES.items()
            ],
            "today": timezone.localdate(),
            "reads": reads(request.actor),
            "actor": request.actor,
            "crumbs": [
                {"label": "Boîte à outils", "url": reverse("toolbox:sheets")},
                {"label": "Fiches à relire", "url": ""},
            ],
        },
    )


def _first(counts: dict[str, int]) -> str:
    """The first shelf where something waits."""
    return next((code for code, count in counts.items() if count), "proposees")
