"""A lodge's telephone in a real browser, with one hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from parvis.partners import lodges
from tests.cast import Cast
from tests.partners.lodging import lodge_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_caretaker_takes_the_telephone_and_gives_it_back(
    live: Any, cast: Cast, phone: Any
) -> None:
    lodge = lodge_of(cast.landlord, cast.tilleuls, name="Loge des Tilleuls")
    code = lodges.give_code(lodge, cast.ines)
    _, token = lodges.new_phone(lodge, "Téléphone de la loge")
    phone.goto(live.url + reverse("partners:enrol_phone", args=[token]))
    phone.get_by_role("button", name="C’est bien ce téléphone").click()
    phone.get_by_text("Ines").click()
    keypad = phone.get_by_label("Votre code")
    assert keypad.get_attribute("inputmode") == "numeric"
    assert keypad.bounding_box()["height"] >= 60
    keypad.fill(code)
    phone.get_by_role("button", name="Commencer").click()
    phone.wait_for_url(f"{live.url}/a-traiter/")
    phone.get_by_text("Menu", exact=True).click()
    phone.get_by_role("button", name="Rendre le téléphone").click()
    phone.get_by_role("heading", name="Prendre le téléphone").wait_for()
    phone.goto(f"{live.url}/a-traiter/")
    phone.wait_for_url(f"{live.url}/connexion/**")
