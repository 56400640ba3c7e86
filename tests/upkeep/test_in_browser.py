"""Writing who keeps up what, from a phone; `tests/pages` looks at every page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from shapely.geometry import shape

from parvis.upkeep.models import ManagedArea
from tests.cast import Cast, box, cast

__all__ = ["cast"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SQUARE = box(3.505, 50.376, 3.515, 50.384)


def sign_in(page: Any, live: Any, person: Any) -> None:
    client = Client()
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live.url}]
    )


def test_the_coordination_writes_an_area_with_an_outline(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("upkeep:areas"))
    phone.get_by_role("link", name="Ajouter un espace").click()
    phone.get_by_label("Nom").fill("Mail des Tilleuls")
    phone.get_by_label("Qui l’entretient").select_option(label="Ville d’Anzin")
    phone.get_by_label("Espaces verts").check()
    phone.get_by_label("Commune", exact=True).select_option(label="Anzin")
    phone.get_by_text("Envoyer ou coller un contour déjà fait").click()
    phone.get_by_label("Contour, dessiné sur la carte ou collé ici").fill(
        json.dumps(SQUARE["outline"])
    )
    phone.get_by_role("button", name="Enregistrer l’espace").click()
    phone.get_by_role("heading", level=1, name="Mail des Tilleuls").wait_for()
    assert ManagedArea.objects.get(name="Mail des Tilleuls").outline


def drawing(page: Any) -> Any:
    page.get_by_text("Dessiner le contour").scroll_into_view_if_needed()
    box = page.locator("[data-draw][data-ready]")
    box.wait_for()
    return box


def test_the_coordination_draws_an_area_by_touch(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("upkeep:new_area"))
    phone.get_by_label("Nom").fill("Mail des Tilleuls")
    phone.get_by_label("Qui l’entretient").select_option(label="Ville d’Anzin")
    phone.get_by_label("Commune", exact=True).select_option(label="Anzin")
    box = drawing(phone)
    canvas = box.locator("[data-canvas]")
    for x, y in ((100, 80), (200, 80), (200, 160), (100, 160)):
        canvas.click(position={"x": x, "y": y})
    box.get_by_text("4 coins posés.").wait_for()
    box.get_by_role("button", name="Enlever le dernier coin").click()
    box.get_by_text("3 coins posés.").wait_for()
    phone.get_by_role("button", name="Enregistrer l’espace").click()
    phone.get_by_role("heading", level=1, name="Mail des Tilleuls").wait_for()
    area = ManagedArea.objects.get(name="Mail des Tilleuls")
    assert len(area.outline["coordinates"][0]) == 4  # three corners, the first one again


def corners(phone: Any) -> Any:
    """The surface that is drawn, as the form would send it."""
    return shape(json.loads(phone.get_by_label("Contour, dessiné sur la carte").input_value()))


def test_the_map_goes_to_the_commune_that_is_chosen(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("upkeep:new_area"))
    commune, tap = phone.get_by_label("Commune", exact=True), drawing(phone).locator
    phone.get_by_text("Envoyer ou coller un contour déjà fait").click()
    for town in (cast.valenciennes, cast.anzin):
        commune.select_option(label=town.name)
        phone.get_by_text(f"La carte montre {town.name}.").wait_for()
        for x, y in ((150, 110), (180, 110), (180, 140)):
            tap("[data-canvas]").click(position={"x": x, "y": y})
        assert shape(town.outline).covers(corners(phone)), town
        phone.get_by_role("button", name="Tout effacer").click()


def test_the_map_stays_where_something_is_drawn(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("upkeep:new_area"))
    commune, box = phone.get_by_label("Commune", exact=True), drawing(phone)
    commune.select_option(label="Anzin")
    for x, y in ((150, 110), (180, 110)):
        box.locator("[data-canvas]").click(position={"x": x, "y": y})
    before = box.locator(".corner").first.bounding_box()
    commune.select_option(label="Valenciennes")
    expect(box.locator("[data-status]")).to_contain_text("2 coins posés.")
    phone.wait_for_timeout(400)  # a map that moves glides
    assert box.locator(".corner").first.bounding_box() == before


def test_an_outline_is_changed_by_keyboard(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    area = ManagedArea.objects.create(name="Mail", manager=cast.town, commune=cast.anzin, **SQUARE)
    phone.goto(live.url + reverse("upkeep:change_area", args=[area.pk]))
    box = drawing(phone)
    box.get_by_text("4 coins posés.").wait_for()
    box.get_by_role("button", name="Poser un coin au centre de la carte").press("Enter")
    box.get_by_text("5 coins posés.").wait_for()
    corner = box.locator(".corner").first
    corner.focus()
    corner.press("Delete")
    box.get_by_text("4 coins posés.").wait_for()
    phone.get_by_role("button", name="Enregistrer le changement").click()
    phone.get_by_role("heading", level=1, name="Mail").wait_for()
    new = ManagedArea.objects.get(replaces=area)
    assert new.outline != area.outline
