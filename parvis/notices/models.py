"""The outbox, what people follow, and their digests. A message to a person is one row, kept; its
address and words are a second one, that goes away once sent, so that nothing personal stays."""

from __future__ import annotations

import secrets
from datetime import datetime, time

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_noop

from parvis.notices.consents import current


class Channel(models.TextChoices):
    """The ways by which a message reaches somebody."""

    MAIL = "mail", "courriel"
    SMS = "sms", "SMS"
    PUSH = "push", "notification"
    LETTER = "letter", "lettre à imprimer"
    DIGEST = "digest", "résumé"  # told in a digest, which has a message of its own


def waits(now: datetime) -> Q:
    """Neither sent, nor given up, nor in the hands of a sender. A condition of the row itself:
    PostgreSQL asks it again of a row that it waited for, which it does not with a sub-query."""
    return Q(Q(claimed_until=None) | Q(claimed_until__lt=now), sent_at=None, failed_at=None)


class OutboxQuerySet(models.QuerySet["Message"]):
    def waiting(self, now: datetime) -> OutboxQuerySet:
        """Neither sent, nor given up, nor in the hands of a sender."""
        return self.filter(waits(now))

    def first_in_line(self) -> OutboxQuerySet:
        """Those that no unsent message of the same lane, to the same person, goes before. A letter
        goes before none: it waits for hands, perhaps for ever."""
        earlier = Message.objects.filter(
            person=OuterRef("person"),
            lane=OuterRef("lane"),
            pk__lt=OuterRef("pk"),
            sent_at=None,
            failed_at=None,
        ).exclude(channel=Channel.LETTER)
        return self.filter(Q(lane="") | ~Exists(earlier))


class Message(models.Model):
    """That one person is told of one event, once."""

    event = models.CharField(max_length=80)  # "report.settled:123": which event
    person = models.CharField(max_length=80)  # "voice:12", "user:5": whom, never an address
    # "report:45": what the event is about. Messages of one lane reach a person in their order.
    lane = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)
    language = models.CharField(max_length=8, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    # A sender at work on this message; no other takes it up before then.
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    # What kind of thing went wrong last ("SMTPServerDisconnected", "http 503"); never its words.
    last_error = models.CharField(max_length=80, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_message_per_event_and_person", fields=["event", "person"]
            ),
            models.CheckConstraint(
                name="message_is_sent_or_given_up_not_both",
                condition=Q(sent_at=None) | Q(failed_at=None),
                violation_error_message="Un message est envoyé ou abandonné, pas les deux.",
            ),
        ]
        indexes = [
            models.Index(
                name="messages_to_send",
                fields=["due_at"],
                condition=Q(sent_at=None, failed_at=None),
            ),
            models.Index(
                name="messages_of_a_person",
                fields=["person", "lane"],
                condition=Q(sent_at=None, failed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.person}"


class Envelope(models.Model):
    """Address and words of a message that is not sent yet; deleted at sending."""

    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="envelope"
    )
    address = models.CharField(max_length=300)  # an e-mail address, a phone, or lines of a letter
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    short = models.CharField(max_length=500, blank=True)  # for a phone; empty: the subject says it
    link = models.CharField(max_length=500, blank=True)  # the page to open
    unsubscribe = models.CharField(max_length=500, blank=True)  # RFC 8058: stops it in one click
    # Its reader asked for it a moment ago: neither held, grouped, moved nor stopped.
    asked_for = models.BooleanField(default=False)
    printed_by = models.CharField(max_length=80, blank=True)  # "organisation:7": who prints letters

    class Meta:
        indexes = [
            models.Index(
                name="letters_to_print", fields=["printed_by"], condition=~Q(printed_by="")
            )
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Preference(models.Model):
    """How one address wants to be reached, chosen without an account. The address is kept as a
    fingerprint, so that this table tells nobody's name."""

    class Pace(models.TextChoices):
        NOW = "now", gettext_noop("tout de suite")
        DAILY = "daily", gettext_noop("un résumé par jour, le matin")
        WEEKLY = "weekly", gettext_noop("un résumé par semaine, le lundi matin")

    fingerprint = models.CharField(max_length=32, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)  # empty: as given
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.NOW)
    language = models.CharField(max_length=8, blank=True)  # empty: as given
    phone = models.CharField(max_length=16, blank=True)  # confirmed by a code
    quiet = models.BooleanField(default=True)  # no SMS and no notification at these hours
    quiet_mail = models.BooleanField(default=False)  # no mail either
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    stopped_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "choix d’envoi"
        constraints = [
            models.CheckConstraint(
                name="an_sms_choice_has_a_phone",
                condition=~Q(channel=Channel.SMS) | ~Q(phone=""),
                violation_error_message="Pour recevoir des SMS, il faut un numéro confirmé.",
            ),
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=~Q(quiet_from=F("quiet_until")),
                violation_error_message="Donnez deux heures différentes.",
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint


class PhoneCheck(models.Model):
    """A phone number that somebody gave and has still to prove by the code that was sent to it."""

    fingerprint = models.CharField(max_length=32, unique=True)
    phone = models.CharField(max_length=16)
    code = models.CharField(max_length=64)  # a digest of it
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = "numéro à confirmer"

    def __str__(self) -> str:
        return self.fingerprint


class PushDevice(models.Model):
    """A browser that shows notifications for an address: where to call it, and its keys."""

    fingerprint = models.CharField(max_length=32, db_index=True)
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "appareil prévenu"

    def __str__(self) -> str:
        return str(self.pk)


class Bounce(models.Model):
    """An address that refuses for good what we send it, as a fingerprint; nothing more is sent
    there until its owner says that it works again."""

    fingerprint = models.CharField(max_length=32, unique=True)
    reason = models.CharField(max_length=40)  # "5.1.1", "invalid_number"
    at = models.DateTimeField()

    class Meta:
        verbose_name = "adresse en échec"

    def __str__(self) -> str:
        return self.fingerprint


def new_nonce() -> str:
    """What makes the link of a subscriber impossible to guess, beside the key."""
    return secrets.token_urlsafe(12)


class Subscriber(models.Model):
    """An e-mail address that follows something, without an account. The row goes away with its
    last subscription, and the address with it."""

    email = models.EmailField("adresse électronique", unique=True)
    nonce = models.CharField(max_length=24, default=new_nonce)
    # How many pieces of news left at once for this person that day: further ones wait for the
    # digest.
    told_on = models.DateField(null=True, blank=True)
    told_count = models.PositiveSmallIntegerField(default=0)
    # In which they are written to.
    language = models.CharField("langue", max_length=8, default="fr")

    class Meta:
        verbose_name = "abonné"

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def key(self) -> str:
        """How the outbox names this person."""
        return f"subscriber:{self.pk}"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        """Those whose owner opened the link and said yes."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> SubscriptionQuerySet:
        """Those that wait for a yes."""
        return self.filter(confirmed_at=None)


def subscription_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("notices", "subscription").version


class Subscription(models.Model):
    """One thing that a subscriber follows, and how often they want to hear of it."""

    class Pace(models.TextChoices):
        NOW = "now", gettext_noop("à chaque nouvelle")
        DAILY = "daily", gettext_noop("un résumé par jour, le matin")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    topic = models.CharField("sujet", max_length=80)  # "address:50.38,3.51": what it is, once
    label = models.CharField("intitulé", max_length=200)
    pace = models.CharField("rythme", max_length=8, choices=Pace.choices, default=Pace.DAILY)
    asked_at = models.DateTimeField("demandé le")
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=subscription_text)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_topic_is_followed_once", fields=["subscriber", "topic"])
        ]
        indexes = [
            models.Index(
                name="subscriptions_to_confirm", fields=["asked_at"], condition=Q(confirmed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class Listening(models.Model):
    """A topic whose news a subscription hears: somebody who follows a residence also hears of its
    quartier."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="listenings")
    topic = models.CharField(max_length=80)  # "worksite:12": opaque here

    class Meta:
        verbose_name = "sujet écouté"
        constraints = [
            models.UniqueConstraint(name="a_topic_is_heard_once", fields=["topic", "subscription"])
        ]

    def __str__(self) -> str:
        return self.topic


class DigestLine(models.Model):
    """One line of somebody's next digest. Once told it keeps the event and the person, so that
    nobody is told twice, and neither the address nor the words."""

    event = models.CharField(max_length=80)
    person = models.CharField(max_length=80)
    address = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=500, blank=True)  # the page made for this person
    language = models.CharField(max_length=8, default="fr")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "ligne de résumé"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_digest_line_per_event_and_person", fields=["event", "person"]
            ),
            models.CheckConstraint(
                name="a_told_line_keeps_no_address",
                condition=Q(told_at=None) | Q(address="", link=""),
                violation_error_message="Une fois le résumé envoyé, l’adresse est effacée.",
            ),
        ]
        indexes = [
            models.Index(name="digest_lines_to_tell", fields=["at"], condition=Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.person}"


class ReceivedText(models.Model):
    """That a text message came, so that the same one is not acted on twice, and that nobody is
    answered too often. Neither its words nor its number; erased within two days."""

    digest = models.CharField(max_length=64, unique=True)  # of the gateway's name for it
    sender = models.CharField(max_length=32)  # fingerprint of the number
    at = models.DateTimeField()
    answered = models.BooleanField(default=False)

    class Meta:
        verbose_name = "texto reçu"
        indexes = [models.Index(name="texts_of_a_number", fields=["sender", "at"])]

    def __str__(self) -> str:
        return str(self.pk)
