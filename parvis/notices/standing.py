"""How the outbox stands, for who runs the installation: counts and kinds of errors, never a person,
an address or a word of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from parvis.notices.models import Bounce, Channel, Message, OutboxQuerySet

LATELY = timedelta(days=7)
STUCK_AFTER = timedelta(hours=1)
# Reasons that are no failure: their readers wished it so, or are known to be out of reach.
WISHED = ("stopped", "bounced")


@dataclass(frozen=True)
class Row:
    """One channel: what left and failed in the last seven days, what waits now."""

    channel: str
    waiting: int
    retried: int  # of these, how many were refused or unanswered at least once
    oldest: datetime | None  # when the oldest that should have left was to leave
    sent: int
    failed: int


@dataclass(frozen=True)
class Standing:
    """The whole outbox at one moment."""

    rows: tuple[Row, ...]
    errors: tuple[tuple[str, str, int], ...]  # channel, class of the error, how many lately
    bounced: int  # addresses to which nothing is sent any more
    stuck: bool


def standing(now: datetime | None = None) -> Standing:
    """How it stands; four queries."""
    at = now or timezone.now()
    waiting, lately = Q(sent_at=None, failed_at=None), at - LATELY
    late = Q(pk__in=_to_leave().filter(due_at__lte=at).values("pk"))
    counted = Message.objects.values("channel").annotate(
        waiting=Count("pk", filter=waiting),
        retried=Count("pk", filter=waiting & Q(attempts__gt=0)),
        oldest=Min("due_at", filter=late),
        sent=Count("pk", filter=Q(sent_at__gte=lately)),
        failed=Count("pk", filter=Q(failed_at__gte=lately) & ~Q(last_error__in=WISHED)),
    )
    found = {row["channel"]: row for row in counted.order_by("channel")}
    rows = tuple(
        Row(
            str(channel.label),
            one["waiting"],
            one["retried"],
            one["oldest"],
            one["sent"],
            one["failed"],
        )
        for channel in Channel
        if (one := found.get(channel))
    )
    errors = (
        Message.objects.exclude(last_error="")
        .filter(Q(failed_at__gte=lately) | waiting)
        .values("channel", "last_error")
        .annotate(count=Count("pk"))
        .order_by("-count", "channel", "last_error")[:20]
    )
    return Standing(
        rows,
        tuple((str(Channel(e["channel"]).label), e["last_error"], e["count"]) for e in errors),
        Bounce.objects.count(),
        is_stuck(at),
    )


def is_stuck(now: datetime | None = None) -> bool:
    """Whether something that should have left an hour ago has not, or is being refused again and
    again."""
    at = now or timezone.now()
    return _to_leave().filter(Q(due_at__lt=at - STUCK_AFTER) | Q(attempts__gte=6)).exists()


def late_by(now: datetime, by: timedelta) -> int:
    """How many messages should have left so long ago."""
    return _to_leave().filter(due_at__lt=now - by).count()


def _to_leave() -> OutboxQuerySet:
    """What leaves by itself once it is due. Letters wait for hands; what stands behind another
    message of its lane waits for that one, perhaps for the end of the night."""
    waiting = Message.objects.filter(sent_at=None, failed_at=None)
    rows: OutboxQuerySet = waiting.exclude(channel=Channel.LETTER).first_in_line()
    return rows
