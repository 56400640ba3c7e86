"""Proposing in a browser: the script that proves some work sends the form once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from parvis.councils.models import Proposition
from parvis.reports.models import SpentChallenge
from tests.cast import make_cast


@pytest.mark.browser
def test_a_browser_sends_a_proposition_with_its_proof(
    live: Any, phone: Any, transactional_db: None
) -> None:
    make_cast()
    phone.goto(f"{live.url}/participation/propositions/nouvelle/")
    phone.get_by_label("Quartier", exact=True).select_option(label="Rives de l’Escaut")
    phone.get_by_label("Votre idée en une phrase").fill("Un banc devant l’école")
    phone.get_by_label("Expliquez").fill("Pour attendre les enfants.")
    phone.get_by_role("button", name="Envoyer ma proposition").click()
    expect(phone.get_by_role("heading", name="Merci, votre idée est arrivée")).to_be_visible()
    assert Proposition.objects.count() == 1
    assert SpentChallenge.objects.count() == 1
