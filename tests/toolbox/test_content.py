"""Pages of content: who writes them, who reads them, where they stand, and what they open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import nested_form_data, streamfield

from parvis.partners.actors import NOBODY
from parvis.toolbox.content_office import front
from parvis.toolbox.models import (
    AccessibilityStatement,
    ContentPage,
    Desk,
    Displayed,
    Front,
    Paper,
)
from parvis.toolbox.office import desk_of
from tests.cast import Cast
from tests.toolbox.content_scene import a_page, a_statement, in_office, typed, words
from tests.toolbox.scene import a_paper, a_picture, a_sheet, other_sheet


def new_page(kind: str = "contentpage") -> str:
    return reverse("wagtailadmin_pages:add", args=["toolbox", kind, front().pk])


def test_the_root_and_its_site_are_made_once(cast: Cast) -> None:
    assert front() == front()
    assert Front.objects.count() == 1
    assert Site.objects.get(is_default_site=True).root_page_id == front().pk


def test_the_root_is_made_again_in_a_database_that_was_emptied(db: None) -> None:
    Site.objects.all().delete()
    Page.objects.all().delete()
    assert front().depth == 2
    assert Site.objects.get(is_default_site=True).root_page_id == front().pk


def test_the_root_takes_over_the_site_that_the_library_made(db: None) -> None:
    root = front()
    Site.objects.update(root_page=root.get_parent())
    front()
    assert Site.objects.get().root_page_id == root.pk


def test_the_coordination_writes_a_page_and_everybody_reads_it(cast: Cast, client: Client) -> None:
    answer = in_office(cast.claire).post(new_page(), typed(summary="Les mots du métier."))
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get("/pages/lexique/").content.decode()
    assert "Les mots du métier." in page
    assert "Modifier ce texte" not in page


def test_the_titles_of_a_text_skip_no_level(cast: Cast, client: Client) -> None:
    page = a_page(body=words("<h3>Les mots</h3><p>Un hall.</p>"))
    told = client.get(page.get_url()).content.decode()
    assert re.findall(r"<h[1-3]", told)[:3] == ["<h1", "<h2", "<h3"]


def test_its_writer_is_led_back_to_the_text(cast: Cast, client: Client) -> None:
    page = a_page()
    client.force_login(cast.claire)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert edit in client.get(page.get_url_parts()[2]).content.decode()
    client.force_login(cast.karim)
    assert edit not in client.get(page.get_url_parts()[2]).content.decode()


@pytest.mark.parametrize("who", ["karim", "sofia", "luc"])
def test_nobody_else_writes_or_finds_the_pages_in_the_office(cast: Cast, who: str) -> None:
    page = a_page(title="Un brouillon du site", published=False)
    client = in_office(getattr(cast, who))
    for address in (
        new_page(),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        reverse("wagtailadmin_pages:search") + "?q=brouillon",
        reverse("wagtailadmin_explore", args=[front().pk]),
        reverse("wagtailredirects:index"),
    ):
        answer = client.get(address, follow=True)
        assert "Un brouillon du site" not in answer.content.decode(), address
    assert client.post(new_page(), typed()).status_code in (302, 403)
    assert ContentPage.objects.count() == 1


def test_the_root_is_neither_changed_nor_taken_away(cast: Cast) -> None:
    client = in_office(cast.claire)
    for name in ("edit", "delete", "unpublish"):
        client.post(reverse(f"wagtailadmin_pages:{name}", args=[front().pk]), {"title": "Autre"})
    assert Front.objects.get().title == "Pages du site"
    may = front().permissions_for_user(cast.claire)
    assert may.can_add_subpage()
    assert not may.can_edit()
    assert not may.can_delete()
    assert not may.can_publish()
    assert not may.can_unpublish()


def test_a_draft_is_read_by_nobody_and_its_next_text_waits(cast: Cast, client: Client) -> None:
    draft = a_page(published=False, slug="brouillon")
    assert client.get("/pages/brouillon/").status_code == 404
    assert not ContentPage.objects.visible_to(NOBODY).filter(pk=draft.pk).exists()
    page = a_page(slug="publiee", body=words("<p>Le texte d’hier.</p>"))
    page.body = words("<p>Le texte de demain.</p>")
    page.save_revision()
    read = client.get("/pages/publiee/").content.decode()
    assert "d’hier" in read
    assert "de demain" not in read
    page.unpublish()
    assert client.get("/pages/publiee/").status_code == 404


def test_a_draft_is_seen_in_the_editor_by_its_writer(cast: Cast) -> None:
    page = a_page(published=False, body=words("<p>Bientôt.</p>"))
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    seen = in_office(cast.claire).get(address).content.decode()
    assert "Bientôt." in seen
    assert "Aperçu" in seen


def test_a_place_has_one_page_and_its_own_address(cast: Cast, client: Client) -> None:
    page = a_page(place="a-propos", slug="nous")
    assert page.get_url_parts()[2] == "/a-propos/"
    assert client.get("/pages/nous/")["Location"] == "/a-propos/"
    answer = in_office(cast.claire).post(new_page(), typed(place="a-propos"))
    assert "Une page tient déjà cette place" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentPage.objects.filter(pk=a_page().pk).update(place="a-propos")


def test_a_page_keeps_the_place_it_was_made_for(cast: Cast) -> None:
    page = a_page(place="aide", slug="aide")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = in_office(cast.claire).post(address, typed(place="a-propos", slug="aide"))
    assert answer.status_code == 302
    page.refresh_from_db()
    assert page.place == "aide"


def test_accessibility_has_a_form_of_its_own(cast: Cast) -> None:
    client = in_office(cast.claire)
    answer = client.post(new_page(), typed(place="accessibilite"))
    assert "place" in answer.context["form"].errors
    rest = typed(state="part", rate="71.5", audited_on="2026-02-20", made_on="2026-03-02")
    answer = client.post(new_page("accessibilitystatement"), rest)
    assert answer.status_code == 302, answer.context["form"].errors
    assert AccessibilityStatement.objects.get().place == "accessibilite"
    # There is one statement: no second one is offered.
    assert client.get(new_page("accessibilitystatement")).status_code in (302, 403)


@pytest.mark.parametrize(
    "said",
    [
        {"state": "full", "rate": "99.9", "audited_on": "2026-02-20"},
        {"state": "part", "rate": "49", "audited_on": "2026-02-20"},
        {"state": "part"},
        {"state": "none", "rate": "50", "audited_on": "2026-02-20"},
        {"state": "full", "rate": "100"},
    ],
)
def test_a_statement_says_no_more_than_its_audit(cast: Cast, said: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_statement(**said)
    # The editor is told, for a draft as well.
    told = typed(made_on="2026-03-02", **said)
    del told["action-publish"]
    answer = in_office(cast.claire).post(new_page("accessibilitystatement"), told)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_a_file_opens_with_the_page_that_shows_it_and_closes_with_it(
    cast: Cast, client: Client
) -> None:
    desk_of(cast.agglomeration)
    sheet = a_sheet(cast, of=cast.agglomeration, published=False)
    paper, picture = a_paper(sheet, shown=False), a_picture(sheet, shown=False)
    here = reverse("toolbox:paper", args=[paper.pk])
    page = a_page(
        slug="fichiers",
        body=[
            ("paper", {"paper": paper, "label": "La grille"}),
            ("picture", {"picture": picture, "alt": "Le hall", "decorative": False}),
        ],
        published=False,
    )
    assert client.get(here).status_code == 404
    page.get_latest_revision().publish()
    assert client.get(here).status_code == 200
    assert Displayed.objects.count() == 2
    page.refresh_from_db()
    page.unpublish()
    assert client.get(here).status_code == 404


def test_a_file_that_a_new_text_drops_is_closed(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    paper = a_paper(sheet, shown=False)
    page = a_page(body=[("paper", {"paper": paper, "label": "La grille"})])
    assert Paper.objects.visible_to(NOBODY).filter(pk=paper.pk).exists()
    page.body = words("<p>Plus de grille.</p>")
    page.save_revision().publish()
    assert not Paper.objects.visible_to(NOBODY).filter(pk=paper.pk).exists()


def test_a_page_opens_no_file_of_another_territory(cast: Cast) -> None:
    draft = other_sheet(cast, published=False)
    picture, paper = a_picture(draft, shown=False), a_paper(draft, shown=False)
    blocks: tuple[tuple[str, Any], ...] = (
        ("picture", {"picture": str(picture.pk), "alt": "Le hall", "caption": ""}),
        ("paper", {"paper": str(paper.pk), "label": "La grille"}),
    )
    claire = in_office(cast.claire)
    for block in blocks:
        body = nested_form_data({"body": streamfield([block])})
        answer = claire.post(new_page(), {**typed(), **body})
        assert answer["Location"] == reverse("wagtailadmin_home")
    assert not ContentPage.objects.exists()
    assert not Displayed.objects.exists()


def test_no_desk_is_touched_by_pages_of_the_site(cast: Cast) -> None:
    """A page of content stands under its root alone, a sheet under its desk alone."""
    desk = desk_of(cast.agglomeration)
    assert not ContentPage.can_create_at(desk)
    assert not any(kind.can_create_at(front()) for kind in (Desk, Front))
