"""The second factor: of whom it is asked, whether a session proved one, and taking factors away.

What a session proved is kept in the session by allauth, so an ordinary page asks no query for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.tasks import send_due_messages
from parvis.partners.actors import Actor
from parvis.partners.models import User
from parvis.partners.rights import MINE, policies

MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in


def is_asked_of(actor: Actor) -> bool:
    """Whether this actor must prove a second factor: its role lets it see personal data.

    A lodge's telephone and a caretaker's code are two already.
    """
    if actor.lodge_id:
        return False
    return settings.SECOND_FACTOR and _sees_personal_data(actor.role, actor.kind)


@cache
def _sees_personal_data(role: str, kind: str) -> bool:
    one_like_that = Actor(role=role, kind=kind)
    return any(
        row.grants(one_like_that, "see")
        for policy in policies()
        if policy.personal
        for row in policy.rows
        if row.scope != MINE
    )


def is_proved(request: HttpRequest) -> bool:
    """Whether this session proved a second factor: a passkey, a code, or the provider's word."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def prove(request: HttpRequest, user: User, kind: str, pk: int | None = None) -> None:
    """Note in the session that a factor was just proved; it need not be asked again at once."""
    record_authentication(request, user, "mfa", id=pk, type=kind, reauthenticated=True)


def believe_provider(request: HttpRequest, user: User) -> None:
    """Note that the provider who signed this person in asked two factors of them."""
    record_authentication(request, user, "mfa", type="provider")


def factors_of(user: User) -> list[Authenticator]:
    """The person's factors, oldest first; recovery codes are not one."""
    return list(Authenticator.objects.filter(user=user, type__in=MAIN).order_by("created_at", "pk"))


def who_has_one(people: Iterable[int]) -> set[int]:
    """Those of these people who added a factor."""
    rows = Authenticator.objects.filter(user_id__in=list(people), type__in=MAIN)
    return set(rows.values_list("user_id", flat=True))


def remove_factors(person: User, *, by: Actor) -> None:
    """Take every factor from somebody who lost theirs, and tell them.

    Their open sessions end and their password goes: they come back by an e-mailed code and add a
    factor again.
    """
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()
        person.save(update_fields=["password"])
        event = f"factors_removed:{person.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
        mail = render("partners/notices/factors_removed", {"by": by})
        outbox.put(
            event,
            [outbox.Recipient(f"user:{person.pk}", person.email)],
            lambda who: mail,
            wait=timedelta(0),
            asked_for=True,
        )
        transaction.on_commit(send_due_messages.enqueue)
