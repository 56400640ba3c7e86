"""The channels of one round of sending: opened at the first need, left alone once they are away."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import get_connection

from parvis.notices import mailing, push, sms
from parvis.notices.fingerprints import fingerprint, fingerprints
from parvis.notices.models import Channel, Envelope, Message, PushDevice
from parvis.notices.outcomes import Away


class Channels:
    """What this round may use. One object for one round, in one thread."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self._mail = get_connection()

    def close(self) -> None:
        """Let go of the mail server."""
        self._mail.close()

    def deliver(self, channel: str, address: str, message: Message, envelope: Envelope) -> None:
        """Hand one message over. Raises what `outcomes` says, or the mail server's own error."""
        if channel in self.away:
            raise Away("")  # said once a round
        if channel == Channel.SMS:
            text = sms.fit(envelope.short or envelope.subject, envelope.link)
            sms.send(key_of(message), address, text, fingerprint(address))
        elif channel == Channel.PUSH:
            said = envelope.short or envelope.subject
            push.send(key_of(message), fingerprints(envelope.address), said, envelope.link)
        else:
            self._deliver_mail(message, envelope)

    def _deliver_mail(self, message: Message, envelope: Envelope) -> None:
        try:
            self._mail.open()
        except (OSError, SMTPException) as error:
            raise Away(type(error).__name__) from None
        try:
            mailing.compose(message, envelope, self._mail).send()
        except (OSError, SMTPException) as error:
            self._mail.close()
            refused = mailing.refusal(error)
            if refused is not None:
                raise refused from None
            raise
        except Exception:
            self._mail.close()
            raise


def key_of(message: Message) -> str:
    """The idempotency key of a message: the same at each try, and of this installation alone."""
    return mailing.message_id(message, "").strip("<>")


def ways_of(marks: list[str]) -> frozenset[str]:
    """The channels, beside the one it was given by, by which the owner of an address can be
    reached now."""
    found = set()
    if sms.available():
        found.add(str(Channel.SMS))
    if PushDevice.objects.filter(fingerprint__in=marks).exists():
        found.add(str(Channel.PUSH))
    return frozenset(found)
