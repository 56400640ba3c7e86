"""The digest: what can wait until the morning, told to each person in one mail.

A line is kept for (event, person) once; the digest of a day is one event of the outbox. Whatever is
repeated, a person reads a line once and gets one digest a day, or one a week for an address whose
owner chose that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import groupby, islice

from django.db import transaction
from django.utils import timezone

from parvis.notices import outbox, preferences
from parvis.notices.fingerprints import fingerprint
from parvis.notices.mail import render
from parvis.notices.models import DigestLine, Message, Preference
from parvis.notices.outbox import Mail, Recipient

MORNING = time(7)  # in local time: before people leave home
TITLE_LENGTH = 200
NAMED_IN_SHORT = 3  # titles told on a phone
TOLD_IN_FULL = 40  # lines of one mail; the others are counted
PEOPLE_AT_ONCE = 200  # in one transaction


@dataclass(frozen=True)
class Line:
    """What one piece of news says, in plain words, and the absolute address where it is told."""

    title: str
    text: str = ""
    url: str = ""
    lane: str = ""  # what it is about: news of one lane reach each person in their order


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
                language=who.language,
                title=" ".join(line.title.split())[:TITLE_LENGTH],
                text=line.text.strip(),
                url=line.url,
                at=now or timezone.now(),
            )
            for who in recipients
            if outbox.may_be_written_to(who.address, who.channel)
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
        told += _send(event, _together(_wanted_today(some, at)), at)
    return told


def _wanted_today(lines: dict[str, list[DigestLine]], at: datetime) -> dict[str, list[DigestLine]]:
    """Those who want their digest today: every day, or on Mondays for who asked for one a week;
    what a Monday without sending left behind does not wait for the next one."""
    monday = datetime.combine(at.date() - timedelta(days=at.weekday()), MORNING, tzinfo=at.tzinfo)
    chosen = preferences.of_many({mine[-1].address for mine in lines.values()})

    def wants(mine: list[DigestLine]) -> bool:
        choice = chosen.get(mine[-1].address)
        weekly = choice is not None and choice.pace == Preference.Pace.WEEKLY
        return not weekly or min(one.at for one in mine) < monday

    return {key: mine for key, mine in lines.items() if wants(mine)}


def _together(lines: dict[str, list[DigestLine]]) -> dict[str, list[DigestLine]]:
    """One digest for who spoke several times under one address, and has one page for all of it."""
    found: dict[tuple[str, str], str] = {}
    together: dict[str, list[DigestLine]] = {}
    for key, mine in lines.items():
        last = mine[-1]
        first = found.setdefault((fingerprint(last.address), last.link), key) if last.link else key
        together[first] = sorted([*together.get(first, []), *mine], key=lambda one: one.at)
    return together


def _send(event: str, lines: dict[str, list[DigestLine]], at: datetime) -> int:
    """These people's digests, in one transaction: told and marked, or neither."""

    def compose(who: Recipient) -> Mail:
        return _mail(lines[who.key], at)

    read = [line.pk for mine in lines.values() for line in mine]
    with transaction.atomic():
        # What was taken back since it was read is not told.
        rows = DigestLine.objects.select_for_update().filter(pk__in=read, told_at=None)
        told = set(rows.order_by("pk").values_list("pk", flat=True))
        left = {key: [one for one in mine if one.pk in told] for key, mine in lines.items()}
        lines = {key: mine for key, mine in left.items() if mine}
        put = outbox.put(event, [_reader(key, mine[-1]) for key, mine in lines.items()], compose)
        DigestLine.objects.filter(pk__in=told).update(
            told_at=at, address="", link="", title="", text="", url=""
        )
    return put


def _reader(key: str, line: DigestLine) -> Recipient:
    """Where the digest goes, and where one click stops it: beside the page where it is chosen."""
    return Recipient(
        key,
        line.address,
        line.link,
        line.language,
        channel="mail" if "@" in line.address else "sms",
        unsubscribe=f"{line.link}arret/" if line.link else "",
    )


def _mail(lines: Sequence[DigestLine], at: datetime) -> Mail:
    shown = list(lines[:TOLD_IN_FULL])
    context = {
        "lines": shown,
        "count": len(lines),
        "more": len(lines) - len(shown),
        "link": lines[-1].link,
        "day": at.date(),
    }
    mail = render("notices/digest", context)
    titles = " ; ".join(line.title for line in shown[:NAMED_IN_SHORT])
    return replace(mail, short=f"{mail.subject} : {titles}" if titles else mail.subject)
