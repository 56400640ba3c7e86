"""From old addresses to new ones: who says so, where they lead, and what a wrong address costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from parvis.toolbox.content_office import front
from tests.cast import Cast
from tests.toolbox.content_scene import a_page, in_office, typed


def test_the_coordination_leads_an_old_address_to_a_new_one(cast: Cast, client: Client) -> None:
    page = a_page(slug="lexique")
    office = in_office(cast.claire)
    assert reverse("wagtailredirects:index") in office.get("/redaction/").content.decode()
    sent = {"old_path": "/ancien-site/glossaire.html", "is_permanent": "on", "redirect_link": ""}
    answer = office.post(reverse("wagtailredirects:add"), {**sent, "redirect_page": page.pk})
    assert answer.status_code == 302, answer.context["form"].errors
    led = client.get("/ancien-site/glossaire.html?depuis=mail")
    assert led.status_code == 301
    assert led["Location"].endswith("/pages/lexique/")


def test_nobody_else_leads_anybody_anywhere(cast: Cast) -> None:
    office = in_office(cast.karim)
    assert reverse("wagtailredirects:index") not in office.get("/redaction/").content.decode()
    sent = {"old_path": "/ailleurs", "redirect_link": "https://ailleurs.exemple.test/"}
    assert office.post(reverse("wagtailredirects:add"), sent).status_code in (302, 403)
    assert not Redirect.objects.exists()


def test_a_page_that_changes_its_address_leaves_a_redirect(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = a_page(slug="lexique")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    with django_capture_on_commit_callbacks(execute=True):
        in_office(cast.claire).post(address, typed(slug="mots-du-quartier"))
    assert client.get("/pages/mots-du-quartier/").status_code == 200
    assert client.get("/pages/lexique/")["Location"].endswith("/pages/mots-du-quartier/")


@pytest.mark.parametrize(
    "path",
    [
        "/https://ailleurs.exemple.test/",
        "/rien?next=https://ailleurs.exemple.test/",
        "/rien?url=//ailleurs.exemple.test",
    ],
)
def test_no_address_leads_to_a_host_that_nobody_chose(db: None, client: Client, path: str) -> None:
    front()
    Redirect.objects.create(old_path="/choisi", redirect_link="https://choisi.exemple.test/")
    assert client.get(path).status_code == 404
    assert client.get("/choisi")["Location"] == "https://choisi.exemple.test/"


def test_a_redirect_takes_no_page_that_answers(db: None, client: Client) -> None:
    front()
    Redirect.objects.create(old_path="/aide", redirect_link="https://choisi.exemple.test/")
    assert client.get("/aide/").status_code == 200


@pytest.mark.parametrize("count", [0, 1000])
def test_a_wrong_address_asks_the_same_queries_whatever_the_redirects(
    db: None, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    front()
    Redirect.objects.bulk_create(
        Redirect(old_path=f"/ancien/{n}", redirect_link="https://choisi.exemple.test/")
        for n in range(count)
    )
    with django_assert_num_queries(3):  # the site, then the address with its query and without
        assert client.get("/rien-ici/?a=1").status_code == 404
