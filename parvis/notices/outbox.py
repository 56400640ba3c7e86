"""The outbox: putting messages in it, and taking them back before they leave.

A message waits two minutes, so that what was done by mistake can be undone in silence. The pair
(event, person) is unique in the database: whatever is repeated, a person is told once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation

from parvis.notices.models import DigestLine, Envelope, Message
from parvis.notices.sending import send_due

__all__ = ["Mail", "Recipient", "forget", "has_left", "put", "send_due", "take_back"]

SUBJECT_LENGTH = 200
ADDRESS_LENGTH = 254
_BREAKS = {"Cc", "Zl", "Zp"}  # control signs, line and paragraph separators
ROWS_AT_ONCE = 1000  # keeps an insert well under the parameter limit of both databases


@dataclass(frozen=True)
class Recipient:
    """One person to tell: an opaque key ("voice:12", "user:5") and where to reach them."""

    key: str
    address: str
    link: str = ""  # the address of the page made for this person, absolute
    language: str = "fr"  # in which this person reads


@dataclass(frozen=True)
class Mail:
    """What one person reads. A line break in a subject would open a header: it is refused."""

    subject: str
    text: str
    html: str = ""

    def __post_init__(self) -> None:
        if any(unicodedata.category(sign) in _BREAKS for sign in self.subject):
            raise ValueError("L’objet d’un message tient sur une seule ligne.")


Compose = Callable[[Recipient], Mail]


def put(
    event: str,
    recipients: Iterable[Recipient],
    compose: Compose,
    *,
    wait: timedelta = timedelta(minutes=2),
) -> int:
    """Put one message per person in the outbox and tell how many are new.

    Two queries, none when there is nobody (more than about 200 people go in several inserts).
    `compose` is called only for those who were not told of this event before. Who has no usable
    address is left out.
    """
    people = {who.key: who for who in recipients if may_be_written_to(who.address)}
    if not people:
        return 0
    due = timezone.now() + wait
    with transaction.atomic():
        inserted = _insert(event, list(people), due)
        envelopes = [
            _envelope(pk, people[key], _words(compose, people[key])) for pk, key in inserted
        ]
        Envelope.objects.bulk_create(envelopes)
    return len(inserted)


def take_back(event: str) -> int:
    """Undo: withdraw what did not leave yet of this event, and tell how many messages that was."""
    return _withdraw(Q(event=event))


def has_left(event: str) -> bool:
    """Whether somebody was, or is being, told of this event: ask it after `take_back`."""
    return Message.objects.filter(event=event).exists()


def forget(person: str) -> int:
    """Withdraw everything still waiting for a person who asked to be erased."""
    DigestLine.objects.filter(person=person, told_at=None).delete()
    return _withdraw(Q(person=person))


def may_be_written_to(address: str) -> bool:
    """Whether this is an e-mail address that can be kept and written to."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= ADDRESS_LENGTH


def _insert(event: str, keys: Sequence[str], due: datetime) -> list[tuple[int, str]]:
    """Insert the messages that are new and give their (id, person).

    By hand: the ORM gives no ids back when conflicts are ignored, which would cost one more query.
    """
    adapt = connection.ops.adapt_datetimefield_value
    created, due_at = adapt(timezone.now()), adapt(due)
    inserted: list[tuple[int, str]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(keys), ROWS_AT_ONCE):
            some = keys[start : start + ROWS_AT_ONCE]
            values = ", ".join(["(%s, %s, %s, %s, 0)"] * len(some))
            cursor.execute(
                "INSERT INTO notices_message (event, person, created_at, due_at, attempts)"  # noqa: S608
                f" VALUES {values} ON CONFLICT (event, person) DO NOTHING RETURNING id, person",
                [value for key in some for value in (event, key, created, due_at)],
            )
            inserted += cursor.fetchall()
    return inserted


def _words(compose: Compose, who: Recipient) -> Mail:
    """What this person reads, in their language."""
    with translation.override(who.language):
        return compose(who)


def _envelope(message_id: int, who: Recipient, mail: Mail) -> Envelope:
    return Envelope(
        message_id=message_id,
        address=who.address,
        subject=mail.subject[:SUBJECT_LENGTH],
        text=mail.text,
        html=mail.html,
    )


def _withdraw(which: Q) -> int:
    with transaction.atomic():
        # The lock makes a sender and an undo take turns: a message is either sent or withdrawn.
        rows = Message.objects.waiting(timezone.now()).filter(which).select_for_update()
        ids = list(rows.values_list("pk", flat=True))
        Message.objects.filter(pk__in=ids).delete()
    return len(ids)
