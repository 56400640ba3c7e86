"""The shell: brand, menus, messages and pages of error."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

from parvis.ui.components import Choice, MenuGroup, MenuItem, Switch


@pytest.fixture
def asked():
    return RequestFactory().get("/nulle-part/")


def test_the_shell_stands_without_menu_tools_or_footer():
    html = render_to_string("ui/shell.html")
    assert 'lang="fr"' in html
    assert 'href="#contenu"' in html
    assert 'id="contenu"' in html
    assert "<nav" not in html


def test_the_shell_asks_for_one_stylesheet():
    assert render_to_string("ui/shell.html").count('rel="stylesheet"') == 1


def test_a_brand_of_its_own_shows_its_name_and_asks_for_its_colours(settings, client):
    settings.BRAND = {**settings.BRAND, "name": "GUP du Hainaut", "slate": "#5B1748"}
    html = render_to_string("ui/shell.html")
    assert "GUP du Hainaut" in html
    assert 'href="/marque.css"' in html
    answer = client.get("/marque.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "#5B1748" in answer.content.decode()


def test_the_menu_says_which_page_is_open_and_signing_out_posts():
    html = render_to_string(
        "ui/shell.html",
        {
            "menu": [MenuItem("Accueil", "/", current=True), MenuItem("Signaler", "/signaler/")],
            "tools": [MenuItem("Se déconnecter", "/deconnexion/", post=True)],
            "switch": Switch("Ville A", "/agir/", [Choice("1", "Ville A", current=True)]),
            "footer": [MenuGroup("Ce site", (MenuItem("Mentions légales", "/mentions-legales/"),))],
        },
    )
    assert 'href="/" aria-current="page"' in html
    assert '<form method="post" action="/deconnexion/">' in html
    assert 'name="mandate" value="1" aria-current="true"' in html
    assert "/mentions-legales/" in html


@pytest.mark.django_db
def test_old_browsers_find_the_favicon(client):
    assert client.get("/favicon.ico")["Location"].endswith("ui/favicon.svg")


@pytest.mark.django_db
def test_a_page_that_does_not_exist_says_what_to_do_next(client):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_refusal_shows_nothing_of_the_inside(asked):
    answer = defaults.permission_denied(asked, PermissionDenied("no door is declared for x:y"))
    assert answer.status_code == 403
    assert "Cette page ne vous est pas ouverte" in answer.content.decode()
    assert "no door" not in answer.content.decode()


def test_a_failure_has_its_page_even_with_nothing_to_lean_on(asked):
    answer = defaults.server_error(asked)
    assert answer.status_code == 500
    assert "de notre côté" in answer.content.decode()


def test_a_demand_that_is_not_understood_says_what_was_kept(asked):
    answer = defaults.bad_request(asked, SuspiciousOperation("secret"))
    assert answer.status_code == 400
    assert "secret" not in answer.content.decode()
    assert "Rien n’a été enregistré" in answer.content.decode()


def test_a_form_sent_too_late_says_how_to_send_it_again(asked):
    answer = csrf_failure(asked, reason="x")
    assert answer.status_code == 403
    assert "rechargez-la" in answer.content.decode()
