"""Mail servers of the tests, each with its own bad day."""

import time
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class Slow(EmailBackend):
    """Takes its time, so that two senders meet."""

    def send_messages(self, messages):
        time.sleep(0.01)
        return super().send_messages(messages)


class Refusing(EmailBackend):
    """Refuses for now whoever is called `refuse`, and for good whoever is called `gone`."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("refuse"):
                raise SMTPRecipientsRefused({message.to[0]: (450, b"4.2.1 come back later")})
            if message.to[0].startswith("gone"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"5.1.1 no such user")})
            if message.to[0].startswith("full"):
                raise SMTPRecipientsRefused({message.to[0]: (552, b"5.2.2 mailbox full")})
            if message.to[0].startswith("listed"):
                raise SMTPDataError(554, b"5.7.1 you are on a list")
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
