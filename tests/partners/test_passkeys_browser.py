"""A passkey in a real browser: added on a phone, then enough to come in by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import PASSWORD, Cast
from tests.pages.keys import plug_in_a_key
from tests.pages.walk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def add_a_passkey(page: Any, live: Any, person: Any) -> None:
    sign_in(page, live.url, person)
    plug_in_a_key(page)
    page.goto(f"{live.url}/organisation/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de cette clé").fill("Téléphone de service")
    page.get_by_role("button", name="Créer la clé").click()
    page.get_by_role("link", name="C’est noté, continuer").click()
    page.wait_for_url(f"{live.url}/organisation/")


def leave(page: Any, live: Any) -> None:
    page.goto(f"{live.url}/deconnexion/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()


def test_a_passkey_is_added_then_opens_by_itself(live: Any, cast: Cast, phone: Any) -> None:
    add_a_passkey(phone, live, cast.karim)
    leave(phone, live)
    phone.goto(f"{live.url}/connexion/?next=/organisation/")
    phone.get_by_role("button", name="Entrer avec ma clé d’accès").click()
    phone.wait_for_url(f"{live.url}/organisation/")
    phone.get_by_role("heading", name="Ville d’Anzin").wait_for()


def test_a_passkey_comes_after_a_password_and_confirms_a_change(
    live: Any, cast: Cast, phone: Any
) -> None:
    add_a_passkey(phone, live, cast.karim)
    leave(phone, live)
    phone.goto(f"{live.url}/connexion/")
    phone.get_by_text("J’ai un mot de passe").click()
    phone.get_by_label("Adresse électronique", exact=True).fill(cast.karim.email)
    phone.get_by_label("Mot de passe").fill(PASSWORD)
    phone.get_by_role("button", name="Entrer avec mon mot de passe").click()
    phone.get_by_role("button", name="Utiliser ma clé d’accès").click()
    phone.wait_for_url(f"{live.url}/a-traiter/")
    # A change of factors asks for the key once more.
    phone.goto(f"{live.url}/connexion/second-facteur/application/")
    phone.get_by_role("button", name="Utiliser ma clé d’accès").click()
    phone.get_by_role("heading", name="Utiliser une application").wait_for()


def test_a_device_that_knows_no_key_says_so(
    live: Any, cast: Cast, phone: Any, faults: list[str]
) -> None:
    browser = phone.context.new_cdp_session(phone)
    browser.send("WebAuthn.enable")  # no authenticator is plugged in
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    phone.goto(f"{live.url}/connexion/")
    phone.get_by_role("button", name="Entrer avec ma clé d’accès").click()
    phone.get_by_text("L’appareil n’a pas reconnu de clé").wait_for()
