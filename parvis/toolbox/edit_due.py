"""What of the sheets waits: proposed and not read yet, to be read again, expired. The list of it,
and the daily reminder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, WorkflowState

from parvis.partners.actors import Actor
from parvis.thread.register import due_columns
from parvis.toolbox import edit_telling
from parvis.toolbox.models import Sheet
from parvis.toolbox.publishing import KIND

BEFORE = timedelta(days=30)
# How long after its day something is still told, when the house stood still meanwhile.
AFTER = timedelta(days=30)
HOURS = range(7, 20)  # nobody is written to at night


def proposed(today: date) -> Q:
    """Sheets that the reading committee has before it."""
    return Q(pk__in=_in_state(WorkflowState.STATUS_IN_PROGRESS))


def being_mended(today: date) -> Q:
    """Sheets that the committee sent back with its remarks."""
    return Q(pk__in=_in_state(WorkflowState.STATUS_NEEDS_CHANGES))


def to_read_again(today: date) -> Q:
    """Published sheets whose day of reading is near or past, and that are still vouched for."""
    current = Q(expires_on=None) | Q(expires_on__gte=today)
    return current & Q(live=True, review_on__lte=today + BEFORE)


def expired(today: date) -> Q:
    """Published sheets that nobody vouches for any more."""
    return Q(live=True, expires_on__lt=today)


# What the list shows, by the code in its address.
SHELVES: dict[str, tuple[str, Callable[[date], Q]]] = {
    "proposees": ("Proposées", proposed),
    "a-corriger": ("À corriger", being_mended),
    "a-relire": ("À relire", to_read_again),
    "perimees": ("Périmées", expired),
}


def waiting(actor: Actor, shelf: str, today: date | None = None) -> Any:
    """The sheets of one shelf that this actor writes or reads, the most pressing first."""
    condition = SHELVES[shelf][1](today or timezone.localdate())
    rows = Sheet.objects.allowed(actor, "write").filter(condition).select_related("author")
    return rows.order_by(F("expires_on").asc(nulls_last=True), "review_on", "title", "pk")


def counts(actor: Actor, today: date | None = None) -> dict[str, int]:
    """How many sheets wait on each shelf."""
    return {shelf: waiting(actor, shelf, today).order_by().count() for shelf in SHELVES}


def due_rows(actor: Actor) -> Any:
    """The sheets that their organisation has to read again, as the register's columns."""
    rows = Sheet.objects.allowed(actor, "write").filter(to_read_again(timezone.localdate()))
    return due_columns(
        rows,
        KIND,
        title="title",
        who="author__name",
        state="kind",
        due_on="review_on",
        owner="author_id",
    )


def review_sheets(now: datetime | None = None) -> int:
    """Write to authors and coordinations of sheets whose day of reading is near, or whose time is
    over; how many mails. Each day of each sheet is told once."""
    today = timezone.localdate(now or timezone.now())
    rows = Sheet.objects.filter(live=True).select_related("author", "coordination")
    near = rows.filter(review_on__range=(today - AFTER, today + BEFORE))
    over = rows.filter(expires_on__lt=today, expires_on__gte=today - AFTER)
    told = sum(edit_telling.tell_due(sheet) for sheet in near.exclude(expired(today)))
    return told + sum(edit_telling.tell_expired(sheet) for sheet in over)


def _in_state(status: str) -> Any:
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), status=status
    )
    return states.annotate(sheet=Cast("object_id", BigIntegerField())).values("sheet")
