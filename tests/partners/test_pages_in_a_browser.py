"""Coming in from a phone; `tests/pages` looks at every page."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from parvis.notices.sending import send_due
from parvis.partners.invitations import invite
from parvis.partners.models import Role
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_invited_person_comes_in_from_a_phone_and_back_by_code(live, cast: Cast, phone):
    invite(cast.town, actor=cast.actor(cast.karim), email="zoe@exemple.test", role=Role.LECTEUR)
    send_due()
    link = re.search(r"http\S+/invitation/\S+", mail.outbox[-1].body)
    assert link
    phone.goto(link[0])
    phone.get_by_label("Prénom et nom").fill("Zoé")
    phone.get_by_role("button", name="Accepter l’invitation").click()
    phone.goto(f"{live.url}/organisation/")
    assert phone.get_by_text("Zoé").count()
    phone.goto(f"{live.url}/deconnexion/")
    phone.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    phone.goto(f"{live.url}/connexion/?next=/organisation/")
    phone.get_by_label("Votre adresse électronique professionnelle").fill("zoe@exemple.test")
    phone.get_by_role("button", name="Recevoir un code").click()
    phone.get_by_label("Code reçu").wait_for()
    send_due()
    code = re.search(r"^ +([\d-]+)$", mail.outbox[-1].body, re.MULTILINE)
    assert code
    phone.get_by_label("Code reçu").fill(code[1].replace("-", " "))
    phone.get_by_role("button", name="Entrer", exact=True).click()
    phone.wait_for_url(f"{live.url}/organisation/")
