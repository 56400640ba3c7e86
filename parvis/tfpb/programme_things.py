"""How programmes and their lines stand on the thread: the euro that answers what was seen."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, CharField, DecimalField, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.tfpb import access
from parvis.tfpb.circuit_waiting import FOR_A_MEETING, late_elsewhere, turn_of
from parvis.tfpb.lines_on_foot import PUBLIC_LATER, WORDS, keep_seen, lines_to_see
from parvis.tfpb.programme_events import (
    LINE,
    LINE_SENTENCES,
    PROGRAMME,
    PROGRAMME_SENTENCES,
)
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.workflow import WRITTEN, ProgrammeState
from parvis.thread.register import Checking, Kind, Where, columns, due_columns, register

__all__ = ["LINE", "PROGRAMME"]


def _title() -> Any:
    """« Programme TFPB 2026 de X, quartier Y », as `title_of` writes it."""
    return Concat(
        Value("Programme TFPB "),
        Cast("year", CharField()),
        Value(" de "),
        "landlord__name",
        Value(", quartier "),
        "quartier__name",
    )


def programme_rows(actor: Actor) -> Any:
    """The programmes that this actor may see, as the register's columns; the amount is for who may
    read it."""
    reads = access.PROGRAMME.condition(actor, "read")
    return columns(
        Programme.objects.visible_to(actor),
        PROGRAMME,
        title=_title(),
        who="landlord__name",
        day=TruncDate("moved_at"),
        amount=Case(
            When(reads, then=Coalesce("real", "forecast")),
            output_field=DecimalField(max_digits=14, decimal_places=2, null=True),
        ),
        state="state",
    )


def line_rows(actor: Actor) -> Any:
    """The lines that this actor may see, with what is valued of them."""
    return columns(
        Line.objects.visible_to(actor),
        LINE,
        title="title",
        who="programme__landlord__name",
        day=Coalesce("starts_on", TruncDate("programme__moved_at")),
        amount="valued",
        state="programme__state",
    )


def programmes_due(actor: Actor) -> Any:
    """The programmes whose next step is the actor's own organisation's; for who coordinates, those
    that a landlord is late to complete."""
    return due_columns(
        Programme.objects.filter(turn_of(actor) | late_elsewhere(actor)),
        PROGRAMME,
        title=_title(),
        who="landlord__name",
        state="state",
        due_on="due_on",
        owner=Case(
            When(state__in=WRITTEN, then=F("landlord_id")),
            default=Value(actor.organisation_id),
            output_field=BigIntegerField(null=True),
        ),
    )


def programmes_awaiting(actor: Actor) -> Any:
    """The programmes that only a COTECH or a COPIL may move on: a meeting proposes them."""
    return due_columns(
        Programme.objects.allowed(actor, "follow").filter(state__in=FOR_A_MEETING),
        PROGRAMME,
        title=_title(),
        who="landlord__name",
        state="state",
        due_on="due_on",
        owner="landlord_id",
    )


def programmes_lying(where: Where) -> Any:
    """The programmes of these communes or quartiers."""
    there = Q(commune_id__in=where.communes) | Q(quartier_id__in=where.quartiers)
    return Programme.objects.filter(there).values("pk")


def lines_lying(where: Where) -> Any:
    """The lines of the programmes of these communes or quartiers, and those of these residences."""
    there = Q(programme__commune_id__in=where.communes)
    there |= Q(programme__quartier_id__in=where.quartiers)
    homes = Line.residences.through.objects.filter(residence_id__in=where.residences)
    return Line.objects.filter(there | Q(pk__in=homes.values("line_id"))).values("pk")


def offered_lines(actor: Actor, where: Where) -> Any:
    """The lines that this actor may have checked on the spot in these places."""
    return lines_to_see(actor, lines_lying(where))


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
        due=programmes_due,
        awaits=programmes_awaiting,
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
        # No existence is told: a draft is nobody else's, and nothing arises from a line.
        lies_in=lines_lying,
        checking=Checking(WORDS, offered_lines, keep_seen, PUBLIC_LATER),
        sentences=LINE_SENTENCES,
    )
)
