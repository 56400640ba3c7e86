"""Mail and SMS of the demonstration, kept to be read on screen instead of being sent."""

from django.db import models


class Letter(models.Model):
    """One message that a real installation would have sent."""

    sender = models.CharField(max_length=200)
    recipient = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    # An SMS: the name under which it was handed over, once whatever is repeated. Empty: a mail.
    sms_key = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_sms_rings_once", fields=["sms_key"], condition=~models.Q(sms_key="")
            )
        ]

    def __str__(self) -> str:
        return self.subject
