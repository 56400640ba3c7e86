"""Erasing what was said of sheets while they were written: words between colleagues, which may name
somebody and which nobody reads any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    Comment,
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    TaskState,
)

from parvis.notices.keeping import Due, due_among, due_together

KEPT = timedelta(days=365)  # a sheet is read again once a year


def _said(limit: datetime) -> Any:
    return TaskState.objects.filter(started_at__lt=limit).exclude(comment="")


def _copies(limit: datetime) -> Any:
    """Texts that hold a copy of the comments of their day."""
    pages = ContentType.objects.get_for_model(Page)
    held = f"content__{COMMENTS_RELATION_NAME}"
    old = Revision.objects.filter(base_content_type=pages, created_at__lt=limit)
    return old.filter(**{f"{held}__isnull": False}).exclude(**{held: []})


def remarks_due(now: datetime) -> Due:
    """What `forget_remarks` would erase."""
    limit = now - KEPT
    return due_together(
        [
            due_among(Comment.objects.filter(updated_at__lt=limit), "updated_at"),
            due_among(_said(limit), "started_at"),
            *(
                due_among(journal.objects.filter(timestamp__lt=limit), "timestamp")
                for journal in (PageLogEntry, ModelLogEntry)
            ),
            due_among(_copies(limit), "created_at"),
        ]
    )


def forget_remarks(now: datetime | None = None) -> int:
    """Erase the comments that nobody touched for a year, the committee's words of then, and the
    library's journal, which repeats both; how many rows. Texts and versions stay."""
    limit = (now or timezone.now()) - KEPT
    with transaction.atomic():
        gone: int = Comment.objects.filter(updated_at__lt=limit).delete()[0]
        gone += _said(limit).update(comment="")
        for journal in (PageLogEntry, ModelLogEntry):
            gone += journal.objects.filter(timestamp__lt=limit).delete()[0]
        for revision in _copies(limit).iterator(chunk_size=100):
            revision.content[COMMENTS_RELATION_NAME] = []
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)
            gone += 1
    return gone
