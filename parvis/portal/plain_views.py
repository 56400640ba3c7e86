"""Plain pages: what the law wants said, help, and where everything is.

Each says by itself what the installation knows. The coordination may write a text for it, in the
editor's office: it comes first, and what the law wants follows it, since an edited text may forget
or outlive it. Help and « À propos » hold nothing of the kind: an edited text takes their place.

The footer stays the same on every page, so that it costs no query and says nothing that another
process changed: pages that the coordination adds stand on the site map and the help page. What it
says of accessibility stands on the home page, as the law asks, and there alone.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.places.models import Quartier
from parvis.portal import menu
from parvis.portal.processings import by_group
from parvis.toolbox import content_places as places
from parvis.toolbox.content_views import shown, statement, text_of
from parvis.toolbox.models import ContentPage
from parvis.ui.languages import in_every_language


def _edited(request: HttpRequest, place: str) -> dict[str, Any]:
    """The text that the coordination wrote for this place, if any."""
    actor = actor_of(request)
    found = statement(actor) if place == places.ACCESSIBILITY else text_of(actor, place)
    return shown(actor, found) | {"publisher": settings.PUBLISHER}


def pages_added(actor: Actor) -> list[ContentPage]:
    """The pages that the coordination added to those that the site has anyway."""
    return list(
        ContentPage.objects.visible_to(actor).listed().filter(place="").defer("body")  # type: ignore[no-untyped-call]
    )


@in_every_language
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who uses the data, why, how long, how to have it erased."""
    context = _edited(request, places.PRIVACY) | {
        "retention": settings.CONTACT_RETENTION_DAYS,
        "groups": by_group(),
        "geocoder": urlsplit(settings.GEOCODER_URL).netloc,
    }
    return render(request, "portal/privacy.html", context)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Legal notice."""
    context = _edited(request, places.LEGAL) | {"base_map_credit": settings.BASE_MAP_CREDIT}
    return render(request, "portal/legal.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Statement of accessibility."""
    return render(request, "portal/accessibility.html", _edited(request, places.ACCESSIBILITY))


@in_every_language
@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """Help: how to do what most people come for."""
    context = _edited(request, places.HELP) | {"pages": pages_added(actor_of(request))}
    return render(request, "portal/help.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, and who opens it."""
    return render(request, "portal/about.html", _edited(request, places.ABOUT))


@in_every_language
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page that one may start from."""
    actor = actor_of(request)
    quartiers = Quartier.objects.in_force(timezone.localdate()).told_apart().defer("outline")
    return render(
        request,
        "portal/map.html",
        {
            "services": menu.for_residents(),
            "space": menu.flat(menu.for_partners(actor.role, actor.kind))
            if actor.is_partner
            else [],
            "quartiers": quartiers.order_by("name", "pk"),
            "pages": pages_added(actor),
            "about": menu.flat(menu.footer()),
        },
    )
