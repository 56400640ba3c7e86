"""Answer templates: written by an organisation, filled in for a report, edited before sending."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.reports import acts, wordings
from parvis.reports.models import AnswerTemplate, Category
from parvis.ui.words import day_in_words
from tests.cast import Cast
from tests.reports.scene import at_point, category, filed, only_part

TEXT = "Bonjour, {référence} : nous sommes passés au {lieu} {jour}."


def write(town: Cast, title: str = "Passage", text: str = TEXT, **others: Any) -> AnswerTemplate:
    return acts.write_template(actor=town.actor(town.karim), title=title, text=text, **others)


def step_page(report: Any, query: str = "") -> str:
    return f"/parts/{only_part(report).pk}/etape/settle/{query}"


def test_placeholders_are_filled_with_what_the_report_says(town: Cast) -> None:
    report = filed(at_point(label="12 rue des Lilas")).report
    text = "{Référence}, {sujet}, {lieu}, {jour}, {echeance}, {organisation}"
    assert wordings.filled(text, report, organisation="Ville", part=only_part(report)) == ", ".join(
        [
            report.reference,
            report.category.label,
            "12 rue des Lilas",
            day_in_words(timezone.localdate()),
            day_in_words(only_part(report).due_on),
            "Ville",
        ]
    )


def test_what_is_put_in_is_never_a_placeholder_itself(town: Cast) -> None:
    report = filed(at_point(label="{organisation} {0.__class__}")).report
    said = wordings.filled("{lieu}", report, organisation="Ville")
    assert said == "{organisation} {0.__class__}"


@pytest.mark.parametrize("text", ["Bonjour {nom}", "{0}", "{}", "{lieu!r}", "Ouvert {", "} fermé"])
def test_an_unknown_placeholder_is_refused_with_words(town: Cast, text: str) -> None:
    with pytest.raises(ValidationError, match="Vous pouvez écrire") as refused:
        write(town, text=text)
    assert list(refused.value.message_dict) == ["text"]
    assert not AnswerTemplate.objects.exists()


def test_two_templates_do_not_bear_one_name(town: Cast) -> None:
    first = write(town)
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        write(town)
    acts.write_template(first, actor=town.actor(town.karim), title="Passage", text="Passés.")
    other = acts.write_template(actor=town.actor(town.luc), title="Passage", text="Passés.")
    assert other.organisation == town.landlord


def test_those_of_the_subject_come_first_and_those_of_others_do_not(town: Cast) -> None:
    hole = category()
    write(town, "A tous")
    write(town, "B famille", category=hole.parent)
    write(town, "C sujet", category=hole)
    write(town, "D autre", category=category("encombrants"))
    acts.write_template(actor=town.actor(town.luc), title="E bailleur", text="Passés.")
    found = wordings.templates_for(town.actor(town.karim), hole)
    assert [one.title for one in found] == ["B famille", "C sujet", "A tous"]


def test_choosing_one_prefills_the_step_and_the_answer(town: Cast, client: Client) -> None:
    template = write(town)
    report = filed(at_point(label="12 rue des Lilas")).report
    client.force_login(town.karim)
    words = f"Bonjour, {report.reference} : nous sommes passés au 12 rue des Lilas"
    page = client.get(step_page(report)).content.decode()
    area = page.split("<textarea")[1].split("</textarea>")[0]
    assert words not in area
    page = html.unescape(client.get(step_page(report, f"?modele={template.pk}")).content.decode())
    assert words in page.split("<textarea")[1].split("</textarea>")[0]
    page = client.get(f"/signalements/{report.reference}/?modele={template.pk}").content.decode()
    answer = html.unescape(page).split('id="answer_text"')[1].split("</textarea>")[0]
    assert words in answer


@pytest.mark.parametrize("asked", ["999", "x", "-1", "9" * 30])
def test_a_template_that_is_not_there_changes_nothing(
    town: Cast, client: Client, asked: str
) -> None:
    write(town)
    report = filed().report
    client.force_login(town.karim)
    assert client.get(step_page(report, f"?modele={asked}")).status_code == 200


def test_nobody_else_s_template_is_offered(town: Cast, client: Client) -> None:
    theirs = acts.write_template(actor=town.actor(town.luc), title="Secret", text="Mot-secret")
    report = filed().report
    client.force_login(town.karim)
    page = client.get(step_page(report, f"?modele={theirs.pk}")).content.decode()
    assert "Mot-secret" not in page


def test_the_page_writes_changes_and_takes_away(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    form = {"title": "Passage", "text": TEXT, "category": category().pk}
    assert client.post("/reponses-types/nouvelle/", form).status_code == 302
    template = AnswerTemplate.objects.get()
    assert (template.organisation, template.category) == (town.town, category())
    page = client.post(f"/reponses-types/{template.pk}/modifier/", {**form, "text": "{nom}"})
    assert "n’est pas connu" in page.content.decode()
    client.post(f"/reponses-types/{template.pk}/modifier/", {**form, "title": "Venue"})
    assert "Venue" in client.get("/reponses-types/").content.decode()
    client.post(f"/reponses-types/{template.pk}/enlever/")
    assert not AnswerTemplate.objects.exists()


def test_those_who_handle_read_and_do_not_write(town: Cast, client: Client) -> None:
    template = write(town)
    client.force_login(town.sofia)
    page = client.get("/reponses-types/").content.decode()
    assert "Passage" in page
    assert "Nouvelle réponse" not in page
    assert client.get("/reponses-types/nouvelle/").status_code == 403
    assert client.post(f"/reponses-types/{template.pk}/enlever/").status_code == 403
    client.force_login(town.luc)  # who writes for another organisation
    assert client.get(f"/reponses-types/{template.pk}/modifier/").status_code == 404


def test_a_category_that_goes_leaves_the_template(town: Cast) -> None:
    gone = Category.objects.create(code="x", label="X", theme_code="voirie")
    template = write(town, category=gone)
    gone.delete()
    template.refresh_from_db()
    assert template.category is None
