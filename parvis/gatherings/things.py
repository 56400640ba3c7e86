"""How gatherings stand on the thread. The séances of instances stand there by their own room."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.gatherings.acts import KIND
from parvis.gatherings.events import SENTENCES, STATE_LABELS
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, register


def gathering_rows(actor: Actor) -> Any:
    """The gatherings that this actor may see, as the register's columns."""
    return columns(
        Gathering.objects.visible_to(actor),
        KIND,
        title="title",
        who="organiser__name",
        day=TruncDate("starts_at"),
        state=Case(When(cancelled_at=None, then=Value("planned")), default=Value("cancelled")),
    )


def gatherings_lying(where: Where) -> Any:
    """The gatherings of these places."""
    inside = Gathering.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Gathering.objects.filter(
        Q(commune_id__in=where.communes)
        | Q(residence_id__in=where.residences)
        | Q(Exists(inside.filter(gathering_id=OuterRef("pk"))))
    ).values("pk")


def url_of(pk: int) -> str:
    """The page of a gathering."""
    return reverse("gatherings:gathering", args=[pk])


register(
    Kind(
        code=KIND,
        label="rendez-vous",
        plural="rendez-vous",
        icon="calendar",
        url=url_of,
        public_url=url_of,
        rows=gathering_rows,
        state_labels={"planned": "prévu", "cancelled": "annulé", **STATE_LABELS},
        sentences=SENTENCES,
        lies_in=gatherings_lying,
    )
)
