"""The partners' pages as people meet them: a phone, a dark desktop, axe."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.invitations import invite, link_of
from parvis.partners.models import Agreement, Mandate, Objective, PastName, Role, Signature
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page, url: str, email: str) -> None:
    page.goto(f"{url}/connexion/?next=/compte/")
    page.get_by_text("J’ai un mot de passe").click()
    page.get_by_label("Adresse électronique", exact=True).fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer avec mon mot de passe").click()
    page.wait_for_url(f"{url}/compte/")


def fits(page) -> None:
    """Nothing sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} overflows by {wide} px"


def test_an_invited_person_comes_in_from_a_phone_and_back_by_code(live, cast: Cast, phone, axe):
    invite(cast.town, actor=cast.actor(cast.karim), email="zoe@exemple.test", role=Role.LECTEUR)
    send_due()
    link = re.search(r"http\S+/invitation/\S+", mail.outbox[-1].body)
    assert link
    phone.goto(link[0])
    fits(phone)
    axe(phone)
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
    axe(phone)
    send_due()
    code = re.search(r"^ +([\d-]+)$", mail.outbox[-1].body, re.MULTILINE)
    assert code
    phone.get_by_label("Code reçu").fill(code[1].replace("-", " "))
    phone.get_by_role("button", name="Entrer", exact=True).click()
    phone.wait_for_url(f"{live.url}/organisation/")


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_every_page_passes_axe_and_fits(live, cast: Cast, screen: str, request, axe):
    page = request.getfixturevalue(screen)
    contract = Agreement.objects.create(
        code="CV-ESCAUT", title="Contrat de ville de l’Escaut", starts_on=date(2024, 1, 1)
    )
    contract.communes.set([cast.anzin, cast.valenciennes])
    contract.quartiers.set([cast.rives])
    Signature.objects.create(agreement=contract, organisation=cast.town)
    Objective.objects.create(agreement=contract, pillar="Cadre de vie", text="Répondre vite")
    PastName.objects.create(
        organisation=cast.agglomeration, name="District", used_until=date(2000, 12, 31)
    )
    made = invite(
        cast.agglomeration,
        actor=cast.actor(cast.claire),
        email="zoe@exemple.test",
        role=Role.LECTEUR,
        communes=[cast.anzin],
        quartiers=[cast.rives],
    )
    Mandate.objects.create(
        person=cast.theo,
        organisation=cast.agglomeration,
        role=Role.CONTRIBUTEUR,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=90),
    )
    for url in (f"{live.url}/connexion/", link_of(made)):
        page.goto(url)
        fits(page)
        axe(page)
    enter(page, live.url, cast.claire.email)
    for path in (
        "/compte/",
        "/compte/mot-de-passe/",
        "/organisation/",
        f"/organisations/{cast.agglomeration.pk}/modifier/",
        f"/organisations/{cast.agglomeration.pk}/inviter/",
        "/organisations/",
        "/organisations/nouvelle/",
        "/conventions/",
        "/conventions/CV-ESCAUT/",
        "/conventions/CV-ESCAUT/modifier/",
        "/deconnexion/",
    ):
        page.goto(f"{live.url}{path}")
        fits(page)
        axe(page)
