"""The labels of sheets, and the ground of the editor's tree, set by `parvis load_lists`."""

from __future__ import annotations

from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Workflow

from parvis.toolbox.labels import groups
from parvis.toolbox.models import Label


def load() -> str:
    """Load the labels, and take away what the editor's library brings of its own: a page, groups
    and a workflow that nobody here uses. Twice changes nothing."""
    position = 0
    for group, (_, pairs) in groups().items():
        for code, label in pairs:
            position += 1
            Label.objects.update_or_create(
                group=group, code=code, defaults={"label": label, "position": position}
            )
    take_away_what_the_library_brings()
    return f"{position} étiquettes de la boîte à outils."


def take_away_what_the_library_brings() -> None:
    """The welcome page, the groups and the workflow of a new Wagtail."""
    for page in Page.objects.filter(depth=2, content_type__app_label="wagtailcore"):
        page.delete()
    Group.objects.filter(name__in=("Editors", "Moderators")).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.filter(name="Moderators approval").delete()
