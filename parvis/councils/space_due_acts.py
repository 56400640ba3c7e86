"""Documents that institutions owe to a body: expected, moved, given, received another way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.councils import sorting
from parvis.councils.models import Body, DueDocument
from parvis.councils.space_events import DUE_DOCUMENT
from parvis.councils.space_mail import tell_animators
from parvis.partners.actors import Actor
from parvis.thread.acts import record


def expect_document(
    body: Body, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> DueDocument:
    """Write down that an institution owes a document to a body by that day."""
    document = DueDocument(body=body)
    _fill(document, fields)
    with transaction.atomic():
        document.save()
        record(
            actor,
            DUE_DOCUMENT,
            document.pk,
            "expected",
            concerns=document.owed_by,
            public=False,
            at=now,
        )
    return document


def change_document(
    document: DueDocument, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> DueDocument:
    """Write it anew; the events say when its day was moved, or when it came another way."""
    with transaction.atomic():
        fresh = _held(document)
        day, received = fresh.due_on, fresh.received_on
        _fill(fresh, fields)
        fresh.save()
        if fresh.due_on != day:
            old, new = f"{day:%d/%m/%Y}", f"{fresh.due_on:%d/%m/%Y}"
            record(actor, DUE_DOCUMENT, fresh.pk, "moved", old=old, new=new, public=False, at=now)
        if fresh.received_on and not received:
            record(actor, DUE_DOCUMENT, fresh.pk, "received", public=False, at=now)
    return fresh


def give_document(
    document: DueDocument, file: Any, *, actor: Actor, now: datetime | None = None
) -> DueDocument:
    """Hand the document over: it is received today, and the animator of the body is told. Given
    again, the new file takes the place of the old one."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(document)
        before = fresh.file.name
        fresh.file = file
        fresh.received_on = fresh.received_on or timezone.localdate(at)
        fresh.save(update_fields=["file", "received_on"])
        if before:
            storage = fresh.file.storage
            transaction.on_commit(lambda: storage.delete(before))
        record(actor, DUE_DOCUMENT, fresh.pk, "given", public=False, at=at)
        tell_animators(
            f"councils.due_document:{fresh.pk}:{at:%Y%m%d%H}",
            fresh.body,
            "document",
            link=settings.SITE_URL + reverse("councils:due_document", args=[fresh.pk]),
            document=fresh,
        )
    return fresh


def _held(document: DueDocument) -> DueDocument:
    rows = DueDocument.objects.select_for_update(of=("self",))
    return rows.select_related("body__organisation", "owed_by").get(pk=document.pk)


def _fill(document: DueDocument, fields: dict[str, Any]) -> None:
    if fields.get("kind") not in sorting.choices("due_document"):
        raise ValidationError({"kind": "Choisissez une nature de la liste."})
    for name, value in fields.items():
        setattr(document, name, value)
    document.full_clean()
