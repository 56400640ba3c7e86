"""How the cadre de référence stands on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from parvis.councils.frame_events import FRAME, FRAME_SENTENCES
from parvis.councils.models import Frame
from parvis.councils.workflow import FrameState
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, columns, register


def frame_rows(actor: Actor) -> Any:
    """The versions that this actor may see, as the register's columns."""
    return columns(
        Frame.objects.visible_to(actor),
        FRAME,
        title="title",
        who="coordinator__name",
        day=Coalesce("adopted_on", TruncDate("opened_at")),
        state="state",
    )


def url_of_frame(pk: int) -> str:
    """The page of a version."""
    return reverse("councils:frame", args=[pk])


register(
    Kind(
        code=FRAME,
        label="cadre de référence",
        plural="cadres de référence",
        icon="scroll-text",
        url=url_of_frame,
        rows=frame_rows,
        state_labels=dict(FrameState.choices),
        ended=(FrameState.ADOPTED, FrameState.REPLACED),
        sentences=FRAME_SENTENCES,
    )
)
