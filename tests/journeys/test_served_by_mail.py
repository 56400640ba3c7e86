"""An organisation that never signs in: from the plain text of a mail to word back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from parvis.notices.outbox import send_due
from parvis.partners.models import Mandate
from parvis.reports.models import Report
from tests.cast import make_cast
from tests.journeys.test_word_back import PHONE, a_photo
from tests.reports.scene import filed, in_hall

expect.set_options(timeout=20_000)  # the browsers share two cores


@pytest.fixture
def town(transactional_db: None) -> Any:
    """The cast, with the lists that an installation loads; nobody signs in for the landlord."""
    call_command("load_lists", verbosity=0)
    cast = make_cast()
    Mandate.objects.filter(organisation=cast.landlord).delete()
    return cast


def send_everything() -> None:
    """What leaves by itself within some minutes."""
    call_command("follow_up_reports", verbosity=0)
    send_due(timezone.now() + timedelta(minutes=5))


def mail_to(address: str, word: str) -> str:
    """The plain text of the one mail that went there and says this."""
    (found,) = [one for one in mail.outbox if one.to == [address] and word in str(one.body)]
    return str(found.body)


@pytest.mark.browser
def test_a_part_is_taken_and_closed_from_a_plain_mail(
    live: Any, town: Any, new_context: Any, axe: Any, settings: Any
) -> None:
    settings.SITE_URL = live.url
    report = filed(
        in_hall(town),
        "encombrants_immeuble",
        text="Un canapé bloque le hall.",
        email="lea@exemple.test",
    ).report
    send_everything()
    letter = mail_to(town.landlord.email, report.reference)
    (link,) = re.findall(r"https?://\S+/service/\S+", letter)

    page = new_context(**PHONE).new_page()
    page.goto(link)
    expect(page.get_by_text("Un canapé bloque le hall.")).to_be_visible()
    assert Report.objects.get().state == "new"  # looking changes nothing
    axe(page)
    page.get_by_role("button", name="Je prends en charge").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()

    page.locator("summary", has_text="C’est réglé").click()
    page.locator("[name=answer]").fill("Le canapé est enlevé.")
    page.locator("input[type=file]").set_input_files(a_photo())
    axe(page)
    page.get_by_role("button", name="C’est réglé").click()
    expect(page.get_by_text("votre part est réglée")).to_be_visible()
    expect(page.get_by_role("button", name="Annuler cette étape")).to_be_visible()
    axe(page)

    report.refresh_from_db()
    assert report.state == "settled"
    assert report.photos.get().organisation == town.landlord
    send_everything()
    told = mail_to("lea@exemple.test", "Le canapé est enlevé.")
    assert "Escaut Habitat" in told
