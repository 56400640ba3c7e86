"""« Une facture difficile à payer ? »: nothing is asked, nothing is kept.

The commune and the difficulty stand in the path; no form, no cookie, nothing in a session.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from parvis.places.models import Commune
from parvis.ui.languages import in_every_language
from parvis.vigilance import door_papers
from parvis.vigilance import door_reading as reading

TITLE = gettext_noop("Une facture difficile à payer ?")


@in_every_language
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """Where do you live? The communes that have a door."""
    found = reading.communes_with_doors(timezone.localdate())
    return render(request, "vigilance/door_bill.html", {"communes": found})


@in_every_language
@require_safe
def commune(request: HttpRequest, code: str, need: str = "") -> HttpResponse:
    """The doors of one commune, all of them or those that take one difficulty."""
    now = timezone.now()
    found = _commune(code)
    doors = reading.public_doors(found, timezone.localdate(now))
    offered = reading.needs_of(doors)
    chosen = next((one for one in offered if one.code == need), None)
    if need and chosen is None:
        raise Http404
    shown = [door for door in doors if not chosen or chosen.code in door.takes]
    return render(
        request,
        "vigilance/door_bill_commune.html",
        {
            "commune": found,
            "needs": offered,
            "chosen": chosen,
            "cards": reading.cards(shown),
            "suggested": reading.sheets_for_residents(),
            "workshops": reading.workshops_in(found, now),
            "crumbs": [
                {"label": gettext(TITLE), "url": reverse("vigilance:bill")},
                {"label": found.name},
            ],
        },
    )


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster for the halls of this commune; 404 as long as there is no door to tell."""
    found = _commune(code)
    doors = reading.public_doors(found, timezone.localdate())
    if not doors:
        raise Http404
    return door_papers.poster(found, doors)


def _commune(code: str) -> Commune:
    return get_object_or_404(Commune.objects.defer("outline"), code=code)
