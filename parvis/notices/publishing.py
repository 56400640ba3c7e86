"""Telling those who follow something: at the pace they chose, once for an event, and never so often
that they stop reading.

Whether something may be told is for the room that publishes it to know: it asks before it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from parvis.notices import digests, outbox
from parvis.notices.digests import Line
from parvis.notices.fingerprints import fingerprint
from parvis.notices.mail import render
from parvis.notices.models import DigestLine, Listening, Message, Subscriber, Subscription
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.subscribing import link_of

AT_ONCE_A_DAY = 6  # news that leave at once for one person; further ones are in the digest
ROWS = 400  # subscriptions served while the reader of a page waits; the others by a task
_HOLE = "https://link.invalid/"  # stands for each person's link in words that are made once

Told = Callable[[], Iterable[Recipient]]


def publish(
    topics: Iterable[str],
    event: str,
    line: Line,
    *,
    told: Told | None = None,
    urgent: bool = False,
    now: datetime | None = None,
) -> int:
    """Tell everybody who follows one of these topics, at the pace they chose; how many people are
    told at once (when very many follow, the others are told by a task). Once for an event
    ("worksite.moved:12:345") and a person, whatever is repeated.

    `told` gives those who are told of the same event in another way, because they spoke or are
    called: they do not hear it a second time at the same address. It is asked only when somebody
    follows. `urgent`: what would be too late the next morning is not kept for a digest.

    One query when nobody follows.
    """
    wanted = sorted(set(topics))
    rows = _hearing(wanted, after=0)
    names = {fingerprint(who.address) for who in told()} if told and rows else set()
    return _tell(wanted, event, line, rows, names, urgent=urgent, now=now)


def go_on(
    topics: Sequence[str],
    event: str,
    line: Line,
    *,
    after: int,
    told: Collection[str],
    urgent: bool = False,
) -> int:
    """Tell those who come after this subscriber; nobody when the event was taken back meanwhile."""
    if not _stands(event):
        return 0
    with transaction.atomic():
        return _tell(topics, event, line, _hearing(topics, after=after), told, urgent=urgent)


def take_back(event: str) -> int:
    """Undo: withdraw what was published and did not leave yet; how many messages and lines."""
    return outbox.take_back(event) + digests.take_back(event)


def take_all_back(prefix: str) -> int:
    """The same for every event whose name begins so: what they are about is not public any more."""
    waiting = Message.objects.waiting(timezone.now()).filter(event__startswith=prefix)
    lines = DigestLine.objects.filter(told_at=None, event__startswith=prefix)
    events = {*waiting.values_list("event", flat=True), *lines.values_list("event", flat=True)}
    return sum(take_back(event) for event in sorted(events))


def _hearing(topics: Sequence[str], *, after: int) -> list[Subscription]:
    """The subscriptions that hear one of these topics, those of a person side by side; one more
    than are served in one go."""
    hearing = Listening.objects.filter(topic__in=topics).values("subscription")
    followed = Subscription.objects.confirmed().filter(pk__in=hearing, subscriber_id__gt=after)
    return list(followed.select_related("subscriber").order_by("subscriber_id", "pk")[: ROWS + 1])


def _tell(
    topics: Sequence[str],
    event: str,
    line: Line,
    rows: list[Subscription],
    told: Collection[str],
    *,
    urgent: bool = False,
    now: datetime | None = None,
) -> int:
    further = len(rows) > ROWS
    if further:
        # The last person may have further subscriptions: served whole, with those who follow.
        last = rows[-1].subscriber_id
        rows = [one for one in rows if one.subscriber_id != last]
    today = timezone.localdate(now)
    prompt: dict[str, Recipient] = {}
    daily: dict[str, Recipient] = {}
    held_back: set[str] = set()
    for one in rows:
        who = one.subscriber
        if fingerprint(who.email) in told:
            continue
        at_once = one.pace == Subscription.Pace.NOW
        if at_once and not urgent and _heard_enough(who, today):
            held_back.add(who.key)
            at_once = False
        link = link_of(who)
        stop = f"{link}arret/{one.pk}/"  # one press stops this one (RFC 8058)
        (prompt if at_once else daily)[who.key] = Recipient(
            who.key, who.email, link, who.language, unsubscribe=stop
        )
    if held_back:
        # Somebody told at once, when this was published before, is not told again tomorrow.
        before = Message.objects.filter(event=event, person__in=held_back)
        for key in before.values_list("person", flat=True):
            del daily[key]
    # Who asked for both paces, by two topics, hears at once and not again in the morning.
    put = outbox.put(event, prompt.values(), _words(line), lane=line.lane)
    if put and not urgent:
        _count(prompt, today)
    digests.note(event, [who for key, who in daily.items() if key not in prompt], line, now=now)
    if further:  # afterwards: the task goes on only with what was begun
        _leave_to_a_task(topics, event, line, rows[-1].subscriber_id, told, urgent=urgent)
    return len(prompt.keys() | daily.keys())


def _heard_enough(who: Subscriber, today: date) -> bool:
    return who.told_on == today and who.told_count >= AT_ONCE_A_DAY


def _count(prompt: Iterable[str], today: date) -> None:
    """One piece of news more for these people today; one query."""
    ids = [int(key.partition(":")[2]) for key in prompt]
    more: Any = Case(When(told_on=today, then=F("told_count") + 1), default=Value(1))
    Subscriber.objects.filter(pk__in=ids).update(told_count=more, told_on=today)


def _leave_to_a_task(
    topics: Sequence[str],
    event: str,
    line: Line,
    after: int,
    told: Collection[str],
    *,
    urgent: bool,
) -> None:
    from parvis.notices.tasks import publish_further

    publish_further.enqueue(list(topics), event, asdict(line), after, sorted(told), urgent)


def _stands(event: str) -> bool:
    """Whether somebody was told of this event and it was not taken back."""
    return (
        Message.objects.filter(event=event).exists()
        or DigestLine.objects.filter(event=event).exists()
    )


def _words(line: Line) -> outbox.Compose:
    """The mail of one piece of news, made once in each language; each person's own link is put
    in it."""
    made: dict[str, Mail] = {}

    def compose(who: Recipient) -> Mail:
        if who.language not in made:
            made[who.language] = render("notices/news", {"line": line, "link": _HOLE})
        words = made[who.language]
        return Mail(
            words.subject,
            words.text.replace(_HOLE, who.link),
            words.html.replace(_HOLE, who.link),
        )

    return compose
