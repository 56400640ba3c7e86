"""The first step finds addresses, and the one chosen is where the report lies."""

from __future__ import annotations

import html
import re

import pytest
from django.core import signing
from django.test import Client
from playwright.sync_api import Page, expect

from parvis.places.models import Address, Street
from parvis.reports.models import Category, Report
from tests.cast import IN_ANZIN, Cast
from tests.reports.pages import send, text_of


@pytest.fixture
def street(town: Cast) -> Street:
    latitude, longitude = IN_ANZIN
    street = Street.objects.create(
        code="59014_0010",
        name="Rue du Héron",
        postcode="59410",
        commune=town.anzin,
        latitude=latitude,
        longitude=longitude,
    )
    Address.objects.create(
        code="59014_0010_00012", street=street, number=12, latitude=50.3801, longitude=3.5102
    )
    return street


def links(page: str) -> list[str]:
    """Addresses of the next step offered by the page."""
    return [
        html.unescape(one) for one in re.findall(r'href="(/signaler/quoi/\?address=[^"]+)"', page)
    ]


def outside_category() -> str:
    rows = Category.objects.filter(inside_only=False, stop="", active=True).exclude(parent=None)
    return next(
        row.code
        for row in rows.order_by("position")
        if not any(question.get("required") for question in row.questions)
    )


def test_an_address_found_by_its_words_is_where_the_report_lies(
    street: Street, client: Client
) -> None:
    page = client.get("/signaler/", {"q": "12 r du heron anzin"}).content.decode()
    assert "12 Rue du Héron" in page
    what = client.get(links(page)[0])
    assert "12 Rue du Héron, 59410 Anzin" in text_of(what)
    query = links(page)[0].partition("?")[2]
    sent = send(
        client, f"/signaler/dire/?{query}&category={outside_category()}", text="Là, au coin"
    )
    assert sent.status_code == 302
    report = Report.objects.get()
    assert report.place_label == "12 Rue du Héron, 59410 Anzin"
    assert (report.latitude, report.longitude) == (50.3801, 3.5102)
    assert report.commune == street.commune


def test_a_number_that_is_not_known_is_told_and_kept_in_words(
    street: Street, client: Client
) -> None:
    page = client.get("/signaler/", {"q": "48 rue du héron"}).content.decode()
    assert "le 48 n’est pas connu" in page
    assert "Rue du Héron, vers le 48, 59410 Anzin" in text_of(client.get(links(page)[0]))


def test_a_residence_still_comes_first(street: Street, client: Client) -> None:
    Street.objects.update(name="Rue des Tilleuls")
    page = client.get("/signaler/", {"q": "tilleuls"}).content.decode()
    assert page.index("Résidence ·") < page.index("Adresse ·")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        signing.dumps(["Chez M. Untel", 50.38, 3.51]),
        signing.dumps("Chez M. Untel", salt="reports.address"),
        "a:b:c",
    ],
    ids=["one letter", "of another salt", "another thing", "three parts"],
)
def test_words_that_we_did_not_sign_are_never_a_place(
    street: Street, client: Client, token: str
) -> None:
    page = client.get("/signaler/quoi/", {"address": token})
    assert page.status_code == 200
    assert "Ce lieu n’est plus dans la liste" in text_of(page)
    assert "Untel" not in text_of(page)


def test_the_words_of_the_national_service_are_only_words(street: Street, client: Client) -> None:
    Street.objects.update(name="<script>alert(1)</script>Rue")
    page = client.get("/signaler/", {"q": "script alert"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.browser
def test_a_misspelt_street_is_chosen_on_a_phone(phone: Page, live: object, street: Street) -> None:
    phone.goto(f"{live.url}/signaler/")  # type: ignore[attr-defined]
    phone.get_by_role("searchbox").fill("12 rue du hérron")
    phone.get_by_role("button", name="Chercher").click()
    phone.get_by_role("link", name="12 Rue du Héron").click()
    expect(phone.get_by_text("12 Rue du Héron, 59410 Anzin").first).to_be_visible()
