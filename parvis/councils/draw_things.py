"""How draws stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.councils import draw_access as access
from parvis.councils.body_models import Body
from parvis.councils.draw_models import Draw
from parvis.councils.lot_events import DRAW, DRAW_SENTENCES
from parvis.councils.workflow import DrawState
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register


def draw_rows(actor: Actor) -> Any:
    """The draws that this actor may see, as the register's columns."""
    return columns(
        Draw.objects.visible_to(actor),
        DRAW,
        title="title",
        who="runner__name",
        day=TruncDate("written_at"),
        state="state",
    )


def draws_due(actor: Actor) -> Any:
    """Public numbers that are to be written down, for who runs the draw."""
    awaited = Draw.objects.filter(
        access.DRAW.condition(actor, "run"), state=DrawState.SEALED, number_on__isnull=False
    )
    return due_columns(
        awaited,
        DRAW,
        title="title",
        who="runner__name",
        state=Value(DrawState.SEALED.value),
        due_on="number_on",
        owner="runner_id",
    )


def draws_lying(where: Where) -> Any:
    """The draws of bodies of these quartiers."""
    inside = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Draw.objects.filter(Exists(inside.filter(body_id=OuterRef("body_id")))).values("pk")


def url_of_draw(pk: int) -> str:
    """The page of a draw."""
    return reverse("councils:draw", args=[pk])


register(
    Kind(
        code=DRAW,
        label="tirage au sort",
        plural="tirages au sort",
        icon="dices",
        url=url_of_draw,
        rows=draw_rows,
        state_labels=dict(DrawState.choices),
        ended=(DrawState.ENDED, DrawState.CANCELLED),
        due=draws_due,
        lies_in=draws_lying,
        sentences=DRAW_SENTENCES,
    )
)
