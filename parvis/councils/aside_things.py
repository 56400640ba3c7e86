"""How what is told back to a quartier stands on the thread; a preparation stands nowhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.councils.aside_events import (
    RESTITUTION,
    RESTITUTION_LABELS,
    RESTITUTION_SENTENCES,
)
from parvis.councils.aside_reading import told_in
from parvis.councils.referent_models import Preparation
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, register


def restitution_rows(actor: Actor) -> Any:
    """What was told back, for everybody; what a body still writes, for itself alone."""
    rows = Preparation.objects.visible_to(actor)
    return columns(
        rows.exclude(said=""),
        RESTITUTION,
        title="sitting__instance__name",
        who="body__organisation__name",
        day=TruncDate("sitting__gathering__starts_at"),
        state=Case(When(told_at=None, then=Value("kept")), default=Value("told")),
    )


def restitutions_lying(where: Where) -> Any:
    """The restitutions of these quartiers."""
    return told_in(where.quartiers).values("pk")


def url_of_restitution(pk: int) -> str:
    """The page that tells back."""
    return reverse("councils:restitution", args=[pk])


register(
    Kind(
        code=RESTITUTION,
        label="restitution au quartier",
        plural="restitutions au quartier",
        icon="message-square-quote",
        url=url_of_restitution,
        public_url=url_of_restitution,
        rows=restitution_rows,
        state_labels=RESTITUTION_LABELS,
        lies_in=restitutions_lying,
        sentences=RESTITUTION_SENTENCES,
    )
)
