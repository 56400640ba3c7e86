"""A mail as it leaves: its headers, and what the mail server's refusals mean."""

from __future__ import annotations

import re
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import constant_time_compare, salted_hmac

from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Envelope, Message
from parvis.notices.outcomes import Refused

_ID = re.compile(r"<(\d{1,18})\.(\d{14})\.([0-9a-f]{16})@[^<>\s]+>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# The mailbox or its domain is not there, takes no mail, or moved (RFC 3463). Not: full (5.2.2),
# too large (5.2.3), the network (5.4), our reputation or what we say (5.7).
_NOBODY_THERE = re.compile(r"5\.1\.[1236]|5\.1\.10|5\.2\.1")


def message_id(message: Message, address: str) -> str:
    """Always the same for the same message, by which mail programs drop a double; it proves, when
    it comes back in a bounce, that we wrote to this address."""
    host = urlsplit(settings.SITE_URL).hostname
    made = f"{message.created_at:%Y%m%d%H%M%S}"
    return f"<{message.pk}.{made}.{_proof(str(message.pk), made, address)}@{host}>"


def wrote_to(identifier: str, address: str) -> bool:
    """Whether this Message-ID is one that we gave to a mail to this address."""
    found = _ID.search(identifier)
    if found is None:
        return False
    return constant_time_compare(found[3], _proof(found[1], found[2], address))


def nobody_there(status: str) -> bool:
    """Whether an enhanced status code ("5.1.1") says that the address takes no mail for good."""
    return bool(_NOBODY_THERE.fullmatch(status))


def compose(
    message: Message, envelope: Envelope, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    """The mail of a message, ready to be sent through that connection."""
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": message_id(message, envelope.address),
    }
    if envelope.unsubscribe:
        ways = [f"<{envelope.unsubscribe}>"]
        if settings.UNSUBSCRIBE_EMAIL:
            ways.append(f"<mailto:{settings.UNSUBSCRIBE_EMAIL}?subject=stop>")
        headers["List-Unsubscribe"] = ", ".join(ways)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=envelope.subject,
        body=envelope.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[envelope.address],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers=headers,
        connection=connection,
    )
    if envelope.html:
        mail.attach_alternative(envelope.html, "text/html")
    return mail


def refusal(error: SMTPException | OSError) -> Refused | None:
    """What a refusal at sending means for the address; None when it may pass."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, said = next(iter(error.recipients.values()))
        words: bytes | str = said
    elif isinstance(error, SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return None
    if not 550 <= code <= 559:
        return None
    found = _STATUS.search(words.decode(errors="replace") if isinstance(words, bytes) else words)
    status = found[1] if found else ""
    of_recipient = isinstance(error, SMTPRecipientsRefused)
    # Without an enhanced code, 550 and 553 to RCPT speak of the mailbox.
    gone = nobody_there(status) if status else of_recipient and code in (550, 553)
    if not gone:
        return None
    return Refused(status or f"smtp {code}", for_good=True)


def _proof(pk: str, made: str, address: str) -> str:
    value = f"{pk}.{made}.{fingerprint(address)}"
    return salted_hmac("parvis.notices.message_id", value, algorithm="sha256").hexdigest()[:16]
