"""Pages of content, as the coordination makes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from parvis.toolbox.content_office import front
from parvis.toolbox.models import AccessibilityStatement, ContentPage


def a_page(*, title: str = "Le lexique du quartier", published: bool = True, **fields: Any) -> Any:
    """A page of content, free or with a place."""
    fields.setdefault("slug", f"page-{ContentPage.objects.count() + 1}")
    kind = fields.pop("kind", ContentPage)
    fields.setdefault("show_in_menus", True)
    page = kind(title=title, live=False, **fields)
    front().add_child(instance=page)
    revision = page.save_revision()
    if published:
        revision.publish()
        page.refresh_from_db()
    return page


def words(html: str) -> list[tuple[str, str]]:
    """A body of one text."""
    return [("text", html)]


def a_statement(**fields: Any) -> Any:
    """The statement of accessibility."""
    given = {"made_on": date(2026, 3, 2), "slug": "declaration", **fields}
    return a_page(title="Déclaration", kind=AccessibilityStatement, **given)


def in_office(person: Any) -> Client:
    """A browser of somebody who opened the editor's office."""
    client = Client()
    client.force_login(person)
    client.post(reverse("toolbox:office"))
    return client


def typed(**fields: Any) -> dict[str, Any]:
    """What the editor sends of a page."""
    return {
        "title": "Le lexique du quartier",
        "slug": "lexique",
        "place": "",
        "summary": "",
        "body-count": "0",
        "position": "10",
        "show_in_menus": "on",
        "action-publish": "action-publish",
        **fields,
    }
