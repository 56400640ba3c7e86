"""What is done with photos once they are there: blacking out a part, setting two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.documents import photos as pictures
from parvis.documents.photos import Box
from parvis.partners.actors import Actor
from parvis.reports import photos as files
from parvis.reports.counting import lock
from parvis.reports.models import Photo, Report
from parvis.reports.workflow import Forbidden
from parvis.thread.acts import record

CHANGED = "Cette photo a changé entre-temps : regardez-la de nouveau."
UNREADABLE = "Le fichier de cette photo ne peut plus être relu. Cachez la photo à la relecture."


def black_out(
    photo: Photo,
    *,
    actor: Actor,
    boxes: Sequence[Box],
    version: int,
    now: datetime | None = None,
) -> Photo:
    """Draw a photo anew with these parts black, for good: the old files are deleted.

    `version` is that of the picture on which the parts were shown; Forbidden when it has changed.
    """
    at = now or timezone.now()
    if not boxes:
        raise ValidationError({"cells": "Montrez d’abord ce qui doit être noirci."})
    drawn = _drawn(photo, boxes)
    with files.written([drawn], at) as (new,), transaction.atomic():
        report, _ = lock(photo.report_id)
        fresh = Photo.objects.select_for_update(of=("self",)).filter(pk=photo.pk).first()
        if fresh is None or fresh.version != version or fresh.file.name != photo.file.name:
            raise Forbidden(CHANGED)
        files.replace(fresh, new)
        record(actor, "report", report.pk, "blacked_out", public=False, at=at)
    return fresh


def _drawn(photo: Photo, boxes: Sequence[Box]) -> pictures.CleanPhoto:
    try:
        with photo.file.open("rb") as stream:
            return pictures.black_out(stream.read(), boxes)
    except OSError as error:
        raise ValidationError(UNREADABLE) from error


def pair_photo(
    photo: Photo, *, actor: Actor, before: Photo | None, now: datetime | None = None
) -> Photo:
    """Say which photo "before" this photo "after" answers; None: no longer any."""
    at = now or timezone.now()
    with transaction.atomic():
        report, _ = lock(photo.report_id)
        fresh = Photo.objects.select_for_update(of=("self",)).filter(pk=photo.pk).first()
        if fresh is None:
            raise Forbidden(CHANGED)
        answer_with(report, fresh, before)
        record(actor, "report", report.pk, "paired", public=False, at=at)
    return fresh


def answer_with(report: Report, after: Photo, before: Photo | None) -> None:
    """Keep that a photo shows what became of another one of the same report."""
    if after.moment != Photo.Moment.AFTER:
        raise ValidationError({"before": "Seule une photo « après » répond à une photo « avant »."})
    if before is not None and (
        before.report_id != report.pk or before.moment != Photo.Moment.BEFORE
    ):
        raise ValidationError({"before": "Choisissez une photo « avant » de ce signalement."})
    after.answers = before
    after.save(update_fields=["answers"])
