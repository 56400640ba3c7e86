"""Erasing the content of orientations on time, and then whoever wrote, read and handled them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import start_of_day
from parvis.vigilance.models import Entry, Orientation, OrientationSecret, SpokenAgreement
from parvis.vigilance.models.orientations import EntryQuerySet, OrientationQuerySet
from parvis.vigilance.workflow import State

# What was not sent, was refused or taken back.
SHORT = timedelta(days=30)
LONGEST = timedelta(days=730)
# Who read or handled it stays known this long after the erasure.
LOG_KEPT = timedelta(days=3 * 365 + 1)
REASON_GONE = "Motif effacé avec le nom."


@dataclass(frozen=True)
class Erased:
    """How many orientations were emptied, and how many lines of logs lost their person."""

    orientations: int
    lines: int

    @property
    def total(self) -> int:
        """How many rows, of either kind."""
        return self.orientations + self.lines


def erase_old(now: datetime | None = None, *, dry_run: bool = False) -> Erased:
    """Erase what has passed its last day; a second run finds nothing. `dry_run` counts."""
    at = now or timezone.now()
    due, old = due_at(at), served_entries(at)
    if dry_run:
        return Erased(due.count(), old.count())
    orientations = sum(_erase(pk, at) for pk in due.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        ids = list(old.order_by("pk").values_list("pk", flat=True))
        lines = Entry.objects.filter(pk__in=ids)
        lines.update(person=None)
        lines.exclude(reason="").update(reason=REASON_GONE)
    return Erased(orientations, len(ids))


def erase_content(one: Orientation, *, actor: Actor | None = None) -> bool:
    """Delete what is secret in an orientation that is held, and log it; whether there was any."""
    if connection.vendor == "sqlite":
        # A deleted row would lie in the file until its page is used again: overwrite it with zeros.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    deleted, _ = OrientationSecret.objects.filter(orientation=one).delete()
    if deleted:
        Entry.objects.create(
            orientation=one,
            code=Entry.Code.ERASED,
            person_id=actor.user_id if actor else None,
            organisation_id=actor.organisation_id if actor else None,
        )
    return bool(deleted)


def due_at(now: datetime) -> OrientationQuerySet:
    """Those past their last day. One without is kept two years at most."""
    today = timezone.localdate(now)
    undated = Q(erase_on=None) & (
        Q(written_at__lt=start_of_day(today - LONGEST))
        | Q(state=State.DRAFT, written_at__lt=start_of_day(today - SHORT))
    )
    return Orientation.objects.filter(Q(erase_on__lt=today) | undated, erased_at=None)


def served_entries(now: datetime) -> EntryQuerySet:
    """Lines of logs that name a person, long after what they are about was erased."""
    return Entry.objects.filter(orientation__erased_at__lt=now - LOG_KEPT).filter(
        Q(person__isnull=False) | ~Q(reason__in=("", REASON_GONE))
    )


def _erase(pk: int, at: datetime) -> int:
    """Empty one orientation, unless a contact was noted meanwhile; 1 when it was emptied."""
    with transaction.atomic():
        rows = due_at(at).select_for_update(of=("self",))
        one = rows.filter(pk=pk).first()
        if one is None:
            return 0
        erase_content(one)
        SpokenAgreement.objects.filter(orientation=one).delete()
        one.sender, one.erased_at = None, at
        one.save(update_fields=["sender", "erased_at"])
    return 1
