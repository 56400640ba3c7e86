"""The outbox: putting messages in it, and taking them back before they leave.

A message waits two minutes, so that what was done by mistake can be undone in silence. The pair
(event, person) is unique in the database: whatever is repeated, and by whatever channel, a person
is told once. How each person wants to be told (`preferences`) is applied when the message leaves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from parvis.notices import preferences, sms
from parvis.notices.fingerprints import choices_url, fingerprints
from parvis.notices.models import Channel, DigestLine, Envelope, Message, waits
from parvis.notices.phones import reads_texts
from parvis.notices.sending import send_due

__all__ = [
    "Mail",
    "Recipient",
    "forget",
    "has_left",
    "put",
    "send_due",
    "take_back",
    "withdraw_from",
]

SUBJECT_LENGTH = 200
ADDRESS_LENGTH = 254
LETTER_LENGTH = 300  # signs of a postal address
LINK_LENGTH = 500
SHORT_LENGTH = 500
LANE_LENGTH = 80
_BREAKS = {"Cc", "Zl", "Zp"}  # control signs, line and paragraph separators
_FIRST_LINK = re.compile(r"https?://[^\s<>\"]+")
ROWS_AT_ONCE = 1000  # keeps an insert well under the parameter limit of both databases
# Stands in words for the page where this person chooses how they are told; `put` fills it in.
CHOICES = "https://choices.invalid/"


@dataclass(frozen=True)
class Recipient:
    """One person to tell: an opaque key ("voice:12", "user:5") and where to reach them."""

    key: str
    address: str  # an e-mail address; a phone for "sms"; lines of a postal address for "letter"
    link: str = ""  # the address of the page made for this person, absolute
    language: str = "fr"  # in which this person reads
    channel: str = "mail"  # what `address` is: "mail", "sms" or "letter"
    unsubscribe: str = ""  # where one POST stops what this message belongs to (RFC 8058), absolute
    printed_by: str = ""  # who prints and posts a letter: "organisation:7"


@dataclass(frozen=True)
class Mail:
    """What one person reads. A line break in a subject would open a header: it is refused.

    `short` is what a phone shows (SMS, notification), without the link, which is added; it tells
    nothing that `text` does not. Without it the subject is told.
    """

    subject: str
    text: str
    html: str = ""
    short: str = ""

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
    lane: str = "",
    asked_for: bool = False,
) -> int:
    """Put one message per person in the outbox and tell how many are new.

    Two queries, none when there is nobody (two more for each further thousand people).
    `compose` is called only for those who were not told of this event before. Who has no usable
    address is left out.

    `lane` names what the event is about ("report:45"): among the messages of one lane, a person
    never gets a later one before an earlier one, whatever fails in between. Without it nothing is
    held for another. `asked_for`: its reader asked for it and waits (a code, a confirmation): no
    preference holds, groups, moves or stops it.
    """
    people = {
        who.key: who
        for who in recipients
        if may_be_written_to(who.address, who.channel, who.printed_by)
    }
    if not people:
        return 0
    due = timezone.now() + wait
    with transaction.atomic():
        inserted = _insert(event, list(people.values()), due, lane[:LANE_LENGTH])
        envelopes = []
        for pk, key, language in inserted:
            who = replace(people[key], language=language)
            envelopes.append(_envelope(pk, who, _words(compose, who), asked_for=asked_for))
        _insert_envelopes(envelopes)
    return len(inserted)


def take_back(event: str) -> int:
    """Undo: withdraw what did not leave yet of this event, and tell how many messages that was."""
    return _withdraw(Q(event=event), folded=DigestLine.objects.filter(event=event, told_at=None))


def has_left(event: str) -> bool:
    """Whether somebody was, or is being, told of this event: ask it after `take_back`."""
    return Message.objects.filter(event=event).exists()


def forget(person: str) -> int:
    """Withdraw everything still waiting for a person who asked to be erased."""
    DigestLine.objects.filter(person=person, told_at=None).delete()
    return _withdraw(Q(person=person))


def stopped_among(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses whose owner wants nothing more; one query, none without address."""
    chosen = preferences.of_many(addresses)
    return {address for address, one in chosen.items() if one.stopped_at is not None}


def withdraw_from(address: str) -> int:
    """Withdraw everything still waiting for this address or number, whomever it is for."""
    return _withdraw(Q(pk__in=Envelope.objects.filter(address=address).values("pk")))


def may_be_written_to(address: str, channel: str = "mail", printed_by: str = "") -> bool:
    """Whether this is an address that can be kept and written to by this channel: for an SMS, a
    French mobile number in international form and a gateway to take it; for a letter, somebody to
    post it.
    """
    if channel == Channel.SMS:
        return sms.available() and reads_texts(address)
    if channel == Channel.LETTER:
        return bool(address.strip()) and len(address) <= LETTER_LENGTH and bool(printed_by)
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= ADDRESS_LENGTH and not _looks_alike(address)


def _looks_alike(address: str) -> bool:
    """Whether letters of this address become those of another one in capitals or in small letters
    ("ı" and "i"): a database that compares so would give its owner what is the other's."""
    return any(
        not sign.isascii() and (sign.upper().isascii() or sign.lower().isascii())
        for sign in address
    )


def _insert(
    event: str, people: Sequence[Recipient], due: datetime, lane: str
) -> list[tuple[int, str, str]]:
    """Insert the messages that are new and give their (id, person, language): the one that this
    address chose, or else the one it was given with.

    By hand: the ORM gives no ids back when conflicts are ignored, which would cost one more query.
    """
    adapt = connection.ops.adapt_datetimefield_value
    created, due_at = adapt(timezone.now()), adapt(due)
    known = ", ".join(["%s"] * len(fingerprints("")))  # one under each key
    row = (
        "(%s, %s, %s, %s, %s, 0, '', %s, COALESCE((SELECT language FROM notices_preference"  # noqa: S608
        f" WHERE fingerprint IN ({known}) AND language <> ''"
        " ORDER BY changed_at DESC, id DESC LIMIT 1), %s))"
    )
    inserted: list[tuple[int, str, str]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(people), ROWS_AT_ONCE):
            some = people[start : start + ROWS_AT_ONCE]
            given: list[str | int | datetime | None] = []
            for who in some:
                marks = fingerprints(who.address)
                given += [event, who.key, lane, created, due_at, who.channel, *marks, who.language]
            cursor.execute(
                "INSERT INTO notices_message (event, person, lane, created_at, due_at, attempts,"  # noqa: S608
                f" last_error, channel, language) VALUES {', '.join([row] * len(some))}"
                " ON CONFLICT (event, person) DO NOTHING RETURNING id, person, language",
                given,
            )
            inserted += cursor.fetchall()
    return inserted


def _insert_envelopes(envelopes: Sequence[Envelope]) -> None:
    """By hand as well: the ORM would split the insert after some ninety people on SQLite."""
    fields = Envelope._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for start in range(0, len(envelopes), ROWS_AT_ONCE):
            some = envelopes[start : start + ROWS_AT_ONCE]
            cursor.execute(
                f"INSERT INTO notices_envelope ({columns}) VALUES {', '.join([row] * len(some))}",  # noqa: S608
                [getattr(one, field.attname) for one in some for field in fields],
            )


def _words(compose: Compose, who: Recipient) -> Mail:
    """What this person reads, in their language."""
    with translation.override(who.language):
        return compose(who)


def _envelope(message_id: int, who: Recipient, mail: Mail, *, asked_for: bool) -> Envelope:
    choices = choices_url(who.address)
    text = mail.text.replace(CHOICES, choices)
    found = _FIRST_LINK.search(mail.text)
    link = who.link or (found.group().rstrip(".,;)") if found else "")
    return Envelope(
        message_id=message_id,
        address=who.address,
        subject=mail.subject[:SUBJECT_LENGTH],
        text=text,
        html=mail.html.replace(CHOICES, choices),
        short=" ".join(mail.short.split())[:SHORT_LENGTH],
        link=link if len(link) <= LINK_LENGTH else "",
        unsubscribe=who.unsubscribe if len(who.unsubscribe) <= LINK_LENGTH else "",
        asked_for=asked_for,
        printed_by=who.printed_by,
    )


def _withdraw(which: Q, folded: QuerySet[DigestLine] | None = None) -> int:
    """Withdraw what waits among these; of `folded`, lines of digests not told yet, also."""
    untold = waits(timezone.now())
    if folded is not None:  # what waits in somebody's digest has not been told either
        untold |= Q(channel=Channel.DIGEST, person__in=folded.values("person"))
    with transaction.atomic():
        # The lock makes a sender and an undo take turns: a message is either sent or withdrawn.
        rows = Message.objects.filter(which & untold).select_for_update()
        mine = list(rows.values_list("pk", "person", "channel"))
        if folded is not None and any(channel == Channel.DIGEST for _, _, channel in mine):
            folded.filter(person__in=[person for _, person, _ in mine]).delete()
        Message.objects.filter(pk__in=[pk for pk, _, _ in mine]).delete()
    return len(mine)
