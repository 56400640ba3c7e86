"""By which channel a message leaves, and when: what its writer gave, what its reader chose, and
what is known of the address. Pure: it reads what it is given and decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from parvis.notices.models import Channel, Envelope, Message, Preference

DIGEST = "digest:"  # events that are digests already


@dataclass(frozen=True)
class Route:
    """What to do with a message now; one of `held_until` and `dropped` at most."""

    channel: str
    address: str
    held_until: datetime | None = None
    dropped: str = ""  # why it never leaves: "stopped", "bounced"


def route(
    message: Message,
    envelope: Envelope,
    chosen: Preference | None,
    *,
    bounced: bool,
    now: datetime,
    ways: frozenset[str],
) -> Route:
    """Where this message goes at that moment.

    `ways`: the channels that can be used for this reader: SMS when there is a gateway, push when a
    browser of theirs is known. `bounced`: its own address refuses for good.
    """
    given = _given(message, envelope)
    if envelope.asked_for or chosen is None:
        channel, address = given, envelope.address
    else:
        if chosen.stopped_at is not None:
            return Route(given, envelope.address, dropped="stopped")
        channel, address = _chosen(chosen, given, envelope.address, ways)
    if bounced and address == envelope.address and channel != Channel.PUSH:
        return Route(channel, address, dropped="bounced")
    if envelope.asked_for:
        return Route(channel, address)
    if chosen is not None and _waits_for_digest(message, chosen):
        return Route(Channel.DIGEST, envelope.address)
    return Route(channel, address, held_until=_held_until(channel, chosen, now))


def after_quiet(now: datetime, begin: time, end: time) -> datetime | None:
    """When the quiet hours end in which this moment lies, in local time; None when in none.

    At both changes of clocks the hours are those that people read.
    """
    local = timezone.localtime(now)
    clock = local.time()
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not quiet:
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    until = datetime.combine(day, end, tzinfo=timezone.get_current_timezone())
    # In the hour that comes twice: the first time that clocks show the end may be past.
    return until if until.timestamp() > now.timestamp() else until.replace(fold=1)


def _given(message: Message, envelope: Envelope) -> str:
    if message.channel == Channel.LETTER:
        return Channel.LETTER
    return Channel.MAIL if "@" in envelope.address else Channel.SMS


def _chosen(chosen: Preference, given: str, address: str, ways: frozenset[str]) -> tuple[str, str]:
    if chosen.channel == Channel.PUSH and Channel.PUSH in ways:
        return Channel.PUSH, address
    if chosen.channel == Channel.SMS and Channel.SMS in ways:
        return Channel.SMS, chosen.phone
    return given, address


def _waits_for_digest(message: Message, chosen: Preference) -> bool:
    return chosen.pace != Preference.Pace.NOW and not message.event.startswith(DIGEST)


def _held_until(channel: str, chosen: Preference | None, now: datetime) -> datetime | None:
    held = chosen or Preference()
    wanted = held.quiet_mail if channel == Channel.MAIL else held.quiet
    return after_quiet(now, held.quiet_from, held.quiet_until) if wanted else None
