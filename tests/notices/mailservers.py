"""Mail servers of the tests, each with its own bad day."""

import time
from smtplib import SMTPRecipientsRefused

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class Slow(EmailBackend):
    """Takes its time, so that two senders meet."""

    def send_messages(self, messages):
        time.sleep(0.01)
        return super().send_messages(messages)


class Refusing(EmailBackend):
    """Refuses whoever is called `refuse`."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("refuse"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
        return super().send_messages(messages)


class Away(BaseEmailBackend):
    """Does not answer."""

    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


class PowerCut(BaseException):
    """What no `except Exception` holds."""


class Dying(EmailBackend):
    """Accepts the first message, then the machine dies before it can be noted."""

    died = False

    def send_messages(self, messages):
        count = super().send_messages(messages)
        if not Dying.died:
            Dying.died = True
            raise PowerCut
        return count


def addresses() -> list[str]:
    """Who received something, in order."""
    return [message.to[0] for message in mail.outbox]
