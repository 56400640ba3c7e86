"""Recalling replies that are owed: some days before, once late, then every thirty days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from parvis.councils.opinion_models import Opinion, ReplyReminder
from parvis.councils.opinion_telling import tell_reminder
from parvis.councils.sorting import settings

HOURS = range(7, 20)  # nobody is written to at night
AGAIN = timedelta(days=30)


def remind_replies(now: datetime | None = None) -> int:
    """Write to each organisation whose reply is near or late; how many opinions are recalled."""
    today = timezone.localdate(now or timezone.now())
    soon = today + timedelta(days=settings()["reply_reminder_days"])
    rows = (
        Opinion.objects.unanswered()
        .filter(reply_due_on__lte=soon)
        .select_related("body__organisation", "replier")
        .annotate(
            before=Max("reminders__on", filter=Q(reminders__late=False)),
            after=Max("reminders__on", filter=Q(reminders__late=True)),
        )
        .order_by("reply_due_on", "pk")
    )
    told = 0
    for one in rows:
        late = one.late_on(today)
        last = one.after if late else one.before  # type: ignore[attr-defined]
        # The day on which it was sent is told by the opinion itself.
        fresh = not late and one.sent_at and timezone.localdate(one.sent_at) == today
        if fresh or (last and (not late or last > today - AGAIN)):
            continue
        told += _recall(one, today, late)
    return told


def _recall(opinion: Opinion, today: date, late: bool) -> int:
    try:
        with transaction.atomic():
            ReplyReminder.objects.create(opinion=opinion, on=today, late=late)
            tell_reminder(opinion, f"opinion.recalled:{opinion.pk}:{today}", late=late)
    except IntegrityError:  # another run told it just now
        return 0
    return 1
