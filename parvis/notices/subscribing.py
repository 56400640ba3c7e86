"""Following something by e-mail without an account: asking, saying yes, changing, stopping.

A topic is an opaque word of the room that publishes it ("worksite:12", "quartier:3"). What a page
offers to follow is signed, so that nobody has words of their own sent to a stranger's address.
Telling those who follow is in `publishing`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.models import Listening, Subscriber, Subscription
from parvis.notices.outbox import Recipient
from parvis.ui import languages

AT_MOST = 50  # things followed by one address
UNCONFIRMED_AT_MOST = 10  # of one address: nobody is flooded with questions
AT_ONCE = 12  # things asked for in one go
KEPT_UNCONFIRMED = timedelta(days=7)
GROUPS = Path(__file__).parent / "data" / "topics.toml"
OTHERS = gettext_noop("Autres")
_OFFER, _LINK = "parvis.notices.offer", "parvis.notices.subscriber"


@dataclass(frozen=True)
class Topic:
    """Something to follow, what people call it, and further topics whose news it brings."""

    key: str
    label: str
    hears: tuple[str, ...] = ()


# Given what somebody hears of: what else they may like to follow.
Widening = Callable[[set[str]], list[Topic]]
_widenings: list[Widening] = []


def propose_with(widening: Widening) -> None:
    """A room that knows what is wider than what somebody follows (the quartier of a residence)
    proposes it on the page of subscriptions."""
    if widening not in _widenings:
        _widenings.append(widening)


def proposed(subscriptions: Sequence[Subscription]) -> list[Topic]:
    """What the person with these subscriptions does not follow yet, and may like to."""
    kept = [one.pk for one in subscriptions if one.confirmed_at is not None]
    heard = set(Listening.objects.filter(subscription__in=kept).values_list("topic", flat=True))
    followed = {one.topic for one in subscriptions}
    found = {
        topic.key: topic
        for widening in (_widenings if heard else ())
        for topic in widening(heard)
        if topic.key not in followed
    }
    return list(found.values())


@cache
def _headings() -> dict[str, str]:
    """By kind of topic, the heading under which it stands, in the order of the file."""
    groups = tomllib.loads(GROUPS.read_text(encoding="utf-8"))["group"]
    return {kind: group["label"] for group in groups for kind in group["kinds"]}


def grouped(subscriptions: Iterable[Subscription]) -> list[tuple[str, list[Subscription]]]:
    """These subscriptions by kind of thing, each kind with its heading."""
    known = _headings()
    by_heading: dict[str, list[Subscription]] = {label: [] for label in known.values()}
    by_heading[OTHERS] = []
    for one in subscriptions:
        by_heading[known.get(one.topic.partition(":")[0], OTHERS)].append(one)
    return [(label, some) for label, some in by_heading.items() if some]


def offer(topic: Topic) -> str:
    """What a page puts in its form, or in the address of `notices:subscribe` as `sujet`."""
    return signing.dumps([topic.key, topic.label, topic.hears], salt=_OFFER)


def offered(signed: str) -> Topic | None:
    """The topic that one of our pages offered; None for anything else."""
    try:
        key, label, hears = signing.loads(signed, salt=_OFFER)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Topic(key, label, tuple(hears))


def token_of(subscriber: Subscriber) -> str:
    """The unguessable part of the link by which a subscriber comes back."""
    signature = _signer().signature(f"{subscriber.pk}:{subscriber.nonce}")
    return f"{subscriber.pk}.{signature}"


def subscriber_from_token(token: str) -> Subscriber | None:
    """The subscriber of a link; None for a wrong or cut one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    found = Subscriber.objects.filter(pk=int(number)).first()
    if found is None:
        return None
    try:
        _signer().unsign(f"{found.pk}:{found.nonce}.{signature}")
    except signing.BadSignature:
        return None
    return found


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_LINK)


def subscribe(email: str, *topics: Topic, pace: str, now: datetime | None = None) -> None:
    """Ask this address whether it wants to follow these topics, in one mail; nothing is told before
    it said yes.

    Says nothing of what is known of the address: asking again writes again, once a day.
    """
    at, email = now or timezone.now(), email.strip().lower()
    if not outbox.may_be_written_to(email):
        raise ValidationError({"email": gettext("Donnez une adresse électronique valide.")})
    with transaction.atomic():
        subscriber, _ = Subscriber.objects.get_or_create(
            email=email, defaults={"language": languages.current()}
        )
        Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        asked = _noted(subscriber, topics, pace, at)
        if not asked:
            return
        context = {"asked": asked, "several": len(asked) > 1, "link": link_of(subscriber)}
        context["label"] = asked[0].label
        outbox.put(
            f"subscription.asked:{_named(asked)}:{timezone.localdate(at).isoformat()}",
            [Recipient(subscriber.key, email, link_of(subscriber), subscriber.language)],
            lambda who: render("notices/asked", context),
            wait=timedelta(),
            asked_for=True,
        )


def _named(asked: Sequence[Subscription]) -> str:
    """The name of a question. That of its newest unanswered one: an address gets a mail a day for
    each thing asked in its name at most, and one for all that it follows already."""
    unanswered = [one.pk for one in asked if one.confirmed_at is None]
    return str(max(unanswered)) if unanswered else f"known.{asked[0].subscriber_id}"


def _noted(
    subscriber: Subscriber, topics: Iterable[Topic], pace: str, at: datetime
) -> list[Subscription]:
    """The subscriptions to these topics, made when they are new; those that are too many are left
    out."""
    mine = {one.topic: one for one in subscriber.subscriptions.order_by("pk")}
    waiting = sum(one.confirmed_at is None for one in mine.values())
    asked = []
    for topic in topics:
        known = mine.get(topic.key)
        if known is None:
            if len(mine) >= AT_MOST or waiting >= UNCONFIRMED_AT_MOST:
                continue
            known = mine[topic.key] = _write(subscriber, topic, pace, at)
            waiting += 1
        if known not in asked:
            asked.append(known)
    return asked


def _write(
    subscriber: Subscriber,
    topic: Topic,
    pace: str,
    at: datetime,
    *,
    confirmed_at: datetime | None = None,
) -> Subscription:
    made = Subscription.objects.create(
        subscriber=subscriber,
        topic=topic.key,
        label=topic.label[:200],
        pace=pace,
        asked_at=at,
        confirmed_at=confirmed_at,
    )
    Listening.objects.bulk_create(
        Listening(subscription=made, topic=heard) for heard in sorted({topic.key, *topic.hears})
    )
    return made


def follow_too(
    subscriber: Subscriber, topic: Topic, *, pace: str, now: datetime | None = None
) -> bool:
    """The owner of the address, known by their link, follows one thing more; no question is needed.
    False when they follow too many already."""
    at = now or timezone.now()
    with transaction.atomic():
        held = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        known = held.subscriptions.filter(topic=topic.key).first()
        if known is not None:
            confirm(known, now=at)
        elif held.subscriptions.count() >= AT_MOST:
            return False
        else:
            _write(held, topic, pace, at, confirmed_at=at)
    return True


def confirm(*subscriptions: Subscription, now: datetime | None = None) -> None:
    """The owner of the address says yes; a second time changes nothing."""
    waiting = Subscription.objects.unconfirmed().filter(pk__in=[one.pk for one in subscriptions])
    waiting.update(confirmed_at=now or timezone.now())


def change_pace(subscription: Subscription, pace: str) -> None:
    """At each piece of news, or once a day."""
    if pace not in Subscription.Pace.values:
        raise ValidationError(gettext("Choisissez un rythme de la liste."))
    Subscription.objects.filter(pk=subscription.pk).update(pace=pace)


def unsubscribe(subscriber: Subscriber, subscriptions: Iterable[Subscription]) -> bool:
    """Stop following these; with the last one the address is erased, which is answered True."""
    with transaction.atomic():
        held = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        held.subscriptions.filter(pk__in=[one.pk for one in subscriptions]).delete()
        if held.subscriptions.exists():
            return False
        _erase(held)
    return True


def unconfirmed_at(now: datetime) -> Any:
    """Subscriptions that nobody said yes to, for longer than they are kept."""
    return Subscription.objects.unconfirmed().filter(asked_at__lt=now - KEPT_UNCONFIRMED)


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Erase what nobody said yes to within a week; how many subscriptions."""
    with transaction.atomic():
        old = unconfirmed_at(now or timezone.now())
        erased: int = old.count()
        old.delete()
        left = Subscription.objects.filter(subscriber_id=OuterRef("pk"))
        for subscriber in Subscriber.objects.filter(~Exists(left)):
            _erase(subscriber)
    return erased


def link_of(subscriber: Subscriber) -> str:
    """The absolute address of the page where this person chooses what they are told."""
    return settings.SITE_URL + reverse("notices:subscriptions", args=[token_of(subscriber)])


def _erase(subscriber: Subscriber) -> None:
    outbox.forget(subscriber.key)
    subscriber.delete()
