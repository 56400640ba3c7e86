"""The whole thread once, as people walk it: two residents, a coordination, a landlord, a town."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from parvis.notices.outbox import send_due
from parvis.reports.models import Report
from tests.cast import PASSWORD, make_cast

expect.set_options(timeout=20_000)  # the browsers share two cores
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def town(transactional_db: None) -> Any:
    """The cast, with the lists that an installation loads."""
    call_command("load_lists", verbosity=0)
    return make_cast()


def a_photo() -> dict[str, Any]:
    """A picture as a phone takes it, with where it was taken."""
    file = io.BytesIO()
    image = Image.new("RGB", (1200, 900), "#8c5a48")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    image.save(file, "JPEG", exif=exif)
    return {"name": "canape.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def sign_in(page: Page, site: str, person: Any) -> None:
    page.goto(f"{site}/connexion/")
    page.get_by_text("J’ai un mot de passe").click()
    form = page.locator("form", has=page.locator("input[type=password]"))
    form.locator("input[name=login]").fill(person.email)
    form.locator("input[type=password]").fill(PASSWORD)
    form.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/a-traiter/"))


def send_everything() -> None:
    """What leaves by itself within some minutes."""
    call_command("follow_up_reports", verbosity=0)
    send_due(timezone.now() + timedelta(minutes=5))


def settle(page: Page, site: str, reference: str, words: str) -> None:
    page.goto(f"{site}/signalements/{reference}/")
    page.get_by_role("link", name="C’est réglé").first.click()
    page.locator("textarea[name=answer]").fill(words)
    page.get_by_role("button", name="C’est réglé").click()
    expect(page).to_have_url(re.compile(reference))


@pytest.mark.browser
def test_a_report_goes_from_a_phone_to_word_back(
    live: Any, town: Any, new_context: Any, axe: Any
) -> None:
    site = live.url

    # A resident reports, from a phone, with a photo.
    first = new_context(**PHONE).new_page()
    first.goto(f"{site}/signaler/?residence={town.tilleuls.pk}")
    first.get_by_text("Entrée 3").click()
    first.get_by_text("Hall d’entrée").click()
    first.get_by_role("button", name="Continuer").click()
    first.get_by_text("Encombrants et dépôts").click()
    first.get_by_role("link", name="Encombrants au pied ou dans l’immeuble").click()
    for group in first.locator("fieldset:has(input[type=radio])").all():
        group.locator("label").first.click()
    first.locator("[name=text]").fill("Un canapé et des gravats depuis samedi.")
    first.locator("input[type=file]").set_input_files(a_photo())
    first.locator("input[name=email]").fill("habitante@exemple.test")
    axe(first)
    first.get_by_role("button", name="Envoyer le signalement").click()
    expect(first.get_by_role("heading", name="Merci, votre signalement est envoyé")).to_be_visible()
    axe(first)
    report = Report.objects.get()
    assert report.photos.count() == 1

    # The coordination reads it, publishes it, and shares it with the town.
    office = new_context().new_page()
    sign_in(office, site, town.claire)
    axe(office)
    office.goto(f"{site}/signalements/{report.reference}/")
    axe(office)
    office.locator("#review-public").check()
    office.locator("#review-text").check()
    office.locator("input[name=photos]").first.check()
    office.get_by_role("button", name="Enregistrer la relecture").click()
    office.locator("#partager summary").click()
    office.locator("#partager select[name=organisation]").select_option(str(town.town.pk))
    office.locator("#partager input[name=title]").fill("Enlever le dépôt sur le trottoir")
    office.locator("#partager").get_by_role("button").click()
    expect(office.get_by_role("heading", name="Ville d’Anzin", exact=True)).to_be_visible()
    assert report.parts.count() == 2

    # A neighbour is about to report the same thing, and says "moi aussi" instead.
    second = new_context(**PHONE).new_page()
    second.goto(
        f"{site}/signaler/dire/?residence={town.tilleuls.pk}&inside=hall"
        f"&category={report.category.code}"
    )
    expect(second.get_by_text("Est-ce déjà signalé ?")).to_be_visible()
    second.get_by_role("link", name=re.compile("Moi aussi")).click()
    second.locator("input[name=email]").fill("voisin@exemple.test")
    second.get_by_role("button", name="Dire « moi aussi »").click()
    expect(second.get_by_role("heading", name="Merci, votre voix est comptée")).to_be_visible()

    # The town and the landlord settle their parts, each from its own desk.
    hall = new_context().new_page()
    sign_in(hall, site, town.karim)
    settle(hall, site, report.reference, "Le trottoir est dégagé.")
    lodge = new_context(**PHONE).new_page()
    sign_in(lodge, site, town.ines)
    settle(lodge, site, report.reference, "Le local est fermé à clé et le hall nettoyé.")
    report.refresh_from_db()
    assert report.state == "settled"

    # Both are told, once, each with a link of their own, and the thread is there.
    send_everything()
    send_everything()
    closing = [one for one in mail.outbox if "Le local est fermé à clé" in str(one.body)]
    assert sorted(one.to[0] for one in closing) == ["habitante@exemple.test", "voisin@exemple.test"]
    links = {re.search(r"https?://\S+/suivre/\S+/", str(one.body)).group() for one in closing}  # type: ignore[union-attr]
    assert len(links) == 2
    for link in links:
        first.goto(link)
        expect(first.get_by_text("Réglé", exact=True).first).to_be_visible()
        expect(first.locator("ol.fil")).to_be_visible()
        axe(first)
