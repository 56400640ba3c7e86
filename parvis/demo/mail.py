"""The mail backend of the demonstration: letters go to `/demo/courrier/`, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from parvis.demo.models import Letter


class DemoBackend(BaseEmailBackend):
    """Keeps each message as a `Letter`, one per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = [
            Letter(
                sender=message.from_email,
                recipient=recipient,
                reply_to=", ".join(message.reply_to),
                subject=str(message.subject),
                text=str(message.body),
                html=next((str(part.content) for part in getattr(message, "alternatives", [])), ""),
            )
            for message in email_messages
            for recipient in message.recipients()
        ]
        Letter.objects.bulk_create(letters)
        return len(email_messages)
