"""How documents due by institutions stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse

from parvis.councils.models import Body, DueDocument
from parvis.councils.space_events import DUE_DOCUMENT, DUE_DOCUMENT_SENTENCES
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register


def due_document_rows(actor: Actor) -> Any:
    """The documents that this actor may see, as the register's columns."""
    return columns(
        DueDocument.objects.visible_to(actor),
        DUE_DOCUMENT,
        title="title",
        who="owed_by__name",
        day="due_on",
        state=Case(When(received_on=None, then=Value("due")), default=Value("received")),
    )


def due_documents_owed(actor: Actor) -> Any:
    """What the actor's organisation owes and has not given yet."""
    rows = DueDocument.objects.allowed(actor, "give")
    return due_columns(
        rows.filter(received_on=None, owed_by_id=actor.organisation_id),
        DUE_DOCUMENT,
        title="title",
        due_on="due_on",
        owner="owed_by_id",
        state=Value("owed"),
    )


def due_documents_lying(where: Where) -> Any:
    """What is owed to the bodies of these quartiers."""
    inside = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    rows = DueDocument.objects.filter(Exists(inside.filter(body_id=OuterRef("body_id"))))
    return rows.values("pk")


def url_of_due_document(pk: int) -> str:
    """The page of a document due."""
    return reverse("councils:due_document", args=[pk])


register(
    Kind(
        code=DUE_DOCUMENT,
        label="document dû à une instance",
        plural="documents dus aux instances",
        icon="file-clock",
        url=url_of_due_document,
        rows=due_document_rows,
        # A title alone does not say, on the board of who owes it, that a body waits for it.
        state_labels={
            "due": "attendu",
            "owed": "document à remettre à une instance",
            "received": "reçu",
        },
        ended=("received",),
        due=due_documents_owed,
        lies_in=due_documents_lying,
        sentences=DUE_DOCUMENT_SENTENCES,
    )
)
