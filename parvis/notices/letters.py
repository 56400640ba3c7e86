"""Letters: what waits to be printed for people who are reached by post, by who posts it.

Who prints is an opaque key here ("organisation:7"); rooms above know whom it names. A letter is due
like any message, leaves by hand, and its address goes away once it is marked as posted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf
from parvis.notices.models import Channel, Envelope, Message, OutboxQuerySet
from parvis.ui.words import day_in_words

AT_ONCE = 200  # letters of one file


@dataclass(frozen=True)
class Sender:
    """Who posts, as it stands at the head of a letter."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Day:
    """The letters that became due on one day."""

    day: date
    letters: tuple[Message, ...]


def waiting(printed_by: str, now: datetime | None = None) -> list[Message]:
    """The letters to print now, oldest first, with their envelopes; two hundred at most."""
    rows = _due(printed_by, now)
    return list(rows.select_related("envelope").order_by("due_at", "pk")[:AT_ONCE])


def count(printed_by: str, now: datetime | None = None) -> int:
    """How many letters wait to be printed."""
    return _due(printed_by, now).count()


def by_day(letters: Sequence[Message]) -> list[Day]:
    """The same, gathered by the day on which they became due."""
    found: dict[date, list[Message]] = {}
    for one in letters:
        found.setdefault(timezone.localdate(one.due_at), []).append(one)
    return [Day(day, tuple(mine)) for day, mine in found.items()]


def printed(letters: Sequence[Message], sender: Sender) -> bytes:
    """One PDF of these letters, each on a page of its own, ready for envelopes with a window."""
    links = [one.envelope.link for one in letters]
    return make_pdf(
        "notices/letters",
        {
            "sender": sender.name,
            "sender_address": sender.address,
            "sender_phone": sender.phone,
            "today": day_in_words(timezone.now()),
            "letters": [
                {
                    "lines": one.envelope.address.splitlines(),
                    "subject": one.envelope.subject,
                    "parts": _parts(one.envelope.text),
                    "link": one.envelope.link,
                }
                for one in letters
            ],
        },
        title="Lettres à envoyer",
        files={f"/qr-{number}.svg": qr_code(link) for number, link in enumerate(links) if link},
        large=len(letters) > 20,
    )


def mark_posted(printed_by: str, ids: Sequence[int], now: datetime | None = None) -> int:
    """These letters were posted; how many. Their addresses and words are erased."""
    at = now or timezone.now()
    with transaction.atomic():
        rows = Message.objects.waiting(at).filter(
            pk__in=ids, channel=Channel.LETTER, envelope__printed_by=printed_by
        )
        mine = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        Message.objects.filter(pk__in=mine).update(sent_at=at)
        Envelope.objects.filter(pk__in=mine).delete()
    return len(mine)


def _due(printed_by: str, now: datetime | None) -> OutboxQuerySet:
    at = now or timezone.now()
    rows: OutboxQuerySet = Message.objects.waiting(at).filter(
        channel=Channel.LETTER, envelope__printed_by=printed_by, due_at__lte=at
    )
    return rows


def _parts(text: str) -> list[str]:
    """The paragraphs of a mail, without its signature."""
    body = text.split("\n-- \n")[0].strip()
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip()]
