"""More than an address for who sees personal data: adding a factor, proving it, losing it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from parvis.notices.sending import send_due
from parvis.partners import rights, second_factor
from parvis.partners.models import User
from parvis.reports.lists import load
from tests.cast import PASSWORD, Cast
from tests.partners.factors import SECRET, add_app, code_of, sign_in_proved
from tests.partners.test_sign_in import ask_code, by_password, received_code
from tests.reports.scene import filed, in_hall

INDEX = "/connexion/second-facteur/"


@pytest.fixture(autouse=True)
def required(settings) -> None:
    """As in production."""
    settings.SECOND_FACTOR = True


def by_code(client: Client, person: User):
    where = ask_code(client, person.email)
    return client.post(where, {"code": received_code(), "action": "verify"})


def prove(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_it_is_asked_of_those_who_may_see_contacts_and_of_no_other(cast: Cast):
    asked = {
        name for name, one in cast.people.items() if second_factor.is_asked_of(cast.actor(one))
    }
    assert asked == {
        "claire",
        "bruno",
        "karim",
        "nadia",
        "sofia",
        "luc",
        "ines",
        "paul",
        "yasmine",
        "lila",
    }


def test_it_is_required_outside_the_demonstration():
    from pathlib import Path

    from parvis import settings as written

    assert 'env.bool("SECOND_FACTOR", not DEMO)' in Path(written.__file__).read_text()


def test_without_a_factor_every_page_of_partners_leads_to_adding_one(cast: Cast, client: Client):
    by_code(client, cast.karim)
    doors = rights.doors()
    for name in ("steering:home", "partners:my_organisation", "reports:callbacks"):
        assert doors[name].opens_to == rights.PARTNERS
        answer = client.get(reverse(name))
        assert answer["Location"].startswith(INDEX), name
    assert (
        client.post(reverse("partners:edit_organisation", args=[cast.town.pk])).status_code == 302
    )
    assert "Une étape de plus" in client.get(INDEX).content.decode()


def test_without_a_factor_a_public_page_shows_what_a_stranger_sees(cast: Cast, client: Client):
    load()
    report = filed(in_hall(cast), "encombrants", phone="0612345678").report  # not reviewed
    address = reverse("reports:report", args=[report.reference])
    client.force_login(cast.luc)
    assert client.get(address).status_code == 404
    sign_in_proved(client, cast.luc)
    assert "06" in client.get(address).content.decode()


def test_a_reader_of_no_personal_data_comes_in_with_an_address_alone(cast: Cast, client: Client):
    by_code(client, cast.rose)
    assert client.get("/a-traiter/").status_code == 200


def test_an_application_is_added_and_opens_the_page_that_was_asked(cast: Cast, client: Client):
    by_code(client, cast.karim)
    client.get(client.get("/organisation/")["Location"])
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", done)) == 10
    assert client.get(reverse("mfa_proved"))["Location"] == "/organisation/"
    assert client.get("/organisation/").status_code == 200


def test_a_wrong_code_adds_nothing(cast: Cast, client: Client):
    by_code(client, cast.karim)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06}"
    answer = client.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert "Ce code n’est pas le bon" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_secret_cannot_be_read_in_the_database(cast: Cast, client: Client):
    by_code(client, cast.karim)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept


def test_a_secret_written_under_a_former_key_still_opens(cast: Cast, client: Client, settings):
    add_app(cast.karim)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, longer than fifty signs, that came after the first one"
    by_code(client, cast.karim)
    prove(client, code_of())
    assert client.get("/a-traiter/").status_code == 200


@pytest.mark.parametrize("first", ["code", "password"])
def test_the_factor_is_asked_after_the_first_proof(cast: Cast, client: Client, first: str):
    add_app(cast.karim)
    answer = (
        by_code(client, cast.karim)
        if first == "code"
        else by_password(client, cast.karim.email, PASSWORD)
    )
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert prove(client, code_of())["Location"] == "/a-traiter/"
    assert client.get("/a-traiter/").status_code == 200


def test_a_code_of_the_application_serves_once(cast: Cast):
    add_app(cast.karim)
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        by_password(client, cast.karim.email, PASSWORD)
        prove(client, code)
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_codes_are_tried_five_times(cast: Cast, client: Client):
    add_app(cast.karim)
    by_password(client, cast.karim.email, PASSWORD)
    wrong = f"{(int(code_of()) + 1) % 10**6:06}"
    for _ in range(5):
        assert "pas le bon" in prove(client, wrong).content.decode()
    assert "Trop d’essais" in prove(client, code_of()).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_stands_in_once(cast: Cast):
    owner = Client()
    by_code(owner, cast.karim)
    secret = owner.get(reverse("mfa_activate_totp")).context["form"].secret
    done = owner.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    code = done.context["codes"][0]
    for expected in (True, False):
        client = Client()
        by_password(client, cast.karim.email, PASSWORD)
        prove(client, code)
        assert ("_auth_user_id" in client.session) is expected


def test_reading_the_page_of_recovery_codes_shows_none(cast: Cast, client: Client):
    by_code(client, cast.karim)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    first = done.context["codes"]
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not set(first) & set(re.findall(r"\d{8}", page))
    shown = client.post(reverse("mfa_view_recovery_codes"), {"action": "show"})
    assert shown.context["codes"] == first
    renewed = client.post(reverse("mfa_view_recovery_codes"), {"action": "renew"})
    assert not set(renewed.context["codes"]) & set(first)


def test_an_old_session_proves_the_factor_again_before_a_change(cast: Cast, client: Client):
    kept = add_app(cast.karim)
    client.force_login(cast.karim)  # came in before factors were asked
    assert client.get("/a-traiter/")["Location"].startswith(INDEX)
    assert "Prouvez que c’est vous" in client.get(INDEX).content.decode()
    for name, args in (("mfa_add_webauthn", []), ("mfa_view_recovery_codes", [])):
        answer = client.get(reverse(name, args=args))
        assert answer["Location"].startswith(reverse("mfa_reauthenticate")), name
    client.post(reverse("mfa_remove", args=[kept.pk]))
    assert Authenticator.objects.filter(pk=kept.pk).exists()
    asked = f"{reverse('mfa_reauthenticate')}?next={reverse('mfa_proved')}"
    assert client.post(asked, {"code": code_of()})["Location"] == reverse("mfa_proved")
    assert client.get("/a-traiter/").status_code == 200


def test_a_password_is_never_enough_to_change_factors(cast: Cast, client: Client):
    add_app(cast.karim)
    client.force_login(cast.karim)
    answer = client.get(reverse("mfa_add_webauthn"))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


def test_the_only_factor_stays_where_a_mandate_asks_for_one(cast: Cast, client: Client):
    kept = add_app(cast.karim)
    sign_in_proved(client, cast.karim)
    answer = client.post(reverse("mfa_remove", args=[kept.pk]), follow=True)
    assert "votre seul second facteur" in answer.content.decode()
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_who_need_not_have_a_factor_may_remove_it_and_is_told(cast: Cast, client: Client):
    kept = add_app(cast.rose)
    sign_in_proved(client, cast.rose)
    client.post(reverse("mfa_remove", args=[kept.pk]))
    assert not Authenticator.objects.filter(user=cast.rose).exists()
    send_due()
    assert mail.outbox[-1].to == [cast.rose.email]
    assert "retirée de votre compte" in mail.outbox[-1].subject


def test_nobody_removes_the_factor_of_another(cast: Cast, client: Client):
    kept = add_app(cast.luc)
    add_app(cast.karim, SECRET)
    sign_in_proved(client, cast.karim)
    assert client.post(reverse("mfa_remove", args=[kept.pk])).status_code == 404


def test_a_responsable_removes_the_factor_that_a_colleague_lost(cast: Cast, client: Client):
    add_app(cast.sofia)
    mandate = cast.sofia.mandates.get()
    theirs = Client()
    sign_in_proved(theirs, cast.sofia)
    sign_in_proved(client, cast.karim)
    page = client.get(reverse("partners:my_organisation")).content.decode()
    address = reverse("partners:remove_factors", args=[mandate.pk])
    assert address in page
    assert "Retirer le second facteur de Sofia" in client.get(address).content.decode()
    assert Authenticator.objects.filter(user=cast.sofia).exists()
    client.post(address)
    assert not Authenticator.objects.filter(user=cast.sofia).exists()
    assert theirs.get("/compte/")["Location"].startswith("/connexion/")
    send_due()
    assert mail.outbox[-1].to == [cast.sofia.email]
    assert "Karim (Ville d’Anzin) a retiré" in mail.outbox[-1].body
    cast.sofia.refresh_from_db()
    assert not cast.sofia.has_usable_password()


@pytest.mark.parametrize(
    ("who", "whose", "answer"),
    [
        ("luc", "sofia", 404),  # a neighbour of the same right
        ("sofia", "karim", 403),  # no such right
        ("karim", "karim", 403),  # one's own go by one's own page
        ("karim", "odile", 404),  # who left
    ],
)
def test_nobody_else_removes_it(cast: Cast, client: Client, who: str, whose: str, answer: int):
    person = getattr(cast, whose)
    add_app(person)
    sign_in_proved(client, getattr(cast, who))
    url = reverse("partners:remove_factors", args=[person.mandates.get().pk])
    assert client.post(url).status_code == answer
    assert Authenticator.objects.filter(user=person).exists()


def test_it_asks_no_query_of_an_ordinary_page(
    cast: Cast, client: Client, django_assert_num_queries
):
    sign_in_proved(client, cast.karim)
    client.get(reverse("partners:account"))
    with django_assert_num_queries(3):  # session, user, mandates
        client.get(reverse("partners:account"))


def test_acting_for_another_organisation_may_ask_for_it(cast: Cast, client: Client):
    from parvis.partners.models import Mandate

    reader = Mandate.objects.create(
        person=cast.karim,
        organisation=cast.association,
        role="lecteur",
        starts_on=cast.karim.mandates.get().starts_on,
    )
    by_code(client, cast.karim)
    client.post(reverse("partners:act_for"), {"mandate": reader.pk})
    assert client.get("/a-traiter/").status_code == 200
    client.post(reverse("partners:act_for"), {"mandate": cast.karim.mandates.first().pk})
    assert client.get("/a-traiter/")["Location"].startswith(INDEX)


def test_forgetting_a_person_takes_their_factors(cast: Cast):
    from parvis.partners.leaving import forget_person

    add_app(cast.karim)
    forget_person(cast.karim)
    assert not Authenticator.objects.filter(user=cast.karim).exists()
