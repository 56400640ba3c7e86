"""Erasing who proposed and who supported, once it has served."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.councils.models import Proposition, Support
from parvis.councils.proposition_acts import SUPPORTED
from parvis.councils.proposition_events import forget_author
from parvis.councils.sorting import settings
from parvis.councils.workflow import MicroState, PropositionState
from parvis.notices import outbox
from parvis.notices.keeping import Due, due_among, due_together

# A proposition that nobody ever answers does not keep its author for ever.
NEVER_ENDED = timedelta(days=2 * 365)
ENDED = (PropositionState.REFUSED, PropositionState.ANSWERED, PropositionState.WITHDRAWN)
# What nobody else ever read: its words may name somebody.
UNREAD = (PropositionState.REFUSED, PropositionState.WITHDRAWN)
ERASED_TITLE = "Proposition effacée"
OVER = (MicroState.DONE, MicroState.REFUSED, MicroState.DROPPED)


def _last_word(at: datetime) -> datetime:
    return at - timedelta(days=settings()["proposition_days"])


def _authored(at: datetime) -> Any:
    """Propositions whose author was told the last word some time ago."""
    ended = Q(state__in=ENDED) | Q(state=PropositionState.PROJECT, micro_project__state__in=OVER)
    limit = _last_word(at)
    said = Q(contact__told_at__lt=limit) | Q(contact__told_at=None, at__lt=limit)
    rows = Proposition.objects.filter(contact__isnull=False)
    return rows.filter((ended & said) | Q(at__lt=at - NEVER_ENDED))


def _unread(at: datetime) -> Any:
    limit = _last_word(at)
    unread = Proposition.objects.filter(state__in=UNREAD).exclude(text="")
    return unread.filter(Q(reviewed_at__lt=limit) | Q(reviewed_at=None, at__lt=limit))


def _old_support(at: datetime) -> Q:
    unconfirmed = at - timedelta(days=settings()["support_days"])
    return Q(confirmed_at=None, asked_at__lt=unconfirmed) | ~Q(proposition__state__in=SUPPORTED)


def propositions_due(now: datetime) -> Due:
    """What `erase_proposition_people` would erase."""
    return due_together(
        [
            due_among(_authored(now), "at"),
            due_among(_unread(now), "at"),
            due_among(Support.objects.filter(_old_support(now)), "asked_at"),
        ]
    )


def erase_proposition_people(now: datetime | None = None) -> int:
    """Erase authors' contacts a set time after the last word, the words of what was refused or
    taken back, supports never confirmed, and the digests of propositions that take no support any
    more: their count stays. How many rows went; running it again changes nothing."""
    at = now or timezone.now()
    gone = 0
    for proposition in list(_authored(at)):
        with transaction.atomic():
            forget_author(proposition)
        gone += 1
    gone += int(_unread(at).update(title=ERASED_TITLE, text=""))
    old = _old_support(at)
    with transaction.atomic():
        ids = list(Support.objects.filter(old).values_list("pk", flat=True))
        # Asked again: who confirmed meanwhile is kept.
        Support.objects.filter(old, pk__in=ids).delete()
        for pk in ids:
            outbox.forget(f"support:{pk}")
    return gone + len(ids)
