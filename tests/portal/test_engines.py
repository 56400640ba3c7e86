"""What search engines are told, and what they are not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.portal import engines
from tests.cast import IN_ANZIN, Cast
from tests.gatherings.scene import workshop
from tests.toolbox.content_scene import a_page
from tests.toolbox.scene import a_sheet


def told(client: Client, address: str) -> list[str]:
    """The paths that a file of the map holds."""
    answer = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("<?xml")
    return [urlsplit(one).path for one in re.findall("<loc>(.*?)</loc>", text)]


def all_told(client: Client) -> list[str]:
    return [path for file in told(client, "/sitemap.xml") for path in told(client, file)]


@pytest.fixture
def territory(cast: Cast, make_report: Any) -> Cast:
    """Public things of several rooms, beside others that are not."""
    a_page(slug="lexique")
    a_page(slug="brouillon", published=False)
    a_sheet(cast, title="Publiée")
    a_sheet(cast, title="Brouillon", published=False)
    workshop(cast)
    make_report(IN_ANZIN)
    return cast


def test_a_stranger_reads_every_page_that_engines_are_led_to(
    territory: Cast, client: Client
) -> None:
    paths = all_told(client)
    assert len(paths) == len(set(paths)) > 15
    answers = {path: client.get(path).status_code for path in paths}
    assert set(answers.values()) == {200}, answers


def test_engines_are_led_to_what_is_public_alone(territory: Cast, client: Client) -> None:
    paths = all_told(client)
    assert "/pages/lexique/" in paths
    assert f"/quartiers/{territory.rives.code}/" in paths
    assert sum(re.fullmatch(r"/boite-a-outils/\d+/", path) is not None for path in paths) == 1
    assert "/pages/brouillon/" not in paths
    # What residents wrote is not for engines, public or not.
    assert not any(re.match(r"/signalements/.", path) for path in paths)


def test_a_kind_takes_as_many_files_as_it_needs(
    territory: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IN_ONE_FILE", 2)
    for _ in range(2):
        a_sheet(territory)
    files = [file for file in told(client, "/sitemap.xml") if file.startswith("/sitemap/sheet")]
    assert files == ["/sitemap/sheet-1.xml", "/sitemap/sheet-2.xml"]
    assert [len(told(client, file)) for file in files] == [2, 1]
    assert told(client, "/sitemap/sheet-3.xml") == []


@pytest.mark.parametrize("file", ["report-1", "rien-1", "site-2", "sheet-0"])
def test_there_is_no_file_of_anything_else(db: None, client: Client, file: str) -> None:
    assert client.get(f"/sitemap/{file}.xml").status_code == 404


@pytest.mark.parametrize("count", [3, 1000])
def test_a_file_asks_one_query_whatever_it_holds(
    cast: Cast, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    made = workshop(cast)
    Gathering.objects.bulk_create(
        Gathering(
            kind=made.kind,
            title=f"Atelier {n}",
            organiser=made.organiser,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
            published_at=now,
            changed_at=now,
        )
        for n in range(count - 1)
    )
    with django_assert_num_queries(1):
        assert len(told(client, "/sitemap/gathering-1.xml")) == count


def test_engines_leave_a_demonstration_aside(db: None, client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_engines_are_led_to_the_map_and_kept_from_what_is_not_to_be_found(
    db: None, client: Client, settings: Any
) -> None:
    settings.DEMO, settings.SITE_URL = False, "https://quartiers.exemple.test"
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://quartiers.exemple.test/sitemap.xml" in text
    for path in ("/redaction/", "/suivre/", "/connexion/"):
        assert f"Disallow: {path}\n" in text


def test_whom_to_tell_of_a_weakness_stands_where_it_is_looked_for(
    client: Client, settings: Any
) -> None:
    told = client.get("/.well-known/security.txt").content.decode()
    assert f"Contact: {settings.SITE_URL}/mentions-legales/\n" in told
    settings.PUBLISHER = {**settings.PUBLISHER, "email": "contact@parvis.example"}
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:contact@parvis.example"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=366)
