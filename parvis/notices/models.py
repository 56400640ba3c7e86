"""The outbox. A message to a person is one row, kept; its address and words are a second one, that
goes away once sent, so that nothing personal stays behind."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self, now: datetime) -> MessageQuerySet:
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

    objects = MessageQuerySet.as_manager()

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
