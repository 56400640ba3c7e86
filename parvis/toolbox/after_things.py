"""How needs stand on the thread: a course arises from one."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.thread.register import Kind, columns, register
from parvis.toolbox.after_need_acts import KIND
from parvis.toolbox.models import Need


def need_rows(actor: Actor) -> Any:
    """The needs that this actor may see, as the register's columns."""
    return columns(
        Need.objects.visible_to(actor),
        KIND,
        title="title",
        who="organisation__name",
        day=TruncDate("at"),
        state="state",
    )


def url_of(pk: int) -> str:
    """The page of a need."""
    return reverse("toolbox:need", args=[pk])


register(
    Kind(
        code=KIND,
        label="besoin de formation",
        plural="besoins de formation",
        icon="hand",
        url=url_of,
        rows=need_rows,
        state_labels={str(value): str(label) for value, label in Need.State.choices},
        ended=(Need.State.ANSWERED, Need.State.CLOSED),
        sentences={
            "asked": "Besoin exprimé par {concerns}",
            "joined": "Demandé aussi par {concerns}",
            "answered": "Une formation répond à ce besoin",
            "closed": "Demande close",
        },
    )
)
