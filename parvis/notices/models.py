"""The outbox, what people follow, and their digests. A message to a person is one row, kept; its
address and words are a second one, that goes away once sent, so that nothing personal stays."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q


class OutboxQuerySet(models.QuerySet["Message"]):
    def waiting(self, now: datetime) -> OutboxQuerySet:
        """Neither sent, nor given up, nor in the hands of a sender."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, sent_at=None, failed_at=None)


class Message(models.Model):
    """That one person is told of one event, once."""

    event = models.CharField(max_length=80)  # "report.settled:123": which event
    person = models.CharField(max_length=80)  # "voice:12", "user:5": whom, never an address
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    # A sender at work on this message; no other takes it up before then.
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

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
                fields=["person"],
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
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.message_id)


def new_nonce() -> str:
    """What makes the link of a subscriber impossible to guess, beside the key."""
    return secrets.token_urlsafe(12)


class Subscriber(models.Model):
    """An e-mail address that follows something, without an account. The row goes away with its
    last subscription, and the address with it."""

    email = models.EmailField("adresse électronique", unique=True)
    nonce = models.CharField(max_length=24, default=new_nonce)

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


class Subscription(models.Model):
    """One thing that a subscriber follows, and how often they want to hear of it."""

    class Pace(models.TextChoices):
        NOW = "now", "à chaque nouvelle"
        DAILY = "daily", "un résumé par jour, le matin"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    topic = models.CharField("sujet", max_length=80)  # "address:50.38,3.51": what it is, once
    label = models.CharField("intitulé", max_length=200)
    pace = models.CharField("rythme", max_length=8, choices=Pace.choices, default=Pace.DAILY)
    asked_at = models.DateTimeField("demandé le")
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
    address = models.EmailField(blank=True)
    link = models.CharField(max_length=500, blank=True)  # the page made for this person
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
