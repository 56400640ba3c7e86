"""A resident's way, in a browser: one's address, what is announced there, and following it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from parvis.notices.models import Envelope, Subscription
from tests.cast import Cast
from tests.works.scene import a_worksite
from tests.works.site_scene import an_announcement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_resident_finds_what_is_announced_at_home_and_follows_it(
    live: Any, phone: Page, cast: Cast
) -> None:
    site = a_worksite(cast)
    an_announcement(site, changes="Gardez de l’eau la veille.")
    phone.goto(f"{live}/a-ma-porte/")
    phone.get_by_label("Votre résidence, votre rue ou votre quartier").fill("tilleuls")
    phone.get_by_role("main").get_by_role("button", name="Chercher").click()
    phone.get_by_role("link", name="Les Tilleuls").click()
    phone.get_by_role("link", name="L’eau sera coupée mardi matin").first.click()
    expect(phone.get_by_text("Gardez de l’eau la veille.")).to_be_visible()
    phone.get_by_label("Votre adresse électronique").fill("lea@exemple.test")
    phone.get_by_role("button", name="Me prévenir").click()
    expect(phone.get_by_role("main")).to_contain_text("message")
    asked = Subscription.objects.get()
    assert (asked.topic, asked.confirmed_at) == (f"worksite:{site.pk}", None)
    assert Envelope.objects.get().address == "lea@exemple.test"
