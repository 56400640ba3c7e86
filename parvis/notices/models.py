"""The outbox. A message to a person is one row, kept; its address and words are a second one, that
goes away once sent, so that nothing personal stays behind."""

from django.db import models


class Message(models.Model):
    """That one person is told of one event, once."""

    event = models.CharField(max_length=80)  # "report.settled:123": which event
    person = models.CharField(max_length=80)  # "voice:12", "user:5": whom, never an address
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_message_per_event_and_person", fields=["event", "person"])]
        indexes = [
            models.Index(
                name="messages_to_send",
                fields=["due_at"],
                condition=models.Q(sent_at=None, failed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.person}"


class Envelope(models.Model):
    """Address and words of a message that is not sent yet; deleted at sending."""

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="envelope")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.message_id)
