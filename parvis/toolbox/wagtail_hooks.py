"""What the editor's office shows to each: found by the library under this very name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import page_permission_policy


@hooks.register("construct_page_chooser_queryset")
def choose_among_what_may_be_read(pages: Any, request: HttpRequest) -> Any:
    """Links lead to published pages, or to drafts of one's own: a chooser tells no other title."""
    mine = page_permission_policy.explorable_instances(request.user)
    return pages.filter(live=True) | pages.filter(pk__in=mine.values("pk"))


@hooks.register("construct_main_menu")
def keep_the_menu_short(request: HttpRequest, items: list[Any]) -> None:
    """Pages, pictures and papers; nothing that a door keeps shut."""
    items[:] = [item for item in items if item.name in ("explorer", "images", "documents")]


@hooks.register("construct_homepage_panels")
def keep_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for a reading, and one's own drafts."""
    kept = ("workflow_pages_to_moderate", "user_pages_in_workflow_moderation", "locked_pages")
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") in kept]
