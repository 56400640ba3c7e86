"""The toolbox seen from the front door: its sheets are found by the site's own search, and from the
quartier that they tell of."""

from __future__ import annotations

from django.test import Client

from parvis.places.models import Quartier
from parvis.toolbox import sheet_index
from parvis.toolbox.models import Sheet
from tests.cast import Cast
from tests.toolbox.scene import a_sheet

FOUND = "/chercher/?q=ventilations"


def test_the_search_of_the_site_finds_sheets_that_are_published(cast: Cast, client: Client) -> None:
    sheet = a_sheet(cast, title="Vivre avec une ventilation double flux")
    sheet_index.put(Sheet.objects.get(pk=sheet.pk).specific)
    assert sheet.title in client.get(FOUND).content.decode()
    assert "Rien ne correspond" in client.get("/chercher/?q=introuvable").content.decode()
    Sheet.objects.filter(pk=sheet.pk).update(live=False)
    page = client.get(FOUND).content.decode()
    assert sheet.title not in page
    assert "Rien ne correspond" in page


def test_a_quartier_leads_to_the_sheets_about_it(cast: Cast, client: Client) -> None:
    here = Quartier.objects.first()
    assert here is not None
    sheet, address = a_sheet(cast), f"/quartiers/{here.code}/"
    assert "Lire les fiches" not in client.get(address).content.decode()
    Sheet.quartiers.through.objects.create(sheet_id=sheet.pk, quartier_id=here.pk)
    assert f"/boite-a-outils/?quartier={here.code}" in client.get(address).content.decode()
    Sheet.objects.filter(pk=sheet.pk).update(live=False)
    assert "Lire les fiches" not in client.get(address).content.decode()
