"""Pages of who keeps up what in a real browser, on a phone and on a dark desktop."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

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


@pytest.fixture
def written(transactional_db: None, cast: Cast) -> ManagedArea:
    return ManagedArea.objects.create(
        name="Square des Tilleuls",
        manager=cast.town,
        owner=cast.landlord,
        commune=cast.anzin,
        theme_codes=["espaces_verts", "aires_de_jeux"],
        **SQUARE,
    )


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_pages_have_no_fault_of_accessibility_and_hold_in_their_width(
    request: pytest.FixtureRequest,
    live: Any,
    cast: Cast,
    written: ManagedArea,
    axe: Callable[[Any], None],
    screen: str,
) -> None:
    page = request.getfixturevalue(screen)
    sign_in(page, live, cast.claire)
    for name, args in [
        ("areas", []),
        ("area", [written.pk]),
        ("change_area", [written.pk]),
        ("new_area", []),
        ("holdings", []),
        ("new_holding", []),
    ]:
        page.goto(live.url + reverse(f"upkeep:{name}", args=args))
        axe(page)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], page.url
        if folder := os.environ.get("PARVIS_PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{screen}.png", full_page=True)


def test_the_coordination_writes_an_area_with_an_outline(phone: Any, live: Any, cast: Cast) -> None:
    sign_in(phone, live, cast.claire)
    phone.goto(live.url + reverse("upkeep:areas"))
    phone.get_by_role("link", name="Ajouter un espace").click()
    phone.get_by_label("Nom").fill("Mail des Tilleuls")
    phone.get_by_label("Qui l’entretient").select_option(label="Ville d’Anzin")
    phone.get_by_label("Espaces verts").check()
    phone.get_by_label("Commune", exact=True).select_option(label="Anzin")
    phone.get_by_label("Ou le contour collé ici").fill(json.dumps(SQUARE["outline"]))
    phone.get_by_role("button", name="Enregistrer l’espace").click()
    phone.get_by_role("heading", level=1, name="Mail des Tilleuls").wait_for()
    assert ManagedArea.objects.get(name="Mail des Tilleuls").outline
