"""Getting in: by code, by password, throttled, and telling a stranger nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from parvis import settings as written
from parvis.notices.models import Envelope
from parvis.notices.sending import send_due
from parvis.partners.actors import SESSION_KEY
from parvis.partners.models import Mandate, User
from tests.cast import PASSWORD, Cast

CODE = re.compile(r"^\s+([\d-]{8,})$", re.MULTILINE)


def ask_code(client: Client, email: str, **extra: str) -> str:
    """Ask for a code and give what the page says next."""
    answer = client.post(reverse("account_request_login_code"), {"email": email, **extra})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def received_code() -> str:
    send_due()
    found = CODE.search(mail.outbox[-1].body)
    assert found
    return found[1]


def by_password(client: Client, email: str, password: str, **headers: str):
    return client.post(
        reverse("account_login"), {"login": email, "password": password}, headers=headers
    )


def test_a_code_received_by_mail_lets_in(cast: Cast, client: Client):
    where = ask_code(client, cast.karim.email)
    answer = client.post(where, {"code": received_code(), "action": "verify"})
    assert answer["Location"] == "/a-traiter/"
    assert client.session["_auth_user_id"] == str(cast.karim.pk)
    assert mail.outbox[-1].to == [cast.karim.email]
    assert mail.outbox[-1].subject == "Votre code pour entrer"


def test_the_address_is_typed_in_any_case(cast: Cast, client: Client):
    where = ask_code(client, cast.karim.email.upper())
    client.post(where, {"code": received_code(), "action": "verify"})
    assert client.session["_auth_user_id"] == str(cast.karim.pk)


def test_signing_in_leads_back_to_the_page_that_was_asked(cast: Cast, client: Client):
    asked = client.get(reverse("partners:my_organisation"))
    assert asked["Location"] == "/connexion/?next=/organisation/"
    shown = client.get(asked["Location"]).content.decode()
    assert shown.count('name="next" value="/organisation/"') == 3
    where = ask_code(client, cast.karim.email, next="/organisation/")
    answer = client.post(
        where, {"code": received_code(), "action": "verify", "next": "/organisation/"}
    )
    assert answer["Location"] == "/organisation/"


def test_signing_in_never_leads_to_another_site(cast: Cast, client: Client):
    answer = client.post(
        reverse("account_login"),
        {"login": cast.karim.email, "password": PASSWORD, "next": "https://ailleurs.example/"},
    )
    assert answer["Location"] == "/a-traiter/"


def test_a_wrong_code_is_refused_three_times_then_another_one_is_asked(cast: Cast, client: Client):
    where = ask_code(client, cast.karim.email)
    right = received_code()
    for _ in range(2):
        answer = client.post(where, {"code": "0000-0000", "action": "verify"})
        assert "Ce code n’est pas le bon" in answer.content.decode()
    assert client.post(where, {"code": "0000-0000", "action": "verify"}).status_code == 302
    client.post(where, {"code": right, "action": "verify"})
    assert "_auth_user_id" not in client.session


def test_a_code_serves_once(cast: Cast, client: Client):
    where = ask_code(client, cast.karim.email)
    code = received_code()
    client.post(where, {"code": code, "action": "verify"})
    other = Client()
    other.post(where, {"code": code, "action": "verify"})
    assert "_auth_user_id" not in other.session


def test_a_code_expires(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch):
    where = ask_code(client, cast.karim.email)
    code = received_code()
    from allauth.account.internal.flows import code_verification

    now = code_verification.time.time()
    monkeypatch.setattr(code_verification.time, "time", lambda: now + 15 * 60 + 1)
    client.post(where, {"code": code, "action": "verify"})
    assert "_auth_user_id" not in client.session


def test_another_code_may_be_asked_from_the_same_page(cast: Cast, client: Client):
    where = ask_code(client, cast.karim.email)
    first = received_code()
    client.post(where, {"action": "resend"})
    second = received_code()
    assert first != second
    client.post(where, {"code": second, "action": "verify"})
    assert "_auth_user_id" in client.session


def test_a_password_lets_in_and_is_kept_by_argon2(cast: Cast, client: Client, settings):
    # The suite hashes faster; the file of settings is what runs.
    argon2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert f'PASSWORD_HASHERS = [\n    "{argon2}"' in Path(written.__file__).read_text()
    settings.PASSWORD_HASHERS = [argon2, *settings.PASSWORD_HASHERS]
    answer = by_password(client, cast.karim.email, PASSWORD)
    assert answer["Location"] == "/a-traiter/"
    cast.karim.refresh_from_db()
    assert identify_hasher(cast.karim.password).algorithm == "argon2"


def test_a_wrong_password_is_told_without_saying_what_is_wrong(cast: Cast, client: Client):
    for email in (cast.karim.email, "personne@exemple.test"):
        answer = by_password(client, email, "ce-n-est-pas-lui")
        assert "ne vont pas ensemble" in answer.content.decode()
        assert "_auth_user_id" not in client.session


def test_a_stranger_gets_the_same_page_and_no_mail(cast: Cast):
    pages = []
    for email in (cast.karim.email, "personne@exemple.test"):
        client = Client()
        where = ask_code(client, email)
        page = client.get(where).content.decode()
        pages.append((where, re.sub(r'value="[\w-]{64}"', "", page)))
        wrong = client.post(where, {"code": "1234-5678", "action": "verify"})
        assert "Ce code n’est pas le bon" in wrong.content.decode()
    assert pages[0] == pages[1]
    assert set(Envelope.objects.values_list("address", flat=True)) == {cast.karim.email}


def test_the_page_answers_when_the_mail_server_is_down(
    cast: Cast, client: Client, settings: pytest.FixtureRequest
):
    settings.EMAIL_BACKEND = "tests.partners.test_sign_in.Broken"
    ask_code(client, cast.karim.email)
    assert Envelope.objects.filter(address=cast.karim.email).count() == 1


def test_codes_are_asked_three_times_a_minute_for_one_address(cast: Cast):
    for _ in range(3):
        ask_code(Client(), cast.karim.email)
    answer = Client().post(reverse("account_request_login_code"), {"email": cast.karim.email})
    assert "Trop d’essais" in answer.content.decode()
    assert Envelope.objects.count() == 3


def test_passwords_are_tried_five_times_for_one_address(cast: Cast, client: Client):
    for _ in range(5):
        by_password(client, cast.karim.email, "ce-n-est-pas-lui")
    answer = by_password(client, cast.karim.email, PASSWORD)
    assert "Trop d’essais" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_failures_are_counted_by_visitor_behind_a_proxy(
    cast: Cast, client: Client, settings: pytest.FixtureRequest
):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for number in range(10):
        by_password(client, f"inconnu{number}@exemple.test", "x", X_Forwarded_For="198.51.100.7")
    stopped = by_password(client, cast.karim.email, PASSWORD, X_Forwarded_For="198.51.100.7")
    assert "Trop d’essais" in stopped.content.decode()
    other = by_password(client, cast.karim.email, PASSWORD, X_Forwarded_For="198.51.100.8")
    assert other.status_code == 302


def test_a_visitor_cannot_escape_the_limit_by_a_header(cast: Cast, client: Client):
    for number in range(10):
        by_password(
            client, f"inconnu{number}@exemple.test", "x", X_Forwarded_For=f"203.0.113.{number}"
        )
    answer = by_password(client, cast.karim.email, PASSWORD, X_Forwarded_For="203.0.113.99")
    assert "Trop d’essais" in answer.content.decode()


def test_too_many_posts_answer_429_in_french(cast: Cast, client: Client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post(reverse("account_login"))
    answer = client.post(reverse("account_login"))
    assert answer.status_code == 429
    assert "Trop de demandes" in answer.content.decode()


def test_nobody_signs_up_alone(client: Client, db: None):
    for name in ("account_signup", "account_email", "account_reset_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    from allauth.account.adapter import get_adapter

    assert not get_adapter().is_open_for_signup(None)


def test_a_closed_account_does_not_get_in(cast: Cast, client: Client):
    User.objects.filter(pk=cast.karim.pk).update(is_active=False)
    answer = by_password(client, cast.karim.email, PASSWORD)
    assert answer["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    ask_code(client, cast.karim.email)
    assert not Envelope.objects.exists()


def test_without_a_mandate_a_clear_page_says_so(cast: Cast, client: Client):
    client.force_login(cast.theo)
    answer = client.get(reverse("partners:my_organisation"))
    assert answer.status_code == 403
    assert "Aucun mandat en cours" in answer.content.decode()


def test_a_form_sent_after_the_session_ended_leads_to_the_first_page(cast: Cast, client: Client):
    answer = client.post(reverse("partners:end_mandate", args=[1]))
    assert answer["Location"] == "/connexion/?next="


def test_signing_out_takes_a_button(cast: Cast, client: Client):
    client.force_login(cast.karim)
    page = client.get(reverse("account_logout"))
    assert page.status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_sign_in_page_lists_accounts_when_a_room_gives_some(db: None):
    entry = {"name": "Zoé (fictif)", "email": "zoe@demo.invalid", "says": "lit", "url": "/entrer/"}
    shown = render_to_string("account/login.html", {"demo_accounts": [entry]})
    assert 'action="/entrer/"' in shown
    assert "Zoé (fictif)" in shown
    assert "Comptes de démonstration" not in render_to_string("account/login.html")


def test_session_user_and_mandate_take_three_queries(
    cast: Cast, client: Client, django_assert_num_queries
):
    second = Mandate.objects.create(
        person=cast.karim,
        organisation=cast.association,
        role="lecteur",
        starts_on=timezone.localdate(),
    )
    client.force_login(cast.karim)
    session = client.session
    session[SESSION_KEY] = second.pk
    session.save()
    # /compte/ shows nothing but the person and the mandates.
    with django_assert_num_queries(3):
        client.get(reverse("partners:account"))


class Broken:
    """A mail server that is down."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError
