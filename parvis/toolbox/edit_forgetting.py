"""Erasing what was said of sheets while they were written: words between colleagues, which may name
somebody and which nobody reads any more."""

from __future__ import annotations

from datetime import datetime, timedelta

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

KEPT = timedelta(days=365)  # a sheet is read again once a year


def forget_remarks(now: datetime | None = None) -> int:
    """Erase the comments that nobody touched for a year, the committee's words of then, and the
    library's journal, which repeats both; how many rows. Texts and versions stay."""
    limit = (now or timezone.now()) - KEPT
    with transaction.atomic():
        gone: int = Comment.objects.filter(updated_at__lt=limit).delete()[0]
        said = TaskState.objects.filter(started_at__lt=limit).exclude(comment="")
        gone += said.update(comment="")
        for journal in (PageLogEntry, ModelLogEntry):
            gone += journal.objects.filter(timestamp__lt=limit).delete()[0]
        # Each text that was kept holds a copy of the comments of its day.
        pages = ContentType.objects.get_for_model(Page)
        held = f"content__{COMMENTS_RELATION_NAME}"
        old = Revision.objects.filter(base_content_type=pages, created_at__lt=limit)
        copies = old.filter(**{f"{held}__isnull": False}).exclude(**{held: []})
        for revision in copies.iterator(chunk_size=100):
            revision.content[COMMENTS_RELATION_NAME] = []
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)
            gone += 1
    return gone
