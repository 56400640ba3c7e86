"""The files that go with a sitting."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.meetings.models import Document, Sitting

AT_MOST = 30


def give_document(sitting: Sitting, *, title: str, file: Any) -> Document:
    """Keep a file with a sitting."""
    with transaction.atomic():
        Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
        if sitting.documents.count() >= AT_MOST:
            raise ValidationError(f"Une séance garde {AT_MOST} documents au plus.")
        document = Document(
            sitting=sitting, title=title.strip(), file=file, size=file.size, at=timezone.now()
        )
        document.full_clean()
        document.save()
    return document


def remove_document(document: Document) -> None:
    """Take a file away, from the disk too once the change is sure."""
    storage, name = document.file.storage, str(document.file.name)
    with transaction.atomic():
        document.delete()
        transaction.on_commit(lambda: storage.delete(name))
