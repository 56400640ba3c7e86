"""Factors for tests: adding one without a browser, the code of now, a session that proved one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client, RequestFactory

from parvis.partners import second_factor
from parvis.partners.adapter import FactorAdapter
from parvis.partners.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def add_app(person: User, secret: str = SECRET) -> Authenticator:
    """An application of this secret, as its page would have kept it."""
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.TOTP,
        data={"secret": FactorAdapter().encrypt(secret)},
    )


def code_of(secret: str = SECRET) -> str:
    """The code that the application shows now."""
    *_, now, _ = auth.yield_hotp_counters_from_time()
    return auth.format_hotp_value(auth.hotp_value(secret, now))


def sign_in_proved(client: Client, person: User) -> None:
    """A session that proved a second factor."""
    client.force_login(person)
    request: Any = RequestFactory().get("/")
    request.user, request.session = person, client.session
    second_factor.prove(request, person, Authenticator.Type.TOTP)
    request.session.save()
