"""The daily digest: what can wait until the morning, told to each person in one mail.

A line is kept for (event, person) once; the digest of a day is one event of the outbox. Whatever is
repeated, a person reads a line once and gets one digest a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby, islice

from django.db import transaction
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.models import DigestLine, Message
from parvis.notices.outbox import Mail, Recipient

MORNING = time(7)  # in local time: before people leave home
TITLE_LENGTH = 200
TOLD_IN_FULL = 40  # lines of one mail; the others are counted
PEOPLE_AT_ONCE = 200  # in one transaction


@dataclass(frozen=True)
class Line:
    """What one piece of news says, in plain words, and the absolute address where it is told."""

    title: str
    text: str = ""
    url: str = ""


def note(
    event: str, recipients: Iterable[Recipient], line: Line, *, now: datetime | None = None
) -> None:
    """Write this line in the next digest of these people; once for an event, whatever is repeated.

    `recipient.link`: the page on which this person chooses what they are told, if there is one.
    """
    DigestLine.objects.bulk_create(
        [
            DigestLine(
                event=event,
                person=who.key,
                address=who.address,
                link=who.link,
                title=" ".join(line.title.split())[:TITLE_LENGTH],
                text=line.text.strip(),
                url=line.url,
                at=now or timezone.now(),
            )
            for who in recipients
            if outbox.may_be_written_to(who.address)
        ],
        ignore_conflicts=True,
    )


def take_back(event: str) -> int:
    """Undo: withdraw the lines of this event that no digest told yet; how many."""
    deleted, _ = DigestLine.objects.filter(event=event, told_at=None).delete()
    return deleted


def send_digests(now: datetime | None = None) -> int:
    """Put the digests of this morning in the outbox, and tell how many people have one.

    Before the morning nothing leaves; what is written later in the day waits for the next one.
    """
    at = timezone.localtime(now)
    morning = datetime.combine(at.date(), MORNING, tzinfo=at.tzinfo)
    if at.hour < MORNING.hour:
        return 0
    event = f"digest:{at.date().isoformat()}"
    served = Message.objects.filter(event=event).values("person")
    waiting = DigestLine.objects.filter(told_at=None, at__lt=morning).exclude(person__in=served)
    told = 0
    rows = groupby(waiting.order_by("person", "at", "pk").iterator(), lambda line: line.person)
    people = ((person, list(lines)) for person, lines in rows)
    while some := dict(islice(people, PEOPLE_AT_ONCE)):
        told += _send(event, some, at)
    return told


def _send(event: str, lines: dict[str, list[DigestLine]], at: datetime) -> int:
    """These people's digests, in one transaction: told and marked, or neither."""

    def compose(who: Recipient) -> Mail:
        return _mail(lines[who.key], at)

    people = [Recipient(key, mine[-1].address, mine[-1].link) for key, mine in lines.items()]
    with transaction.atomic():
        put = outbox.put(event, people, compose)
        told = [line.pk for mine in lines.values() for line in mine]
        DigestLine.objects.filter(pk__in=told).update(
            told_at=at, address="", link="", title="", text="", url=""
        )
    return put


def _mail(lines: Sequence[DigestLine], at: datetime) -> Mail:
    shown = list(lines[:TOLD_IN_FULL])
    context = {
        "lines": shown,
        "count": len(lines),
        "more": len(lines) - len(shown),
        "link": lines[-1].link,
        "day": at.date(),
    }
    return render("notices/digest", context)
