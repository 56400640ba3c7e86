"""How the owner of an address wants to be told: channel, pace, language, hours, or not at all.

No account: who holds the link that each message brings (`fingerprints.choices_url`) chooses for
that address, whatever the page by which it was given. A choice applies to what leaves from then on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from parvis.notices.fingerprints import fingerprints
from parvis.notices.models import PhoneCheck, Preference, PushDevice
from parvis.notices.phones import international

CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CODE_AGAIN = timedelta(minutes=1)
KEPT_UNCONFIRMED = timedelta(days=1)
CHOICES = ("channel", "pace", "language", "quiet", "quiet_mail", "quiet_from", "quiet_until")


def of(marks: list[str]) -> Preference | None:
    """What the owner of these fingerprints chose; None when nothing was."""
    return Preference.objects.filter(fingerprint__in=marks).order_by("-changed_at", "-pk").first()


def of_many(addresses: Iterable[str]) -> dict[str, Preference]:
    """What the owners of these addresses chose, by address; one query, none without address. Of
    what was chosen before and after a change of keys, the latter holds, as in `of`."""
    whose: dict[str, list[str]] = {}  # several ways to write an address have one fingerprint
    for address in set(addresses):
        for mark in fingerprints(address):
            whose.setdefault(mark, []).append(address)
    if not whose:
        return {}
    rows = Preference.objects.filter(fingerprint__in=whose).order_by("changed_at", "pk")
    return {address: one for one in rows for address in whose[one.fingerprint]}


def choose(mark: str, **choices: Any) -> Preference:
    """Keep these choices (`CHOICES`); ValidationError when they do not go together."""
    unknown = set(choices) - set(CHOICES)
    if unknown:
        raise TypeError(f"not to be chosen: {unknown}")
    with transaction.atomic():
        held = _held(mark)
        for name, value in choices.items():
            setattr(held, name, value)
        held.full_clean(exclude=["fingerprint"], validate_unique=False)
        held.save(update_fields=[*choices, "changed_at"])
    return held


def stop(mark: str, now: datetime | None = None) -> None:
    """Send nothing more to this address, save what its owner asks for; again changes nothing."""
    with transaction.atomic():
        held = _held(mark)
        if held.stopped_at is None:
            held.stopped_at = now or timezone.now()
            held.save(update_fields=["stopped_at", "changed_at"])


def resume(mark: str) -> None:
    """Send again what comes from now on."""
    with transaction.atomic():
        held = _held(mark)
        held.stopped_at = None
        held.save(update_fields=["stopped_at", "changed_at"])


def ask_phone(mark: str, number: str, code: str, now: datetime | None = None) -> str:
    """Keep a number until the code that is sent to it comes back; gives it in international form.

    ValidationError for what is no number, or when one was asked for within the minute.
    """
    at, phone = now or timezone.now(), international(number)
    if not phone:
        raise ValidationError(gettext("Donnez un numéro de téléphone, par exemple 06 12 34 56 78."))
    with transaction.atomic():
        before = PhoneCheck.objects.select_for_update().filter(fingerprint=mark).first()
        if before is not None and before.asked_at > at - CODE_AGAIN:
            raise ValidationError(gettext("Un code vient de partir : attendez une minute."))
        PhoneCheck.objects.update_or_create(
            fingerprint=mark,
            defaults={"phone": phone, "code": _digest(mark, code), "tries": 0, "asked_at": at},
        )
    return phone


def confirm_phone(mark: str, code: str, now: datetime | None = None) -> None:
    """The code came back: SMS go to that number. ValidationError for another one, or too late."""
    at = now or timezone.now()
    with transaction.atomic():
        check = PhoneCheck.objects.select_for_update().filter(fingerprint=mark).first()
        sound = check is not None and check.asked_at > at - CODE_LASTS and check.tries < CODE_TRIES
        if check is not None:
            check.tries += 1
            check.save(update_fields=["tries"])
        if check is not None and sound:
            sound = constant_time_compare(check.code, _digest(mark, "".join(code.split())))
        if check is not None and sound:
            held = _held(mark)
            held.phone, held.channel = check.phone, "sms"
            held.save(update_fields=["phone", "channel", "changed_at"])
            check.delete()
    if not sound:
        raise ValidationError(gettext("Ce code n’est pas le bon, ou il est trop vieux."))


def forget_phone(mark: str) -> None:
    """Erase the number of an address, and with it the choice of SMS."""
    with transaction.atomic():
        PhoneCheck.objects.filter(fingerprint=mark).delete()
        held = _held(mark)
        if held.channel == "sms":
            held.channel = ""
        held.phone = ""
        held.save(update_fields=["phone", "channel", "changed_at"])


def forget_devices(mark: str) -> None:
    """Show no more notifications for this address."""
    with transaction.atomic():
        PushDevice.objects.filter(fingerprint=mark).delete()
        Preference.objects.filter(fingerprint=mark, channel="push").update(channel="")


def unconfirmed_at(now: datetime) -> QuerySet[PhoneCheck]:
    """Numbers that nobody confirmed, for longer than they are kept."""
    return PhoneCheck.objects.filter(asked_at__lt=now - KEPT_UNCONFIRMED)


def purge(now: datetime | None = None) -> int:
    """Erase numbers that nobody confirmed within a day; how many."""
    deleted, _ = unconfirmed_at(now or timezone.now()).delete()
    return deleted


def _held(mark: str) -> Preference:
    """The row of an address, locked; made when it is not there."""
    Preference.objects.get_or_create(fingerprint=mark)
    return Preference.objects.select_for_update().get(fingerprint=mark)


def _digest(mark: str, code: str) -> str:
    return salted_hmac("parvis.notices.code", f"{mark}.{code}", algorithm="sha256").hexdigest()
