"""Sessions: a new key at sign-in, an end of their own, and one for all when something changes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from parvis.partners import leaving, second_factor, sessions
from parvis.partners.models import Mandate
from tests.cast import PASSWORD, Cast
from tests.partners import factors

pytestmark = pytest.mark.django_db
HOUR = 3600


def is_in(client: Client) -> bool:
    return client.get("/compte/").status_code == 200


def older(client: Client, **seconds: int) -> None:
    """Make this browser's session look so many seconds older, by the name of each note."""
    kept = client.session
    for name, much in seconds.items():
        kept[name] -= much
    kept.save()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_signing_in_changes_the_key_of_the_session(cast: Cast, client: Client) -> None:
    planted = client.session
    planted["a_note"] = "of before"
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = planted.session_key
    client.post("/connexion/", {"login": "karim@exemple.test", "password": PASSWORD})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_in(client)
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_session_ends_two_weeks_after_signing_in_however_often_it_is_used(cast: Cast) -> None:
    client = signed_in(cast.karim)
    older(client, **{sessions.SINCE: settings.SESSION_COOKIE_AGE - HOUR})
    assert is_in(client)
    older(client, **{sessions.SINCE: 2 * HOUR})
    assert not is_in(client)


def test_a_session_that_nobody_uses_ends_after_a_long_weekend(cast: Cast) -> None:
    client = signed_in(cast.karim)
    older(client, **{sessions.SEEN: settings.SESSION_IDLE_AGE - HOUR})
    assert is_in(client)  # and that page counts
    older(client, **{sessions.SEEN: settings.SESSION_IDLE_AGE - HOUR})
    assert is_in(client)
    older(client, **{sessions.SEEN: settings.SESSION_IDLE_AGE + HOUR})
    assert not is_in(client)
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_session_in_use_is_noted_once_an_hour_and_not_at_each_page(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.karim)
    is_in(client)
    key = client.session.session_key
    before = Session.objects.get(session_key=key).session_data
    is_in(client)
    assert Session.objects.get(session_key=key).session_data == before


def test_the_end_of_a_mandate_signs_its_person_out_everywhere(cast: Cast) -> None:
    desk, phone, neighbour = (signed_in(cast.sofia), signed_in(cast.sofia), signed_in(cast.karim))
    leaving.end_mandate(Mandate.objects.get(person=cast.sofia))
    assert not is_in(desk)
    assert not is_in(phone)
    assert is_in(neighbour)


def test_taking_factors_away_signs_their_owner_out_everywhere(cast: Cast) -> None:
    client = signed_in(cast.sofia)
    second_factor.remove_factors(cast.sofia, by=cast.actor(cast.karim))
    assert not is_in(client)


def test_recovery_codes_made_anew_end_every_other_session(cast: Cast) -> None:
    factors.add_app(cast.karim)
    RecoveryCodes.activate(cast.karim)
    here, elsewhere = Client(), signed_in(cast.karim)
    factors.sign_in_proved(here, cast.karim)
    answer = here.post("/connexion/second-facteur/codes/", {"action": "renew"})
    assert answer.status_code == 200
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_factor_removed_ends_every_other_session(cast: Cast) -> None:
    first = factors.add_app(cast.karim)
    here, elsewhere = Client(), signed_in(cast.karim)
    factors.sign_in_proved(here, cast.karim)
    here.post(f"/connexion/second-facteur/{first.pk}/retirer/")
    assert not Authenticator.objects.filter(pk=first.pk).exists()
    assert is_in(here)
    assert not is_in(elsewhere)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(cast: Cast, client: Client) -> None:
    client.post("/connexion/", {"login": "karim@exemple.test", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_over_https_cookies_never_travel_in_clear() -> None:
    """Settings are read once: those of an installation over https are read by another process."""
    script = (
        "import django; from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS > 0, s.USE_X_FORWARDED_HOST)"
    )
    around = {
        **os.environ,
        "PARVIS_SITE_URL": "https://parvis.example",
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
    }
    told = subprocess.run(
        [sys.executable, "-c", script], env=around, capture_output=True, text=True
    )
    assert told.stdout.split() == ["True", "True", "True", "True", "False"], told.stderr


def test_the_key_that_retires_still_holds_a_session(cast: Cast, settings: Any) -> None:
    client, late = signed_in(cast.karim), signed_in(cast.karim)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-this-test-only"
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client)  # it was bound to the new key meanwhile
    assert not is_in(late)
