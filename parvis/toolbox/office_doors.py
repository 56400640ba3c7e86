"""The doors of the editor's office: the few addresses that it needs; all others stay shut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver

from parvis.partners.rights import NOBODY_AT_ALL, PARTNERS, Door
from parvis.toolbox.scopes import WRITERS

# Shut on purpose: what sets a picture in a text (`select_format` asks for no right on it), and what
# makes a file of an upload that was refused (it goes past the checks of `edit_files`).
OPEN = frozenset(
    {
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_explore_root",
        "wagtailadmin_home",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_pages:add",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:confirm_workflow_cancellation",
        "wagtailadmin_pages:delete",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:history_results",
        "wagtailadmin_pages:lock",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:revisions_revert",
        "wagtailadmin_pages:revisions_view",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:search_results",
        "wagtailadmin_pages:unlock",
        "wagtailadmin_pages:unpublish",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_pages:workflow_preview",
        "wagtailadmin_sprite",
        "wagtaildocs:add",
        "wagtaildocs:add_multiple",
        "wagtaildocs:delete",
        "wagtaildocs:delete_multiple",
        "wagtaildocs:edit",
        "wagtaildocs:edit_multiple",
        "wagtaildocs:index",
        "wagtaildocs:index_results",
        "wagtaildocs_chooser:choose",
        "wagtaildocs_chooser:choose_results",
        "wagtaildocs_chooser:chosen",
        "wagtaildocs_chooser:create",
        "wagtailimages:add",
        "wagtailimages:add_multiple",
        "wagtailimages:delete",
        "wagtailimages:delete_multiple",
        "wagtailimages:edit",
        "wagtailimages:edit_multiple",
        "wagtailimages:index",
        "wagtailimages:index_results",
        "wagtailimages_chooser:choose",
        "wagtailimages_chooser:choose_results",
        "wagtailimages_chooser:chosen",
        "wagtailimages_chooser:create",
    }
)
# The coordination alone: what leads from an old address to a new one.
REDIRECTS = frozenset(
    {
        "wagtailredirects:add",
        "wagtailredirects:delete",
        "wagtailredirects:edit",
        "wagtailredirects:index",
        "wagtailredirects:index_results",
    }
)


def doors(patterns: Iterable[Any]) -> dict[str, Door]:
    """A door for each address of the library: open to who writes, or to nobody at all."""
    return {name: _door(name) for name in names_of(patterns)}


def _door(name: str) -> Door:
    if name in OPEN:
        return Door(PARTNERS, roles=WRITERS)
    if name in REDIRECTS:
        return Door(PARTNERS, roles=("coordination",))
    return Door(NOBODY_AT_ALL)


def names_of(patterns: Iterable[Any], space: str = "") -> Iterator[str]:
    """The name of each address, with its namespace."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names_of(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern) and entry.name:  # one without a name stays shut
            yield f"{space}{entry.name}"
