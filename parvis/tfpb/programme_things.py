"""How programmes and their lines stand on the thread: the euro that answers what was seen."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.tfpb.programme_events import LINE_SENTENCES, PROGRAMME_SENTENCES
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.workflow import ProgrammeState
from parvis.thread.register import Kind, Where, columns, register

PROGRAMME = "tfpb_programme"
LINE = "tfpb_line"


def programme_rows(actor: Actor) -> Any:
    """The programmes that this actor may see, as the register's columns."""
    return columns(
        Programme.objects.visible_to(actor),
        PROGRAMME,
        title="quartier__name",
        who="landlord__name",
        amount="forecast",
        state="state",
    )


def line_rows(actor: Actor) -> Any:
    """The lines that this actor may see, with what is valued of them."""
    return columns(
        Line.objects.visible_to(actor),
        LINE,
        title="title",
        who="programme__landlord__name",
        amount="valued",
        state="programme__state",
    )


def programmes_lying(where: Where) -> Any:
    """The programmes of these communes or quartiers."""
    there = Q(commune_id__in=where.communes) | Q(quartier_id__in=where.quartiers)
    return Programme.objects.filter(there).values("pk")


def url_of_programme(pk: int) -> str:
    """The page of a programme."""
    return reverse("tfpb:programme", args=[pk])


def url_of_line(pk: int) -> str:
    """The page of a line."""
    return reverse("tfpb:line", args=[pk])


register(
    Kind(
        code=PROGRAMME,
        label="programme TFPB",
        plural="programmes TFPB",
        icon="clipboard-list",
        url=url_of_programme,
        rows=programme_rows,
        state_labels=dict(ProgrammeState.choices),
        lies_in=programmes_lying,
        sentences=PROGRAMME_SENTENCES,
    )
)
register(
    Kind(
        code=LINE,
        label="ligne TFPB",
        plural="lignes TFPB",
        icon="euro",
        url=url_of_line,
        rows=line_rows,
        state_labels=dict(ProgrammeState.choices),
        tells_existence=True,
        sentences=LINE_SENTENCES,
    )
)
