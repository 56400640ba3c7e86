"""Reminding a service that an orientation waits: who receives, then their organisation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.models import start_of_day
from parvis.vigilance import orientation_telling as telling
from parvis.vigilance.models import Entry, Orientation
from parvis.vigilance.orientation_acts import log
from parvis.vigilance.orientation_doors import who_receives

HOURS = range(7, 20)  # nobody is written to at night
AGAIN = timedelta(days=7)
CHASES = 2  # to who receives, then to their organisation


def chase(now: datetime | None = None) -> int:
    """Remind what is late; how many orientations. Run again the same week it reminds nobody."""
    at = now or timezone.now()
    late = Orientation.objects.late(timezone.localdate(at)).filter(_ripe(at))
    return sum(_chase(pk, at) for pk in late.order_by("pk").values_list("pk", flat=True))


def _ripe(at: datetime) -> Q:
    """Never chased, or once a week ago: by days, whatever the hour of the first reminder."""
    since = start_of_day(timezone.localdate(at) - AGAIN + timedelta(days=1))
    return Q(chases=0) | Q(chases__lt=CHASES, chased_at__lt=since)


def _chase(pk: int, at: datetime) -> int:
    today = timezone.localdate(at)
    with transaction.atomic():
        rows = Orientation.objects.late(today).filter(_ripe(at)).select_for_update(of=("self",))
        one = rows.filter(pk=pk).select_related("door__organisation", "commune").first()
        if one is None:
            return 0
        # Where nobody is left to receive, only the organisation can do something.
        first = one.chases == 0 and bool(who_receives(one.door_id, today))
        one.chases, one.chased_at = (1 if first else CHASES), at
        one.save(update_fields=["chases", "chased_at"])
        entry = log(one, Entry.Code.CHASED, None, one.door)
        if first:
            telling.tell_late(one, entry)
        else:
            telling.tell_service(one, entry)
    return 1
