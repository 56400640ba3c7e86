"""Plain pages of the portal: what they say by themselves, and what the coordination writes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.toolbox.content_places import PLACES, address
from tests.cast import Cast
from tests.toolbox.content_scene import a_page, a_statement, words

NBSP = "&nbsp;"


def test_each_place_that_a_text_may_take_is_a_page_here(db: None) -> None:
    ours = {reverse(f"portal:{name}") for name in ("legal", "privacy", "accessibility")}
    ours |= {reverse("portal:help"), reverse("portal:about")}
    assert {address(place) for place in PLACES} == ours


@pytest.mark.parametrize("place", sorted(set(PLACES) - {"accessibilite"}))
def test_a_published_text_stands_at_its_place_and_a_draft_does_not(
    db: None, client: Client, place: str
) -> None:
    page = a_page(
        place=place, title="Écrit ici", body=words("<p>De nos mains.</p>"), published=False
    )
    assert "De nos mains." not in client.get(address(place)).content.decode()
    page.get_latest_revision().publish()
    read = client.get(address(place)).content.decode()
    assert re.search(r"<h1>(<bdi [^>]*>)?Écrit ici(</bdi>)?</h1>", read)
    assert "De nos mains." in read


def test_what_the_law_wants_said_follows_an_edited_text(
    db: None, client: Client, settings: Any
) -> None:
    settings.PUBLISHER = {**settings.PUBLISHER, "host": "Un hébergeur", "dpo_email": "dpo@ex.test"}
    settings.CONTACT_RETENTION_DAYS = 45
    a_page(place="mentions-legales", body=words("<p>Nous, en bref.</p>"))
    a_page(place="donnees-personnelles", body=words("<p>Nous, en bref.</p>"))
    legal = client.get("/mentions-legales/").content.decode()
    assert legal.index("Nous, en bref.") < legal.index("Un hébergeur")
    privacy = client.get("/donnees-personnelles/").content.decode()
    assert privacy.index("Nous, en bref.") < privacy.index(f"45{NBSP}jours après la clôture")
    assert "dpo@ex.test" in privacy


def test_an_edited_help_takes_the_place_of_ours(db: None, client: Client) -> None:
    assert "appelez le 112" in client.get("/aide/").content.decode()
    a_page(place="aide", body=words("<p>Venez à l’accueil.</p>"))
    assert "appelez le 112" not in client.get("/aide/").content.decode()


def test_accessibility_is_not_met_as_long_as_nobody_audited_it(db: None, client: Client) -> None:
    a_statement(published=False)
    page = client.get("/accessibilite/").content.decode()
    assert f"Accessibilité{NBSP}: non conforme" in page
    assert "Défenseur des droits" in page
    assert "Accessibilité : non conforme" in client.get("/").content.decode()


def test_a_published_statement_says_its_state_here_and_on_the_home(
    db: None, client: Client
) -> None:
    a_statement(
        state="part",
        rate="71.5",
        audited_on="2026-02-20",
        audited_by="un cabinet",
        failures="<p>Les plans n’ont pas de légende.</p>",
        contact="acces@ex.test",
    )
    page = client.get("/accessibilite/").content.decode()
    for said in (
        "partiellement conforme",
        f"71,50{NBSP}%",
        "un cabinet",
        "Les plans n’ont pas de légende.",
        "acces@ex.test",
        "Défenseur des droits",
    ):
        assert said in page, said
    assert "Aucun audit" not in page
    assert "Accessibilité : partiellement conforme" in client.get("/").content.decode()


def test_the_footer_says_nothing_of_it_elsewhere_and_asks_nothing(
    db: None, client: Client, django_assert_num_queries: Any
) -> None:
    """No page but the home pays for it, and none says a state that has changed."""
    a_statement(state="full", rate="100", audited_on="2026-02-20")
    page = client.get("/chercher/").content.decode()
    assert "Accessibilité</a>" in page
    with django_assert_num_queries(0):
        client.get("/chercher/")


def test_the_site_map_leads_everywhere_that_one_may_start_from(cast: Cast, client: Client) -> None:
    a_page(title="Le lexique", slug="lexique", position=2)
    a_page(title="Les sigles", slug="sigles", position=1)
    a_page(title="Caché", slug="cache", show_in_menus=False)
    a_page(title="Brouillon", slug="brouillon", published=False)
    page = client.get("/plan-du-site/").content.decode()
    for said in (cast.rives.name, "/aide/", "/boite-a-outils/", "/pages/lexique/"):
        assert said in page, said
    assert page.index("Les sigles") < page.index("Le lexique")
    for hidden in ("Caché", "Brouillon", "Votre espace"):
        assert hidden not in page, hidden
    client.force_login(cast.karim)
    assert "Votre espace" in client.get("/plan-du-site/").content.decode()


@pytest.mark.parametrize("count", [1, 10])
def test_the_site_map_asks_the_same_queries_whatever_the_pages(
    cast: Cast, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        a_page(title=f"Page {number}", slug=f"page-{number}")
    with django_assert_num_queries(2):
        client.get("/plan-du-site/")
