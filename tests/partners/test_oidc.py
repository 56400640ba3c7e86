"""Signing in by OpenID Connect, end to end with a provider on the loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

from parvis.partners.models import User
from tests.cast import Cast
from tests.partners.factors import add_app

# The provider of tests is built on a library that warns of its own ways.
pytestmark = pytest.mark.filterwarnings("ignore")

TWO_FACTORS = "https://proconnect.gouv.fr/assurance/self-asserted-2fa"
KNOWN = {
    "karim": {"email": "Karim@exemple.test", "email_verified": True},
    "two": {"email": "karim@exemple.test", "email_verified": True, "acr": TWO_FACTORS},
    "amr": {"email": "karim@exemple.test", "email_verified": True, "amr": ["pwd", "mfa"]},
    "nobody": {"email": "personne@exemple.test", "email_verified": True},
    "unverified": {"email": "karim@exemple.test", "email_verified": False},
    "said": {"email": "karim@exemple.test", "email_verified": "false"},
    "silent": {"email": "karim@exemple.test"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    people = [Known(sub=sub, claims=claims) for sub, claims in KNOWN.items()]
    with run_server_in_thread(user_claims=people) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def provider(server: str, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"
    settings.OIDC = {
        **settings.OIDC,
        "server_url": server,
        "client_id": "parvis",
        "client_secret": "secret",
        "name": "ProConnect",
    }


def answer_of(client: Client, sub: str, **extra: str) -> str:
    """Press our button, say who one is at the provider; where it sends back to."""
    leaving = client.post(reverse("oidc_start"), extra)
    assert leaving.status_code == 302, leaving.content.decode()
    back = requests.post(leaving["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    return back.headers["Location"].removeprefix("http://testserver")


def sign_in(client: Client, sub: str, **extra: str) -> Any:
    return client.get(answer_of(client, sub, **extra))


def test_the_button_shows_only_with_a_provider(client: Client, db: None, settings: Any):
    assert "Entrer avec ProConnect" in client.get("/connexion/").content.decode()
    settings.OIDC = {**settings.OIDC, "server_url": ""}
    assert "ProConnect" not in client.get("/connexion/").content.decode()
    assert client.post(reverse("oidc_start")).status_code == 404


def test_a_person_known_by_a_verified_address_comes_in(cast: Cast, client: Client):
    answer = sign_in(client, "karim", next="/organisation/")
    assert answer["Location"] == "/organisation/"
    assert client.session["_auth_user_id"] == str(cast.karim.pk)


def test_nothing_of_the_exchange_is_kept(cast: Cast, client: Client):
    before = cast.karim.password
    sign_in(client, "karim")
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()
    assert "token" not in str(dict(client.session))
    cast.karim.refresh_from_db()
    assert cast.karim.password == before


def test_nobody_gets_an_account_by_it(cast: Cast, client: Client):
    known = User.objects.count()
    answer = sign_in(client, "nobody")
    assert answer.status_code == 403
    assert "Personne n’a ici cette adresse" in answer.content.decode()
    assert "personne@exemple.test" in answer.content.decode()
    assert User.objects.count() == known
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("sub", ["unverified", "said", "silent"])
def test_an_address_that_is_not_vouched_for_opens_nothing(cast: Cast, client: Client, sub: str):
    assert "ne nous a pas garanti" in sign_in(client, sub).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_provider_that_never_says_verified_may_be_trusted(
    cast: Cast, client: Client, settings: Any
):
    settings.OIDC = {**settings.OIDC, "trust_email": True}
    sign_in(client, "silent")
    assert client.session["_auth_user_id"] == str(cast.karim.pk)


def test_a_closed_account_does_not_get_in(cast: Cast, client: Client):
    User.objects.filter(pk=cast.karim.pk).update(is_active=False)
    assert sign_in(client, "karim").status_code == 403


def test_the_second_factor_is_still_ours_to_ask(cast: Cast, client: Client, settings: Any):
    settings.SECOND_FACTOR = True
    settings.OIDC = {**settings.OIDC, "acr": [TWO_FACTORS]}
    sign_in(client, "karim")
    assert client.get("/a-traiter/")["Location"].startswith("/connexion/second-facteur/")


@pytest.mark.parametrize(
    ("sub", "accepted"), [("two", {"acr": [TWO_FACTORS]}), ("amr", {"amr": ["mfa"]})]
)
def test_two_factors_proved_at_the_provider_count_where_settings_say_so(
    cast: Cast, settings: Any, sub: str, accepted: dict[str, list[str]]
):
    settings.SECOND_FACTOR = True
    doubting = Client()
    sign_in(doubting, sub)
    assert doubting.get("/a-traiter/").status_code == 302
    settings.OIDC = {**settings.OIDC, **accepted}
    believing = Client()
    sign_in(believing, sub)
    assert believing.get("/a-traiter/").status_code == 200


def test_a_factor_added_here_is_asked_after_the_provider(cast: Cast, client: Client):
    add_app(cast.karim)
    assert sign_in(client, "karim")["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.count() == 1


def test_it_is_asked_with_state_nonce_and_proof_of_who_asked(
    client: Client, db: None, settings: Any
):
    settings.OIDC = {**settings.OIDC, "acr": [TWO_FACTORS]}
    leaving = client.post(f"{reverse('oidc_start')}?scope=phone&auth_params=prompt%3Dnone")
    asked = parse_qs(urlsplit(leaving["Location"]).query)
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["acr_values"] == [TWO_FACTORS]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert "prompt" not in asked


def test_an_answer_brought_by_somebody_else_opens_nothing(cast: Cast, client: Client):
    stolen = answer_of(Client(), "karim")
    assert client.get(stolen).status_code == 401
    assert "_auth_user_id" not in client.session


def test_an_answer_to_another_question_opens_nothing(cast: Cast, client: Client):
    where = answer_of(client, "karim")
    session = client.session
    session["oidc_nonce"] = "another"
    session.save()
    answer = client.get(where)
    assert answer.status_code == 401
    assert "n’a pas abouti" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_giving_up_there_says_so_here(client: Client, db: None):
    leaving = client.post(reverse("oidc_start"))
    back = requests.post(
        leaving["Location"], data={"action": "deny"}, allow_redirects=False, timeout=10
    )
    address = urlsplit(back.headers["Location"])
    answer = client.get(f"{address.path}?{address.query}")
    assert "n’a pas abouti" in answer.content.decode()


def test_a_provider_that_is_down_says_so(client: Client, db: None, settings: Any):
    settings.OIDC = {**settings.OIDC, "server_url": "http://localhost:9"}
    answer = client.post(reverse("oidc_start"))
    assert answer.status_code == 502
    assert "n’a pas abouti" in answer.content.decode()


def test_pages_may_send_a_form_to_the_provider_and_to_no_other_site(tmp_path: Any):
    told = "from parvis import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']"
    made = subprocess.run(
        [sys.executable, "-c", f"{told}['form-action'])"],
        env={
            "PARVIS_VAR": str(tmp_path),
            "PARVIS_OIDC_SERVER_URL": "https://connexion.example/api/v2/",
            "PYTHONPATH": ":".join(sys.path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == """["'self'", 'https://connexion.example']"""
