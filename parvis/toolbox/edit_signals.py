"""What the editor's library tells: a proposal, a wish for changes, a publication, a withdrawal.

These signals are a third party's: the one place where the house receives any. Its own mails are
turned off here; ours leave through the outbox.
"""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from parvis.toolbox import edit_telling, publishing
from parvis.toolbox.models import Sheet

LIBRARY_MAILS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)


def silence() -> None:
    """Turn the library's own mails off, once it has set them up."""
    for signal, sender, name in LIBRARY_MAILS:
        signal.disconnect(sender=sender, dispatch_uid=name)


def listen() -> None:
    """Follow what happens to sheets; called once at start."""
    task_submitted.connect(_submitted, dispatch_uid="toolbox submitted")
    workflow_rejected.connect(_changes_asked, dispatch_uid="toolbox changes asked")
    page_published.connect(_published, dispatch_uid="toolbox published")
    page_unpublished.connect(_unpublished, dispatch_uid="toolbox unpublished")


def _who() -> int | None:
    """The person at work in the office, if this happens there."""
    user = get_active_log_context().user
    return None if user is None else int(user.pk)


def _sheet(thing: Any) -> Sheet | None:
    found = thing.specific if isinstance(thing, Page) else thing
    return found if isinstance(found, Sheet) else None


def _submitted(instance: TaskState, **others: Any) -> None:
    sheet = _sheet(instance.workflow_state.content_object)
    if sheet is not None:
        edit_telling.tell_submitted(sheet, instance, _who())


def _changes_asked(instance: WorkflowState, **others: Any) -> None:
    sheet = _sheet(instance.content_object)
    if sheet is not None:
        edit_telling.tell_changes(sheet, instance, _who())


def _published(instance: Any, revision: Any, **others: Any) -> None:
    if isinstance(instance, Sheet):
        publishing.after_publishing(instance.pk, revision, _who())


def _unpublished(instance: Any, **others: Any) -> None:
    if isinstance(instance, Sheet):
        publishing.after_unpublishing(instance.pk)
