"""Sending what is due, one message at a time, once each, whatever fails meanwhile.

A message is claimed in a short transaction, sent outside of it, and marked in a second one. Two
senders never hold the same message. When the machine dies between the yes of the other side and the
mark, the claim runs out after ten minutes and the message leaves once more under the same name:
an SMS gateway and a push service take it for the first one and show it once; mail programs drop the
double by its Message-ID.

Order: messages of one lane ("report:45") reach a person in the order in which they were put. While
an earlier one waits (held at night, refused for now), later ones of this lane wait behind it; once
it is sent or given up they go on. Other people, and other lanes, are not held up.

Nothing is lost: a channel that is away costs no message anything but time; what may have been taken
is tried again, under the same name, for a week.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from parvis.notices import bounces, preferences
from parvis.notices.channels import Channels, ways_of
from parvis.notices.fingerprints import choices_url, fingerprints
from parvis.notices.models import Channel, DigestLine, Envelope, Message, OutboxQuerySet
from parvis.notices.outcomes import Away, Refused, Unsure
from parvis.notices.routing import Route, route

MAX_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=60)
# Longer than the slowest mail server may take (20 s for each of a handful of exchanges).
CLAIM = timedelta(minutes=10)
# Without an answer for so long, the word is stale and the address has waited enough.
KEPT_UNSENT = timedelta(days=7)

logger = logging.getLogger(__name__)


def send_due(now: datetime | None = None) -> int:
    """Send all that is due and tell how many messages left.

    A message that is refused is tried again after 1, 2, 4 ... minutes and given up after eight
    attempts, or at once when its address takes nothing any more. A channel that cannot be reached
    is left alone for this round and counts nothing; the others go on.
    """
    sent = 0
    if not _due(now or timezone.now(), set()).exists():
        return sent
    channels = Channels()
    try:
        while message := _claim(now or timezone.now(), channels.away):
            sent += _handle(message, channels, now or timezone.now())
        for channel in sorted(channels.away):
            _give_up_stale(channel, now or timezone.now())
    finally:
        channels.close()
    return sent


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many refusals: 1, 2, 4 ... minutes, an hour at most."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), LONGEST_PAUSE)


def _due(now: datetime, away: set[str]) -> OutboxQuerySet:
    """What may leave at that moment. Letters leave by the hands of who prints them."""
    rows: OutboxQuerySet = Message.objects.waiting(now).filter(due_at__lte=now)
    return rows.exclude(channel__in=[*sorted(away), Channel.LETTER]).first_in_line()


def _claim(now: datetime, away: set[str]) -> Message | None:
    """Take the oldest due message for oneself, or none."""
    with transaction.atomic():
        message = (
            _due(now, away)
            .select_related("envelope")
            .select_for_update(skip_locked=True, of=("self",))  # SQLite: the write lock does it
            .order_by("due_at", "pk")
            .first()
        )
        if message is not None:
            message.claimed_until = now + CLAIM
            message.attempts += 1
            message.save(update_fields=["claimed_until", "attempts"])
    return message


def _handle(message: Message, channels: Channels, now: datetime) -> bool:
    """Send one message, or do with it what its reader chose; it concerns no other."""
    if message.attempts > MAX_ATTEMPTS:  # each attempt ended in a crash
        _give_up(message, now, message.last_error or "crash")
        return False
    where = _route(message, now)
    if where.dropped:
        _give_up(message, now, where.dropped, expected=True)
        return False
    if where.channel == Channel.DIGEST:
        _fold(message, now)
        return False
    message.channel = where.channel
    if where.held_until is not None:
        _release(message, where.held_until)
        return False
    return _send(message, where, channels, now)


def _route(message: Message, now: datetime) -> Route:
    envelope = message.envelope
    marks = fingerprints(envelope.address)
    chosen = preferences.of(marks)
    ways = ways_of(marks) if chosen is not None and chosen.channel else frozenset[str]()
    bounced = bounces.known(marks)
    return route(message, envelope, chosen, bounced=bounced, now=now, ways=ways)


def _send(message: Message, where: Route, channels: Channels, now: datetime) -> bool:
    try:
        channels.deliver(where.channel, where.address, message, message.envelope)
    except Away as away:
        if str(away):
            logger.error("%s ne répond pas (%s).", _named(where.channel), away)
            message.last_error = str(away)[:80]
        channels.away.add(where.channel)
        _release(message, message.due_at)
    except Unsure as unsure:
        # It may be in the hands of the other side: never given up on a doubt, for a week.
        logger.error("%s : réponse incertaine (%s).", _named(where.channel), unsure)
        channels.away.add(where.channel)
        message.attempts = min(message.attempts, MAX_ATTEMPTS - 1)
        _again(message, now, str(unsure))
    except Refused as refused:
        if where.channel == Channel.PUSH:  # no browser is left: as if none had been chosen
            _release(message, message.due_at)
            return False
        logger.warning("Message %s refusé (%s).", message.pk, refused)
        if refused.for_good:
            bounces.record(where.address, str(refused), now)
        _give_up(message, now, str(refused))
    except Exception as error:
        # Never the error's own words: they often hold the address.
        logger.warning("Message %s refusé (%s).", message.pk, type(error).__name__)
        if message.attempts >= MAX_ATTEMPTS:
            _give_up(message, now, type(error).__name__)
        else:
            _again(message, now, type(error).__name__)
    else:
        _mark_sent(message, now)
        return True
    return False


def _mark_sent(message: Message, now: datetime) -> None:
    with transaction.atomic():
        message.claimed_until = None
        message.sent_at = now
        message.last_error = ""
        message.save(update_fields=["claimed_until", "sent_at", "channel", "last_error"])
        Envelope.objects.filter(pk=message.pk).delete()


def _release(message: Message, due: datetime) -> None:
    """Put a message back as if it had not been taken: this attempt was none."""
    message.claimed_until = None
    message.attempts -= 1
    message.due_at = due
    message.save(update_fields=["claimed_until", "attempts", "due_at", "channel", "last_error"])


def _again(message: Message, now: datetime, why: str) -> None:
    message.claimed_until = None
    message.due_at = now + pause_after(message.attempts)
    message.last_error = why[:80]
    message.save(update_fields=["claimed_until", "attempts", "due_at", "channel", "last_error"])


def _fold(message: Message, now: datetime) -> None:
    """Tell it in this person's next digest instead, in the same words."""
    envelope = message.envelope
    words = envelope.text.split("\n-- \n")[0].removeprefix("Bonjour,").strip()
    line = DigestLine(
        event=message.event,
        person=message.person,
        address=envelope.address,
        link=choices_url(envelope.address),
        title=envelope.subject,
        text=words,
        url=envelope.link,
        at=now,
    )
    with transaction.atomic():
        DigestLine.objects.bulk_create([line], ignore_conflicts=True)
        message.channel = Channel.DIGEST
        _mark_sent(message, now)


def _give_up_stale(channel: str, now: datetime) -> None:
    """Words that a channel could not take for a week, and their addresses, are not kept longer."""
    stale = Message.objects.waiting(now).filter(channel=channel, created_at__lt=now - KEPT_UNSENT)
    for message in stale:
        _give_up(message, now, message.last_error or "away")


def _give_up(message: Message, now: datetime, why: str, *, expected: bool = False) -> None:
    if not expected:
        logger.error(
            "Message %s abandonné après %s essais : %s.", message.pk, message.attempts, message
        )
    with transaction.atomic():
        message.claimed_until = None
        message.failed_at = now
        message.last_error = why[:80]
        message.save(update_fields=["claimed_until", "failed_at", "channel", "last_error"])
        Envelope.objects.filter(pk=message.pk).delete()


def _named(channel: str) -> str:
    return {
        Channel.MAIL: "Le serveur de courrier",
        Channel.SMS: "La passerelle SMS",
        Channel.PUSH: "Le service de notifications",
    }[Channel(channel)]
