"""Free pages of content; those with a place are shown there, by the room that has the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from parvis.partners.actors import Actor, ActorRequest
from parvis.partners.rights import fetch
from parvis.toolbox import content_places
from parvis.toolbox.models import AccessibilityStatement, ContentPage
from parvis.toolbox.scopes import reads
from parvis.toolbox.sheet_text import sections


def text_of(actor: Actor, place: str) -> ContentPage | None:
    """The published text of a place, or None: the place then says what it says by itself."""
    found: ContentPage | None = ContentPage.objects.visible_to(actor).filter(place=place).first()
    return found


def statement(actor: Actor) -> AccessibilityStatement | None:
    """The published statement of accessibility, or None."""
    found: AccessibilityStatement | None = AccessibilityStatement.objects.visible_to(actor).first()
    return found


@require_safe
def content(request: ActorRequest, slug: str) -> HttpResponse:
    """A free page, as everybody reads it."""
    found = fetch(ContentPage.objects, request.actor, slug=slug)
    if there := content_places.address(found.place):
        return redirect(there)
    return render(request, "toolbox/content.html", shown(request.actor, found))


def shown(actor: Actor, page: Any) -> dict[str, Any]:
    """What the templates of an edited text are given."""
    return {
        "page": page,
        "sections": sections(page) if page else [],
        "preview": False,
        "writes": reads(actor),
    }


def preview(request: HttpRequest, draft: Page) -> HttpResponse:
    """The draft as its page will look; only the editor makes such a request."""
    context = {"page": draft, "sections": sections(draft), "preview": True, "writes": False}
    return render(request, "toolbox/content.html", context)
