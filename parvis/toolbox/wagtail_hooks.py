"""What the editor's office shows to each: found by the library under this very name."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from parvis.toolbox import content_hooks, publishing
from parvis.toolbox.models import Desk, Front, Library, Sheet
from parvis.toolbox.scopes import reads

__all__ = ["content_hooks"]
MENU = ("explorer", "images", "documents", "a-relire", "retour")
# What a sheet's page in the office does not offer: each leads to a door that is shut.
ACTIONS_KEPT = ("action-save-draft", "action-submit", "action-publish", "action-unpublish")
WORKFLOW_KEPT = ("approve", "reject", "action-cancel-workflow")
LOCKED = ("action-page-locked",)
DECIDED = {
    "approve": "La fiche est validée et publiée. Ses auteurs sont prévenus.",
    "reject": "Les changements sont demandés. Les auteurs sont prévenus.",
}


@hooks.register("construct_page_chooser_queryset")
def choose_among_what_may_be_read(pages: Any, request: HttpRequest) -> Any:
    """Links lead to published pages, or to drafts of one's own: a chooser tells no other title."""
    mine = page_permission_policy.explorable_instances(request.user)
    return pages.filter(live=True) | pages.filter(pk__in=mine.values("pk"))


@hooks.register("register_admin_menu_item")
def lead_to_what_is_to_be_read() -> MenuItem:
    """The list of what is proposed, to be read again, or expired."""
    return MenuItem("À relire", reverse("toolbox:edit_due"), name="a-relire", icon_name="time")


@hooks.register("register_admin_menu_item")
def lead_back() -> MenuItem:
    """The way out of the office."""
    address = reverse("toolbox:sheets")
    return MenuItem("Retour au site", address, name="retour", icon_name="arrow-left", order=10000)


@hooks.register("construct_main_menu")
def keep_the_menu_short(request: HttpRequest, items: list[Any]) -> None:
    """Pages, pictures and papers; nothing that a door keeps shut."""
    items[:] = [item for item in items if item.name in MENU]


@hooks.register("construct_homepage_summary_items", order=1000)  # after those who count
def count_nothing(request: HttpRequest, items: list[Any]) -> None:
    """Figures of a whole site say nothing to who writes one sheet."""
    items.clear()


class WelcomePanel(Component):
    """What to do here, for who comes for the first time."""

    name = "welcome"
    order = 10
    template_name = "toolbox/edit_welcome.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Where this person's organisation writes, and whether they read what others propose."""
        actor = parent_context["request"].actor
        desk = Desk.objects.filter(organisation_id=actor.organisation_id).first()

        reading = reads(actor)
        front = Front.objects.first() if reading else None
        return {"desk": desk, "reads": reading, "front": front}


@hooks.register("construct_homepage_panels")
def keep_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """What to do, what waits for a reading, and one's own proposals."""
    kept = (
        "workflow_objects_to_moderate",
        "user_objects_in_workflow_moderation",
        "locked_pages",
        "recent_edits",
    )
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") in kept]
    panels.append(WelcomePanel())


@hooks.register("construct_page_action_menu")
def keep_what_can_be_done(items: list[Any], request: HttpRequest, context: Any) -> None:
    """Keep, propose, publish, take back; in words that say so."""
    kept = {*ACTIONS_KEPT, *WORKFLOW_KEPT, *LOCKED}
    if any(item.name == "approve" for item in items):
        kept.discard("action-publish")  # approving publishes: one button for it
    items[:] = [item for item in items if item.name in kept]
    page = context.get("page")
    proposed = page.current_workflow_state if page else None
    if proposed is not None and proposed.requested_by_id != request.user.pk:
        items[:] = [_of_another(item) for item in items]


def _of_another(item: Any) -> Any:
    """The same entry, where what is proposed is not one's own to take back."""
    if item.name == "action-cancel-workflow":
        item = copy(item)
        item.label = "Retirer de la relecture"
    return item


@hooks.register("after_edit_page")
def say_what_was_decided(request: HttpRequest, page: Any) -> None:
    """The library says that a text is saved, whatever its reader decided of it."""
    decided = "action-workflow-action" in request.POST
    told = DECIDED.get(request.POST.get("workflow-action-name", "")) if decided else None
    if told:
        messages.success(request, told)


@hooks.register("insert_global_admin_css")
def hide_what_is_shut() -> str:
    """The links of the library's own account pages, which nobody uses here."""
    return format_html('<link rel="stylesheet" href="{}">', static("toolbox/office.css"))


@hooks.register("before_delete_page")
def never_delete_what_was_published(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A sheet that everybody read is taken back, never deleted: links and versions lead to it."""
    found = page.specific
    if isinstance(found, (Desk, Library)):
        messages.error(request, "Une bibliothèque ou un bureau ne s’efface pas.")
    elif isinstance(found, Sheet) and found.version:
        messages.error(
            request,
            "Une fiche qui a été publiée ne s’efface pas : demandez à la coordination de la "
            "retirer.",
        )
    else:
        return None
    return redirect("wagtailadmin_home")


@hooks.register("after_delete_page")
def forget_what_was_deleted(request: HttpRequest, page: Any) -> None:
    """A draft that is gone leaves nothing in the index nor on the thread."""
    if isinstance(page.specific, Sheet) or isinstance(page, Sheet):
        publishing.after_deleting(page.pk)
