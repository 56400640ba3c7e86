"""Sending what is due, one message at a time, once each, whatever fails meanwhile.

A message is claimed in a short transaction, sent outside of it, and marked in a second one. Two
senders never hold the same message. When the machine dies between the mail server's yes and the
mark, the claim runs out after ten minutes and the message leaves once more, under the same
Message-ID, by which mail programs drop the double: one crash costs one repetition at most.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from parvis.notices.models import Envelope, Message

MAX_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=60)
# Longer than the slowest mail server may take (20 s for each of a handful of exchanges).
CLAIM = timedelta(minutes=10)
# Without a mail server for so long, the word is stale and the address has waited enough.
KEPT_UNSENT = timedelta(days=7)

logger = logging.getLogger(__name__)


def send_due(now: datetime | None = None) -> int:
    """Send all that is due and tell how many messages left.

    A message that the server refuses is tried again after 1, 2, 4 ... minutes and given up after
    eight attempts. When the server cannot be reached at all, the round stops and counts nothing.
    """
    sent = 0
    if (
        not Message.objects.waiting(now or timezone.now())
        .filter(due_at__lte=now or timezone.now())
        .exists()
    ):
        return sent
    connection = get_connection()
    try:
        while _reach(connection, now or timezone.now()):
            message = _claim(now or timezone.now())
            if message is None:
                break
            sent += _send(message, connection, now or timezone.now())
    finally:
        connection.close()
    return sent


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many refusals: 1, 2, 4 ... minutes, an hour at most."""
    return min(timedelta(minutes=2 ** max(attempts - 1, 0)), LONGEST_PAUSE)


def _reach(connection: BaseEmailBackend, now: datetime) -> bool:
    """Open the connection when it is not; say so when the mail server does not answer."""
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        logger.error("Le serveur de courrier ne répond pas (%s).", type(error).__name__)
        stale = Message.objects.waiting(now).filter(created_at__lt=now - KEPT_UNSENT)
        for message in stale:
            _give_up(message, now)
        return False
    return True


def _claim(now: datetime) -> Message | None:
    """Take the oldest due message for oneself, or none."""
    with transaction.atomic():
        message = (
            Message.objects.waiting(now)
            .filter(due_at__lte=now)
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


def _send(message: Message, connection: BaseEmailBackend, now: datetime) -> bool:
    """Send one message; whatever happens to it concerns no other."""
    if message.attempts > MAX_ATTEMPTS:  # each attempt ended in a crash
        _give_up(message, now)
        return False
    try:
        _mail(message, connection).send()
    except Exception as error:
        # Never the error's own words: they often hold the address.
        logger.warning("Message %s refusé (%s).", message.pk, type(error).__name__)
        connection.close()
        if message.attempts >= MAX_ATTEMPTS:
            _give_up(message, now)
        else:
            message.claimed_until = None
            message.due_at = now + pause_after(message.attempts)
            message.save(update_fields=["claimed_until", "due_at"])
        return False
    with transaction.atomic():
        message.claimed_until = None
        message.sent_at = now
        message.save(update_fields=["claimed_until", "sent_at"])
        Envelope.objects.filter(pk=message.pk).delete()
    return True


def _give_up(message: Message, now: datetime) -> None:
    logger.error(
        "Message %s abandonné après %s essais : %s.", message.pk, message.attempts, message
    )
    with transaction.atomic():
        message.claimed_until = None
        message.failed_at = now
        message.save(update_fields=["claimed_until", "failed_at"])
        Envelope.objects.filter(pk=message.pk).delete()


def _mail(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    envelope = message.envelope
    host = urlsplit(settings.SITE_URL).hostname
    mail = EmailMultiAlternatives(
        subject=envelope.subject,
        body=envelope.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[envelope.address],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S}@{host}>",
        },
        connection=connection,
    )
    if envelope.html:
        mail.attach_alternative(envelope.html, "text/html")
    return mail
