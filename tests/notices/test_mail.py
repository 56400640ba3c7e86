"""From two templates to the words of a mail."""

import pytest
from django.template import TemplateDoesNotExist

from parvis.notices.mail import render
from parvis.notices.outbox import CHOICES


@pytest.fixture
def words(tmp_path, settings):
    """A folder of templates of a room, with a way to write in it."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    folder = tmp_path / "room" / "notices"
    folder.mkdir(parents=True)

    def write(
        text, html="{% extends 'notices/mail.html' %}{% block words %}{{ word }}{% endblock %}"
    ):
        (folder / "said.txt").write_text(text)
        if html is not None:
            (folder / "said.html").write_text(html)
        return "room/notices/said"

    return write


def test_the_first_line_is_the_subject_and_the_rest_the_text(words):
    mail = render(words("Objet : {{ word }}\n\nUn mot : {{ word }}.\n"), {"word": "réglé"})
    assert mail.subject == "Objet : réglé"
    assert mail.text == "Un mot : réglé.\n"


def test_plain_text_is_not_escaped_and_html_is(words):
    mail = render(words("L'objet {{ word }}\n{{ word }}"), {"word": "<b>l'entrée</b> & co"})
    assert mail.subject == "L'objet <b>l'entrée</b> & co"
    assert mail.text == "<b>l'entrée</b> & co\n"
    assert "&lt;b&gt;" in mail.html
    assert "<b>" not in mail.html


def test_a_line_break_in_a_value_cannot_reach_the_subject(words):
    mail = render(words("Objet {{ word }}\nTexte"), {"word": "a\nBcc: tous@exemple.test"})
    assert mail.subject == "Objet a"


def test_many_empty_lines_become_one(words):
    assert render(words("Objet\n\n\n\nUn\n\n\n\n\nDeux\n"), {"word": ""}).text == "Un\n\nDeux\n"


def test_the_base_of_html_mails_carries_language_title_and_brand(words, settings):
    settings.BRAND = {**settings.BRAND, "name": "Chez nous", "territory": "Ici", "slate": "#123456"}
    html = render(words("Objet <3\nTexte"), {"word": "mot"}).html
    assert '<html lang="fr">' in html
    assert "<title>Objet &lt;3</title>" in html
    assert "Chez nous · Ici" in html
    assert "#123456" in html
    assert "mot" in html


def test_the_base_of_plain_mails_ends_with_the_name_and_address_of_the_site(words, settings):
    base = "{% extends 'notices/mail.txt' %}{% block subject %}Objet{% endblock %}"
    mail = render(words(base + "{% block words %}Texte{% endblock %}"), {"word": ""})
    assert mail.subject == "Objet"
    assert mail.text.startswith("Texte\n\n-- \n")
    name = settings.BRAND["name"]
    assert f"\n{name}\n{settings.SITE_URL}\n" in mail.text
    assert mail.text.endswith(f"Choisir comment être prévenu : {CHOICES}\n")


def test_a_mail_without_its_html_half_is_an_error(words):
    with pytest.raises(TemplateDoesNotExist):
        render(words("Objet\nTexte", html=None), {"word": ""})
