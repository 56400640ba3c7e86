"""Following something by e-mail without an account: asking, saying yes, hearing of it, stopping.

A topic is an opaque word of the room that publishes it ("worksite:12", "quartier:3"). What a page
offers to follow is signed, so that nobody has words of their own sent to a stranger's address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from parvis.notices import digests, outbox
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.models import Listening, Subscriber, Subscription
from parvis.notices.outbox import Mail, Recipient

AT_MOST = 50  # things followed by one address
UNCONFIRMED_AT_MOST = 5  # of one address: nobody is flooded with questions
KEPT_UNCONFIRMED = timedelta(days=7)
_OFFER, _LINK = "parvis.notices.offer", "parvis.notices.subscriber"
_HOLE = "https://link.invalid/"  # stands for each person's link in words that are made once


@dataclass(frozen=True)
class Topic:
    """Something to follow, what people call it, and further topics whose news it brings."""

    key: str
    label: str
    hears: tuple[str, ...] = ()


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


def subscribe(email: str, topic: Topic, *, pace: str, now: datetime | None = None) -> None:
    """Ask this address whether it wants to follow that topic; nothing is told before it said yes.

    Says nothing of what is known of the address: asking again writes again, once a day.
    """
    at, email = now or timezone.now(), email.strip().lower()
    if not outbox.may_be_written_to(email):
        raise ValidationError({"email": "Donnez une adresse électronique valide."})
    with transaction.atomic():
        subscriber, _ = Subscriber.objects.get_or_create(email=email)
        Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        known = subscriber.subscriptions.filter(topic=topic.key).first()
        if known is None:
            mine = list(subscriber.subscriptions.values_list("confirmed_at", flat=True))
            if len(mine) >= AT_MOST or mine.count(None) >= UNCONFIRMED_AT_MOST:
                return
            known = Subscription.objects.create(
                subscriber=subscriber,
                topic=topic.key,
                label=topic.label[:200],
                pace=pace,
                asked_at=at,
            )
            Listening.objects.bulk_create(
                Listening(subscription=known, topic=heard)
                for heard in sorted({topic.key, *topic.hears})
            )
        context = {"subscription": known, "link": link_of(subscriber)}
        outbox.put(
            f"subscription.asked:{known.pk}:{timezone.localdate(at).isoformat()}",
            [Recipient(subscriber.key, email, link_of(subscriber))],
            lambda who: render("notices/asked", context),
            wait=timedelta(),
        )


def confirm(subscription: Subscription, *, now: datetime | None = None) -> None:
    """The owner of the address says yes; a second time changes nothing."""
    waiting = Subscription.objects.unconfirmed().filter(pk=subscription.pk)
    waiting.update(confirmed_at=now or timezone.now())


def change_pace(subscription: Subscription, pace: str) -> None:
    """At each piece of news, or once a day."""
    if pace not in Subscription.Pace.values:
        raise ValidationError("Choisissez un rythme de la liste.")
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


def publish(topics: Iterable[str], event: str, line: Line, *, now: datetime | None = None) -> int:
    """Tell everybody who follows one of these topics, at the pace they chose; how many people that
    is. Once for an event ("worksite.moved:12:345") and a person, whatever is repeated."""
    hearing = Listening.objects.filter(topic__in=set(topics)).values("subscription")
    followed = Subscription.objects.confirmed().filter(pk__in=hearing)
    prompt: dict[str, Recipient] = {}
    daily: dict[str, Recipient] = {}
    for one in followed.select_related("subscriber").order_by("pk"):
        who = one.subscriber
        chosen = prompt if one.pace == Subscription.Pace.NOW else daily
        chosen[who.key] = Recipient(who.key, who.email, link_of(who))
    # Who asked for both paces, by two topics, hears at once and not again in the morning.
    outbox.put(event, prompt.values(), _words(line))
    digests.note(event, [who for key, who in daily.items() if key not in prompt], line, now=now)
    return len(prompt.keys() | daily.keys())


def take_back(event: str) -> int:
    """Undo: withdraw what was published and did not leave yet; how many messages and lines."""
    return outbox.take_back(event) + digests.take_back(event)


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Erase what nobody said yes to within a week; how many subscriptions."""
    limit = (now or timezone.now()) - KEPT_UNCONFIRMED
    with transaction.atomic():
        old = Subscription.objects.unconfirmed().filter(asked_at__lt=limit)
        erased = old.count()
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
