"""Addresses that refuse for good: noted from the mail server's answers, from bounces (RFC 3464) and
from delivery reports; kept as fingerprints, and cleared by their owners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Parsed
from email.utils import getaddresses

from parvis.notices import mailing
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Bounce


def known(marks: list[str]) -> bool:
    """Whether the address of these fingerprints refuses what is sent there."""
    return Bounce.objects.filter(fingerprint__in=marks).exists()


def record(address: str, reason: str, now: datetime) -> None:
    """Send nothing more to this address, until its owner says that it works again."""
    record_mark(fingerprint(address), reason, now)


def record_mark(mark: str, reason: str, now: datetime) -> None:
    """The same by its fingerprint; a second time changes nothing."""
    Bounce.objects.get_or_create(fingerprint=mark, defaults={"reason": reason[:40], "at": now})


def clear(marks: list[str]) -> int:
    """The owner says that the address works again; how many notes were torn up."""
    deleted, _ = Bounce.objects.filter(fingerprint__in=marks).delete()
    return deleted


def read(bounce: Parsed, now: datetime) -> int:
    """Note what a delivery status notification says; how many addresses that is.

    Only addresses that we wrote to count: the mail that comes back, or its headers, must bear the
    Message-ID which we gave to a mail to that very address. So nobody silences another by a
    bounce of their own making. Delays, full mailboxes and refusals of our words are no bounce.
    """
    statuses = [status for status in _statuses(bounce) if mailing.nobody_there(status)]
    if not statuses:
        return 0
    noted = 0
    for identifier, addresses in _returned(bounce):
        for address in addresses:
            if mailing.wrote_to(identifier, address):
                record(address, statuses[0], now)
                noted += 1
    return noted


def _statuses(bounce: Parsed) -> Iterable[str]:
    """The enhanced codes of the recipients whose delivery failed."""
    for part in bounce.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        for fields in payload if isinstance(payload, list) else ():
            if not isinstance(fields, Parsed):
                continue
            if str(fields.get("Action", "")).strip().lower() == "failed":
                # "5.1.1 (no such user)": comments are allowed after the code.
                yield str(fields.get("Status", "")).strip().split(" ")[0]


def _returned(bounce: Parsed) -> Iterable[tuple[str, list[str]]]:
    """Message-ID and addresses of each mail that comes back."""
    for part in bounce.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
        elif kind == "text/rfc822-headers":
            inner = _headers(part)
        else:
            continue
        if isinstance(inner, Parsed):
            to = getaddresses([str(one) for one in inner.get_all("To", [])])
            yield str(inner.get("Message-ID", "")), [address for _, address in to if address]


def _headers(part: Parsed) -> Parsed:
    content = part.get_payload(decode=True)
    return message_from_bytes(content if isinstance(content, bytes) else b"")
