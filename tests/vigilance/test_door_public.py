"""« Une facture difficile à payer ? »: found by everybody, and nothing kept of who looks."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.vigilance.door_papers import page_url, poster_bytes
from parvis.vigilance.door_reading import dialled, public_doors
from parvis.vigilance.models import SupportDoor
from tests.cast import Cast
from tests.vigilance.scene import a_door

pytestmark = pytest.mark.django_db
PAGE = "/facture-difficile/59014/"


def look(paper: bytes, folder: Path, tool: str, *options: str) -> str:
    """What a tool reads in a PDF."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    path = folder / "affiche.pdf"
    path.write_bytes(paper)
    to = ["-"] if tool == "pdftotext" else []
    done = subprocess.run([tool, *options, str(path), *to], capture_output=True, check=True)
    return done.stdout.decode()


def names(cast: Cast, commune: Any) -> list[str]:
    return [door.name for door in public_doors(commune, timezone.localdate())]


def test_a_commune_shows_its_open_doors_and_those_of_no_other(cast: Cast, client: Client) -> None:
    today = timezone.localdate()
    a_door(cast, name="Le centre d’action sociale")
    a_door(cast, name="Pas encore", opens_on=today + timedelta(days=1))
    a_door(cast, name="Plus maintenant", closes_on=today - timedelta(days=1))
    a_door(cast, name="Dernier jour", closes_on=today)
    a_door(cast, cast.other_town, name="Chez les voisins")
    assert names(cast, cast.anzin) == ["Dernier jour", "Le centre d’action sociale"]
    told = client.get(PAGE).text
    assert "Le centre d’action sociale" in told
    assert "Chez les voisins" not in told
    assert "Plus maintenant" not in told


def test_only_communes_with_a_door_are_offered(cast: Cast, client: Client) -> None:
    a_door(cast)
    told = client.get("/facture-difficile/").text
    assert PAGE in told
    assert "/facture-difficile/59606/" not in told


def test_a_difficulty_leaves_only_the_doors_that_take_it(cast: Cast, client: Client) -> None:
    a_door(cast, name="Énergie et rien d’autre")
    a_door(cast, name="Point conseil", kind="pcb", takes=["dettes", "energie"])
    told = client.get(f"{PAGE}dettes/").text
    assert "Point conseil" in told
    assert "Énergie et rien d’autre" not in told
    assert client.get(f"{PAGE}loyer/").status_code == 404  # nobody takes it: it is not offered


def test_looking_leaves_no_trace(cast: Cast, client: Client, caplog: Any) -> None:
    a_door(cast)
    with caplog.at_level(logging.INFO):
        answers = [client.get(path) for path in ("/facture-difficile/", PAGE, f"{PAGE}energie/")]
    assert not client.cookies
    assert not caplog.records
    for answer in answers:
        assert answer.status_code == 200
        assert "<form" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_one_calls_with_one_touch(cast: Cast, client: Client) -> None:
    a_door(cast, phone="03 53 01 00 01")
    assert 'href="tel:0353010001"' in client.get(PAGE).text


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("03 53 01 00 01", "0353010001"), ("+33 3 53", "+33353"), ("", ""), ("voir site", "")],
)
def test_only_a_number_is_dialled(phone: str, digits: str) -> None:
    assert dialled(phone) == digits


def test_the_page_has_the_same_cost_with_many_doors(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        a_door(cast, name=f"Service {number}")
    with django_assert_max_num_queries(6):
        client.get(PAGE)


def test_workshops_to_come_stand_on_the_page_of_their_commune(cast: Cast, client: Client) -> None:
    a_door(cast)
    now = timezone.now()
    for title, commune, days in (
        ("Lire sa facture", cast.anzin, 9),
        ("Ailleurs", cast.raismes, 9),
        ("Passé", cast.anzin, -9),
    ):
        starts = now + timedelta(days=days)
        Gathering.objects.create(
            kind="atelier",
            title=title,
            organiser=cast.town,
            commune=commune,
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            published_at=now,
            changed_at=now,
        )
    told = client.get(PAGE).text
    assert "Lire sa facture" in told
    assert "Ailleurs" not in told
    assert "Passé" not in told


def test_the_poster_is_one_tagged_page_with_a_code(
    cast: Cast, client: Client, tmp_path: Path
) -> None:

    for number in range(9):
        a_door(cast, name=f"Service numéro {number}", what="Écoute et conseille. " * 20)
    found: Any = client.get(reverse("vigilance:bill_poster", args=["59014"]))
    info = look(found.content, tmp_path, "pdfinfo")
    words = look(found.content, tmp_path, "pdftotext", "-layout")
    assert re.search(r"Pages:\s+1\n", info)
    assert re.search(r"Tagged:\s+yes", info)
    assert "Une facture difficile à payer" in info
    assert "Service numéro 0" in words
    assert "Et 4 autres services en ligne" in words
    assert page_url(cast.anzin) in words


def test_without_a_door_there_is_no_poster(cast: Cast, client: Client) -> None:
    assert client.get(reverse("vigilance:bill_poster", args=["59014"])).status_code == 404
    assert "Adressez-vous à la mairie" in client.get(PAGE).text


def test_markup_in_a_name_stays_words_on_the_poster(cast: Cast) -> None:
    door = a_door(cast, name="#panic() *gras* <b>", what="#let x = 1")
    assert poster_bytes(cast.anzin, [door])[:5] == b"%PDF-"


def test_the_way_there_is_on_the_home_page_and_in_the_map_of_the_site(
    cast: Cast, client: Client
) -> None:
    a_door(cast)
    assert "/facture-difficile/" in client.get("/").text
    assert "/facture-difficile/" in client.get("/plan-du-site/").text
    told: Any = client.get("/sitemap/site-1.xml")
    assert f"{PAGE}</loc>" in b"".join(told.streaming_content).decode()
    assert SupportDoor.objects.count() == 1
