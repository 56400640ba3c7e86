"""Writing who keeps up what, from a phone; `tests/pages` looks at every page."""

from __future__ import annotations

import json
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
