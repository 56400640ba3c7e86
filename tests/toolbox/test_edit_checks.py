"""What a text must be before others read it, and what is kept whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import rich_text

from parvis.toolbox.blocks import Body
from parvis.toolbox.edit_checks import Fault, faults
from parvis.toolbox.models import MethodSheet
from tests.cast import Cast
from tests.toolbox.edit_scene import a_draft, inside, rewritten
from tests.toolbox.scene import a_picture, a_sheet

WHOLE = {"title": "Titre", "summary": "Une phrase.", "licence": "etalab-2.0"}
TEXT = {"question": "Comment ?", "steps": "<p>Choisir</p>", "who": "<p>La ville</p>"}


def of(kind: str = "method", **values: Any) -> list[tuple[str, str]]:
    found = faults(kind, {**WHOLE, **TEXT, **values})
    return [(one.field, one.text) for one in found]


def body(*blocks: dict[str, Any]) -> Any:
    return Body().to_python(list(blocks))


def test_a_whole_text_has_no_fault() -> None:
    assert of() == []


@pytest.mark.parametrize("name", [*WHOLE, *TEXT])
def test_what_a_kind_cannot_do_without_is_asked_on_its_field(name: str) -> None:
    assert [field for field, _ in of(**{name: "<p> </p>" if name in TEXT else ""})] == [name]


@pytest.mark.parametrize("kind", ["advice", "guide", "model", "news"])
def test_other_kinds_need_their_text(kind: str) -> None:
    assert "body" in [field for field, _ in of(kind, body=body())]


@pytest.mark.parametrize(
    "words", ["ici", "Cliquez ici", "En savoir plus…", "https://exemple.test/page", " ", "PDF"]
)
def test_the_words_of_a_link_say_where_it_leads(words: str) -> None:
    text = f'<p>Voir <a href="https://exemple.test/">{words}</a></p>'
    ((field, told),) = of(steps=text)
    assert field == "steps"
    assert "ne dit pas où il mène" in told


def test_a_link_with_words_of_its_own_is_fine() -> None:
    assert of(steps='<p><a href="https://exemple.test/">Le guide des déchets</a></p>') == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<h4>Trop bas</h4>", "saute un niveau"),
        ("<h2>Trop haut</h2>", "saute un niveau"),
        ("<h3> </h3>", "Un titre est vide"),
    ],
)
def test_headings_go_step_by_step(text: str, told: str) -> None:
    (fault,) = faults("method", {**WHOLE, **TEXT, "body": body({"type": "text", "value": text})})
    assert (fault.field, fault.block) == ("body", 0)
    assert told in fault.text


@pytest.mark.parametrize(
    ("alt", "decorative", "told"),
    [
        ("", False, "Dites ce que l’image"),
        ("Un hall", True, "L’image décore"),
        ("a.jpg", False, "Un nom"),
    ],
)
def test_a_picture_says_what_it_shows_or_that_it_decorates(
    alt: str, decorative: bool, told: str
) -> None:
    value = {"picture": None, "alt": alt, "decorative": decorative, "caption": ""}
    found = faults("method", {**WHOLE, **TEXT, "body": body({"type": "picture", "value": value})})
    assert [(one.block, one.part, one.text[: len(told)]) for one in found] == [(0, "alt", told)]


def test_a_table_has_a_title_and_headings() -> None:
    table = {
        "caption": "",
        "columns": [{"type": "text", "heading": "Qui"}, {"type": "text", "heading": ""}],
        "rows": [{"values": ["La ville", "paie"]}],
    }
    found = faults("method", {**WHOLE, **TEXT, "body": body({"type": "table", "value": table})})
    assert [one.text.split(" ")[1] for one in found] == ["un", "un"]
    assert {one.block for one in found} == {0}


def test_notes_and_steps_are_read_too() -> None:
    link = '<p><a href="https://exemple.test/">ici</a></p>'
    found = faults(
        "method",
        {
            **WHOLE,
            **TEXT,
            "body": body(
                {"type": "note", "value": {"tone": "retenir", "text": link}},
                {"type": "steps", "value": {"title": "", "steps": []}},
            ),
        },
    )
    assert [(one.block, one.part) for one in found] == [(0, "text"), (1, "")]
    assert isinstance(found[0], Fault)
    assert RichText(link).source == link


# --- In the office ----------------------------------------------------------------------------


def test_a_draft_is_kept_whatever_it_is(cast: Cast) -> None:
    answer = a_draft(cast, cast.sofia, inside(cast.sofia), summary="", steps=rich_text(""))
    assert answer.status_code == 302
    assert MethodSheet.objects.get().summary == ""


def test_an_incomplete_proposal_is_not_taken_and_nothing_typed_is_lost(cast: Cast) -> None:
    karim, sheet = inside(cast.karim), a_sheet(cast, published=False)
    picture = a_picture(sheet, shown=False)
    image = {"picture": str(picture.pk), "alt": "", "caption": "Le hall un lundi"}
    answer = rewritten(
        karim,
        sheet,
        action="action-submit",
        summary="",
        question="Une question toute neuve ?",
        body=[("picture", image)],
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Dites en une phrase ce que la fiche apporte." in page
    assert "Dites ce que l\\u2019image montre" in page
    assert "Une question toute neuve ?" in page
    assert "Le hall un lundi" in page
    assert not sheet.workflow_in_progress


def test_the_coordination_publishes_no_incomplete_text(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    answer = rewritten(inside(cast.claire), sheet, action="action-publish", who=rich_text(""))
    assert answer.status_code == 200
    assert not MethodSheet.objects.get(pk=sheet.pk).live


def test_a_wording_is_checked_with_the_sheet(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    falc = {
        "language": "falc",
        "title": "Version simple",
        "text": rich_text('<p><a href="https://exemple.test/">ici</a></p>'),
        "of_version": "1",
        "ORDER": "1",
    }
    answer = rewritten(inside(cast.claire), sheet, action="action-publish", wordings=[falc])
    assert "Version simple" in answer.content.decode()
    assert answer.status_code == 200


def test_dates_in_the_wrong_order_are_said_in_french(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    dates = {"review_on": "2027-05-01", "expires_on": "2027-01-01"}
    answer = rewritten(inside(cast.karim), sheet, **dates)
    assert "La relecture vient avant la fin de validité." in answer.content.decode()


def test_the_form_has_no_day_of_publication_nor_privacy(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    page = inside(cast.claire).get(reverse("wagtailadmin_pages:edit", args=[sheet.pk]))
    text = page.content.decode()
    for name in ("go_live_at", "expire_at", "show_in_menus", "search_description", 'name="slug"'):
        assert name not in text, name
    assert "Pour bien commencer" in text
    with pytest.raises(ValidationError):
        MethodSheet(title="").full_clean()
