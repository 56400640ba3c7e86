"""What is kept of somebody, for that person: asking by mail, reading, taking away, erasing.

Whoever reads the mail of an address may know what is kept at it: the link that is sent opens once,
within the hour, and what it opens lasts half an hour. Erasing asks for a code that comes by mail
too. Nothing on these pages tells whether an address is known before its owner opened the link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parvis.notices import outbox
from parvis.notices.keeping import Held, Holding
from parvis.notices.mail import render
from parvis.notices.tasks import send_due_messages
from parvis.partners.models import PersonalReading
from parvis.partners.readings import readings_of
from parvis.partners.rights import rooms_with
from parvis.partners.written import Written
from parvis.portal.models import LINK_LASTS, VISIT_LASTS, DataRequest
from parvis.ui import languages

TRIES = 5  # wrong codes, then another one is needed
_CODE = "parvis.portal.erasure"


class WrongCode(Exception):  # noqa: N818 - said as people say it
    """The code is not the one that was sent, or it does not count any more."""


@cache
def holdings() -> dict[str, Holding]:
    """What every room keeps of people, by code, the highest room first."""
    rows = [one for module in rooms_with("holdings") for one in module.HOLDINGS]
    found = {one.code: one for one in rows}
    if len(found) < len(rows):
        raise ValueError("two holdings have the same code")
    return found


@cache
def written() -> dict[str, Written]:
    """What who signs in writes, room by room, the lowest first."""
    rows = [one for module in reversed(rooms_with("holdings")) for one in module.WRITTEN]
    return {one.code: one for one in rows}


@dataclass(frozen=True)
class Kept:
    """What is kept of a person under one holding, and who read it."""

    code: str
    label: str
    things: tuple[tuple[Held, tuple[PersonalReading, ...]], ...]

    @property
    def erasable(self) -> int:
        """How many of these are erased on request."""
        return sum(not thing.standing for thing, _ in self.things)


def kept_of(address: str) -> list[Kept]:
    """Everything that is kept at this address, room by room; only reads."""
    found = []
    for one in holdings().values():
        things = one.find(address.lower())
        if things:
            read = readings_of(one.code, [thing.pk for thing in things])
            pairs = tuple((thing, tuple(read.get(thing.pk, ()))) for thing in things)
            found.append(Kept(one.code, one.label, pairs))
    return found


# --- The link, and the visit that it opens -----------------------------------------------------


def ask(address: str, *, now: datetime | None = None) -> None:
    """Send this address a link to what is kept at it. The mail leaves whatever is known of it."""
    at, token = now or timezone.now(), secrets.token_urlsafe(32)
    with transaction.atomic():
        DataRequest.objects.past(at).delete()
        made = DataRequest.objects.create(
            email=address.strip().lower(),
            nonce=digest_of(token),
            asked_at=at,
            expires_at=at + LINK_LASTS,
        )
        link = settings.SITE_URL + reverse("portal:my_data_open", args=[token])
        _write(made, "asked", "my_data_link", {"link": link})


def request_of(token: str, *, now: datetime | None = None) -> DataRequest | None:
    """What a link that was not opened yet leads to; None when it is wrong, used or too old."""
    rows = DataRequest.objects.filter(nonce=digest_of(token), opened_at=None)
    return rows.filter(expires_at__gt=now or timezone.now()).first()


def open_visit(found: DataRequest, *, now: datetime | None = None) -> bool:
    """Use the link up and begin the visit; False when another press of the button did."""
    at = now or timezone.now()
    rows = DataRequest.objects.filter(pk=found.pk, opened_at=None, expires_at__gt=at)
    return bool(rows.update(opened_at=at, expires_at=at + VISIT_LASTS))


def visit(pk: int | None, *, now: datetime | None = None) -> DataRequest | None:
    """The visit that this session began, while it lasts."""
    rows = DataRequest.objects.filter(pk=pk or 0, opened_at__isnull=False)
    return rows.filter(expires_at__gt=now or timezone.now()).first()


def end_visit(found: DataRequest) -> None:
    """Forget the address that asked."""
    found.delete()


# --- Erasing ------------------------------------------------------------------------------------


def ask_to_erase(found: DataRequest, codes: Iterable[str]) -> bool:
    """Send the code without which nothing is erased; False when nothing of this is kept."""
    wanted = set(codes)
    scope = [one.code for one in kept_of(found.email) if one.code in wanted and one.erasable]
    if not scope:
        return False
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        found.scope, found.code, found.failures = scope, _code_digest(found, code), 0
        found.save(update_fields=["scope", "code", "failures"])
        labels = [holdings()[one].label for one in scope]
        key = f"code.{secrets.token_hex(4)}"
        _write(found, key, "my_data_code", {"code": code, "labels": labels})
    return True


def erase(found: DataRequest, code: str) -> dict[str, int]:
    """Erase what was asked for, once the code is right: how many things, by label. The result is
    sent by mail. Raises WrongCode."""
    with transaction.atomic():
        held = DataRequest.objects.select_for_update().get(pk=found.pk)
        right = bool(held.code) and held.failures < TRIES
        right = right and hmac.compare_digest(held.code, _code_digest(held, code.strip()))
        if right:
            scope = held.scope
            held.scope, held.code = [], ""
            held.save(update_fields=["scope", "code"])
            counts = {
                holdings()[one].label: holdings()[one].erase(held.email)
                for one in scope
                if one in holdings()
            }
            left = [one.label for one in kept_of(held.email) if one.code != "mail"]
            key = f"erased.{secrets.token_hex(4)}"
            _write(held, key, "my_data_erased", {"counts": counts.items(), "left": left})
        else:
            held.failures = min(held.failures + 1, TRIES)
            held.save(update_fields=["failures"])
    if not right:
        raise WrongCode
    return counts


def waits_for_a_code(found: DataRequest) -> bool:
    """Whether an erasure was asked for, and its code may still be given."""
    return bool(found.code) and found.failures < TRIES


def _write(found: DataRequest, key: str, template: str, context: dict[str, object]) -> None:
    """A mail to the address itself, at once. Its key names the visit, never the address.

    No choice made for the address counts (`asked_for`): the link to the choices stands in every
    mail, and who was forwarded one could have the way to somebody's data sent to a telephone.
    """
    outbox.put(
        f"data.{key}:{found.pk}",
        [outbox.Recipient(f"data:{found.pk}", found.email, language=languages.current())],
        lambda who: render(f"portal/notices/{template}", {"brand": settings.BRAND, **context}),
        wait=timedelta(0),
        asked_for=True,  # a link or a code in a digest would come too late, and lie there
    )
    transaction.on_commit(send_due_messages.enqueue)


def digest_of(token: str) -> str:
    """What is kept of the token of a link: it opens nothing by itself."""
    return hashlib.sha256(token.encode()).hexdigest()[:43]


def _code_digest(found: DataRequest, code: str) -> str:
    return salted_hmac(_CODE, f"{found.pk}:{code}", algorithm="sha256").hexdigest()
