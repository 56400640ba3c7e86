"""What templates ask about the writing of sheets."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import TaskState

from parvis.partners.actors import Actor
from parvis.toolbox.models import Sheet

register = template.Library()


@register.simple_tag
def opens(sheet: Any, actor: Actor) -> bool:
    """Whether the office opens a sheet of this actor's to them: who only writes for an
    organisation has the form of what they began themselves. No query."""
    return actor.role != "contributeur" or sheet.owner_id == actor.user_id


@register.simple_tag
def changes_asked(sheet: Any) -> TaskState | None:
    """The reading that asked for changes in a sheet, until it is proposed again."""
    state = sheet.current_workflow_state if sheet.pk else None
    if state is None or state.status != state.STATUS_NEEDS_CHANGES:
        return None
    found: TaskState = state.current_task_state
    return found


@register.simple_tag
def may_write(sheet: Any, actor: Actor | None) -> bool:
    """Whether this actor may open this sheet in the office. No query for who writes nowhere."""
    if actor is None or not actor.is_partner or not sheet.pk or not opens(sheet, actor):
        return False
    return bool(Sheet.objects.allowed(actor, "write").filter(pk=sheet.pk).exists())
