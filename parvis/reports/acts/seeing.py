"""What was seen of a report on the spot, by people who walked there."""

from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.documents.photos import MAX_PHOTOS, PhotoRefused, clean
from parvis.partners.actors import Actor
from parvis.reports import photos as files
from parvis.reports.counting import lock
from parvis.reports.models import Note, Photo
from parvis.reports.workflow import Forbidden
from parvis.thread.register import Seen

WORDS = {"seen": "toujours là", "unseen": "ne se voit plus", "worse": "pire"}


def keep_seen(actor: Actor, report_id: int, seen: Seen) -> None:
    """Keep it as an internal note and pictures that nobody has reviewed yet. No part is closed by
    it: who answers for a part says so.

    ValidationError for a report that was withdrawn, or united with another.
    """
    at = timezone.now()
    try:
        photos = [clean(io.BytesIO(one)) for one in seen.pictures[:MAX_PHOTOS]]
    except PhotoRefused as refused:
        raise ValidationError(str(refused)) from None
    try:
        with files.written(photos, at) as rows, transaction.atomic():
            report, _ = lock(report_id)
            Note.objects.create(
                report=report,
                organisation_id=seen.organisation_id,
                by_id=_author(actor, seen),
                text=seen.in_words(WORDS[seen.result], _length()),
                at=at,
            )
            gone = seen.result == "unseen"
            files.attach(
                rows,
                report,
                organisation_id=seen.organisation_id,
                moment=Photo.Moment.AFTER if gone else Photo.Moment.BEFORE,
            )
    except Forbidden as refused:
        raise ValidationError(str(refused)) from None


def _author(actor: Actor, seen: Seen) -> int | None:
    """The person, when it is for its own organisation that it looked."""
    return actor.user_id if actor.organisation_id == seen.organisation_id else None


def _length() -> int:
    field: Any = Note._meta.get_field("text")
    return int(field.max_length)
