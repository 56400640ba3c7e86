"""How sheets stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, register
from parvis.toolbox.edit_due import due_rows
from parvis.toolbox.models import Sheet
from parvis.toolbox.publishing import KIND


def sheet_rows(actor: Actor) -> Any:
    """The sheets that this actor may see, as the register's columns."""
    return columns(
        Sheet.objects.visible_to(actor),
        KIND,
        title="title",
        who="author__name",
        day=TruncDate("first_published_at"),
        state=Case(When(live=True, then=Value("published")), default=Value("draft")),
    )


def sheets_lying(where: Where) -> Any:
    """The sheets about these quartiers."""
    about = Sheet.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Sheet.objects.filter(Q(Exists(about.filter(sheet_id=OuterRef("pk"))))).values("pk")


def url_of(pk: int) -> str:
    """The page of a sheet."""
    return reverse("toolbox:sheet", args=[pk])


register(
    Kind(
        code=KIND,
        label="fiche",
        plural="fiches",
        icon="book-open",
        url=url_of,
        rows=sheet_rows,
        state_labels={"published": "publiée", "draft": "en préparation"},
        ended=("published",),
        sentences={
            "published": "Fiche publiée par {concerns}",
            "updated": "Nouvelle version publiée",
            "withdrawn": "Fiche retirée",
        },
        due=due_rows,
        lies_in=sheets_lying,
        public_url=url_of,
    )
)
