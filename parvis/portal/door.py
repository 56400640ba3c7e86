"""« À ma porte »: the next two weeks where one lives, without an account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.gatherings.calendars import entry_of
from parvis.notices.forms import SubscribeForm
from parvis.partners.actors import actor_of
from parvis.places.models import Quartier
from parvis.portal.doorstep import Doorstep, doorstep_of, gathering_moments, gatherings_at, strip
from parvis.portal.doorworks import works_at, works_moments
from parvis.portal.following import choices_at, entrances_of
from parvis.reports.finding import find_places
from parvis.reports.forms.filing import PlaceForm
from parvis.ui.languages import in_every_language

FEED_DAYS = 60  # a calendar that is read each week shows further than the page


def _door(request: HttpRequest) -> Doorstep | None:
    """The place that the address of the page names, None when it names none that we know."""
    form = PlaceForm(request.GET)
    return doorstep_of(form) if form.is_valid() else None


@in_every_language
@require_safe
def at_my_door(request: HttpRequest) -> HttpResponse:
    """Choose where one lives; then what happens there, day by day."""
    door = _door(request)
    words = request.GET.get("q", "").strip()[:100]
    today = timezone.localdate()
    context: dict[str, Any] = {"door": door, "q": words}
    if door is None:
        context["found"] = find_places(words) if words else None
        rows = Quartier.objects.in_force(today).told_apart().defer("outline").order_by("name", "pk")
        context["quartiers"] = rows
    else:
        actor = actor_of(request)
        gatherings = list(gatherings_at(actor, door, today))
        works = works_at(actor, door, today)
        moments = [*gathering_moments(gatherings, today), *works_moments(works, today)]
        context |= {
            "days": strip(moments, today),
            "count": len(moments),
            "works": works,
            "form": SubscribeForm(),
            "choices": choices_at(door),
            "entrances": _entrances(door),
        }
    return render(request, "portal/door.html", context)


def _entrances(door: Doorstep) -> list[tuple[str, str]]:
    """The doors of a residence as (query of this page, name), while none of them is chosen."""
    if door.residence is None or not door.topic.startswith("residence:"):
        return []
    return [
        (
            urlencode({"residence": door.residence, "spot": f"entrance:{one.pk}"}),
            f"{one.building.name}, {one.name}",
        )
        for one in entrances_of(door.residence)
    ]


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same as a calendar to subscribe to."""
    door = _door(request)
    if door is None:
        return redirect("portal:door")
    actor = actor_of(request)
    gatherings = gatherings_at(actor, door, timezone.localdate(), FEED_DAYS)
    works = works_at(actor, door, timezone.localdate(), FEED_DAYS)
    name = gettext("À ma porte : {place}").format(place=door.label)
    entries = [*(entry_of(one) for one in gatherings), *works.entries()]
    return calendar_response(name, calendar(name, entries))
