"""A cast with categories, and one more mandate: the crossing of a commune and a quartier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parvis.partners.models import Mandate, Perimeter, Role, User
from parvis.reports.lists import load
from tests.cast import Cast

READERS = ("stranger", "coordination", "commune", "landlord", "crossing")


@pytest.fixture
def town(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    """The cast with the categories of reports, and a folder of its own for photos."""
    settings.MEDIA_ROOT = tmp_path / "media"
    load()
    return cast


@pytest.fixture
def open_as(town: Cast, client: Client) -> Any:
    """The site as one of these readers sees it."""

    def reader(who: str) -> Client:
        people = {"coordination": town.claire, "commune": town.karim, "landlord": town.luc}
        if who == "crossing":
            client.force_login(at_a_crossing(town))
        elif who != "stranger":
            client.force_login(people[who])
        return client

    return reader


def at_a_crossing(town: Cast) -> User:
    """Answers for the town of Anzin, on its part of Rives alone."""
    person = User.objects.create_user("yanis@exemple.test", "Yanis")
    mandate = Mandate.objects.create(
        person=person,
        organisation=town.town,
        role=Role.RESPONSABLE,
        starts_on=Mandate.objects.get(person=town.karim).starts_on,
    )
    Perimeter.objects.create(mandate=mandate, commune=town.anzin, quartier=town.rives)
    return person
