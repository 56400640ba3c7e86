"""The editor's office speaks the house's words, and leads nobody to a page that is shut to them."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

from django.urls import reverse

import parvis.toolbox
from parvis.toolbox.models import Front
from parvis.toolbox.office import desk_of
from tests.cast import Cast
from tests.toolbox.edit_scene import inside, proposed

WORDS = Path(parvis.toolbox.__file__).parent / "locale/fr/LC_MESSAGES"
JARGON = re.compile(
    r">[^<{]*(?:workflow|fragment|modérat|Ce\(tte\)|Verrouillé\(e\))[^<{]*<", re.IGNORECASE
)
LINE = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def test_words_are_compiled() -> None:
    with (WORDS / "django.mo").open("rb") as compiled:
        said = gettext.GNUTranslations(compiled)
    written = LINE.findall((WORDS / "django.po").read_text())
    assert written
    assert {key: said.gettext(key) for key, _ in written} == dict(written)


def test_the_office_says_no_word_of_its_library(cast: Cast) -> None:
    client = inside(cast.sofia)
    sheet = proposed(cast, client)
    home = client.get("/redaction/").content.decode()
    assert "Ce que vous avez proposé" in home
    assert "w-summary__list" not in home  # figures of the whole site
    page = client.get(reverse("wagtailadmin_pages:edit", args=[sheet.pk])).content.decode()
    assert "Ce texte est en relecture." in page
    assert "Reprendre ma proposition" in page
    for text in (home, page):
        assert " - Parvis</title>" in text
        assert not JARGON.findall(text)


def test_the_name_of_the_title_is_seen(cast: Cast) -> None:
    # The library hides the heading of a panel of that class, and draws no box around its field.
    address = reverse(
        "wagtailadmin_pages:add", args=["toolbox", "advicesheet", desk_of(cast.town).pk]
    )
    page = inside(cast.karim).get(address).content.decode()
    assert "La question" in page
    assert 'class="w-panel title' not in page


def test_who_only_writes_is_led_to_the_form_of_their_own_alone(cast: Cast) -> None:
    mine = proposed(cast, inside(cast.sofia), title="La mienne")
    theirs = proposed(cast, inside(cast.karim), title="Celle d’un collègue")
    own, read = (reverse("wagtailadmin_pages:edit", args=[one.pk]) for one in (mine, theirs))
    client = inside(cast.sofia)
    for one in (mine, theirs):
        page = client.get(reverse("toolbox:sheet", args=[one.pk])).content.decode()
        assert ("Modifier cette fiche" in page) is (one == mine)
    waiting = client.get(reverse("toolbox:edit_due")).content.decode()
    assert own in waiting
    assert read not in waiting
    assert reverse("toolbox:sheet", args=[theirs.pk]) in waiting
    assert read in inside(cast.karim).get(reverse("toolbox:edit_due")).content.decode()


def test_the_coordination_is_led_to_the_pages_of_the_site(cast: Cast) -> None:
    client = inside(cast.claire)
    front = reverse("wagtailadmin_explore", args=[Front.objects.get().pk])
    assert front in client.get("/redaction/").content.decode()
    assert client.get(front).status_code == 200
    assert front not in inside(cast.karim).get("/redaction/").content.decode()
    assert "Root" not in client.get("/redaction/pages/").content.decode()
