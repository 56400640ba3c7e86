"""What awaits an actor, and what of it is late: the board and the list count the same parts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports import access
from parvis.reports.models import Part
from parvis.reports.workflow import OPEN


def awaited_parts(actor: Actor) -> Any:
    """The open parts that this actor may move on; those that nobody owns, to be given to somebody;
    and those of others that are late, to be chased."""
    may = partial(access.PART.condition, actor)
    late = Q(due_on__lt=timezone.localdate(), organisation__isnull=False)
    awaited = may("handle") | (may("assign") & Q(organisation=None)) | (may("chase") & late)
    return Part.objects.filter(awaited, state__in=OPEN, report__withdrawn_at=None)


def late_parts(actor: Actor) -> Any:
    """Those whose day has passed."""
    return awaited_parts(actor).filter(due_on__lt=timezone.localdate())


def to_chase(actor: Actor) -> Q:
    """Parts that this actor may remind somebody of today: once a day at most."""
    today = Q(chased_on=timezone.localdate())
    return access.PART.condition(actor, "chase") & Q(organisation__isnull=False) & ~today
