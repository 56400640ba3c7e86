"""What a browser keeps to file without a network: all the page needs, nothing of a person."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve

from parvis.reports.models import Category
from parvis.ui import keeping
from tests.cast import Cast
from tests.reports.pages import text_of
from tests.reports.scene import filed, make_public

PAGE, WORKER = "/signaler/hors-ligne/", "/signaler/sw.js"
SCRIPTS = Path(settings.BASE_DIR) / "parvis/reports/static/reports"


def told(client: Client) -> dict[str, Any]:
    """What the worker is told to keep."""
    line = client.get(WORKER).content.decode().splitlines()[0]
    found: dict[str, Any] = json.loads(line.removeprefix("self.parvis = ").removesuffix(";"))
    return found


def needed(name: str) -> set[str]:
    """A script and all that it imports or starts, as files below static/."""
    found = {name}
    text = Path(finders.find(name)).read_text()
    for other in re.findall(r'(?:from|import|new URL\()\s*"\./([\w-]+\.js)"', text):
        found |= needed(f"reports/{other}")
    return found


def test_everything_that_the_page_asks_for_is_kept(town: Cast, client: Client) -> None:
    html = client.get(PAGE).content.decode()
    kept = told(client)["files"]
    asked = re.findall(r'(?:src|href)="(/static/[^"]+|/marque.css)"', html)
    assert asked
    assert set(asked) <= set(kept)
    for address in asked:
        if address.endswith(".js") and "/reports/" in address:
            wanted = {f"/static/{name}" for name in needed(address.removeprefix("/static/"))}
            assert wanted <= set(kept)


def test_a_brand_of_its_own_is_kept_too(town: Cast, client: Client, settings: Any) -> None:
    settings.BRAND = {**settings.BRAND, "slate": "#123456", "logo": "ui/favicon.svg"}
    assert {"/marque.css", "/static/ui/favicon.svg"} <= set(told(client)["files"])


def test_nothing_is_kept_but_one_page_and_files(town: Cast, client: Client) -> None:
    kept = told(client)
    assert kept["page"] == PAGE
    assert all(one.startswith("/static/") for one in kept["files"])


def test_the_page_tells_nothing_of_whoever_opens_it(town: Cast, client: Client) -> None:
    before = told(client)["version"]
    client.force_login(town.karim)
    assert told(client)["version"] == before
    make_public(filed().report)
    assert told(client)["version"] == before
    page = Client().get(PAGE)
    assert "csrf" not in page.content.decode()
    assert not page.cookies


def test_a_change_of_the_lists_or_of_a_file_is_a_new_version(
    town: Cast, client: Client, monkeypatch: Any
) -> None:
    first = told(client)["version"]
    Category.objects.filter(code="trou_chaussee").update(label="Nid-de-poule")
    second = told(client)["version"]
    monkeypatch.setattr(keeping, "_digest", lambda names: "other")
    assert len({first, second, told(client)["version"]}) == 3


def test_the_worker_may_not_be_kept_by_caches_and_rules_the_filing_pages_alone(
    town: Cast, client: Client
) -> None:
    answer = client.get(WORKER)
    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    # Without this header the browser allows no more than the folder of the script.
    assert "Service-Worker-Allowed" not in answer


@pytest.mark.parametrize(
    ("script", "address", "name"),
    [
        ("outbox.js", "/signaler/envoi/", "reports:receive"),
        ("proof.js", "/signaler/defi/", "reports:challenge"),
        ("offline.js", "/signaler/sw.js", "reports:worker"),
        ("kept.js", "/signaler/hors-ligne/", "reports:unconnected"),
    ],
)
def test_scripts_name_addresses_that_exist(script: str, address: str, name: str) -> None:
    assert f'"{address}' in (SCRIPTS / script).read_text() or (
        f"`{address}" in (SCRIPTS / script).read_text()
    )
    assert resolve(address).view_name == name


def test_the_page_offers_every_subject_and_its_questions(town: Cast, client: Client) -> None:
    page = text_of(client.get(PAGE))
    for category in Category.objects.filter(active=True).exclude(parent=None):
        for words in (category.label, *(question["label"] for question in category.questions)):
            assert " ".join(words.split()) in page


def test_the_page_costs_three_queries_however_many_subjects(
    town: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        client.get(PAGE)
