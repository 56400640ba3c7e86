"""Pages of plans and fiches, as people use them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from parvis.actions import acts
from parvis.actions.forms import ROW_FORMS
from parvis.actions.models import Action, Picture, Plan
from parvis.actions.sorting import goal_on
from tests.actions.scene import fiche, plan, step
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible
from tests.figures.counting import counted


def line(action: Action, cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "version": action.version,
        "title": action.title,
        "domain": action.domain,
        "moment": action.moment,
        "lead": action.lead_id,
        "ends_on": action.ends_on,
        "budget": "12 000,00",
        **more,
    }


def test_a_line_is_written_in_place_and_taken_back(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.luc)
    url = reverse("actions:write_line", args=[made.pk])
    page = client.post(url, line(made, cast, title="Huit bacs"), follow=True)
    assert "Annuler cette modification" in page.content.decode()
    client.post(reverse("actions:undo", args=[made.pk]), {"version": 2})
    made.refresh_from_db()
    assert made.title == "Des bacs enterrés rue des Lilas"


def test_the_second_is_shown_the_difference_and_may_keep_theirs(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    acts.write_action(made, {"title": "Titre de Luc"}, actor=cast.actor(cast.luc), version=1)
    client.force_login(cast.claire)
    url = reverse("actions:write_line", args=[made.pk])
    answer = client.post(url, line(made, cast, title="Titre de Claire"))
    words = answer.content.decode()
    assert answer.status_code == 409
    assert all(one in words for one in ("Titre de Luc", "Titre de Claire", "Luc a enregistré"))
    client.post(url, line(made, cast, title="Titre de Claire", version=2))
    made.refresh_from_db()
    assert made.title == "Titre de Claire"


def test_a_line_that_is_wrong_is_asked_again_with_what_was_written(
    cast: Cast, client: Client
) -> None:
    made = fiche(cast)
    client.force_login(cast.luc)
    url = reverse("actions:write_line", args=[made.pk])
    answer = client.post(url, line(made, cast, title="Gardé", budget="cher"))
    assert answer.status_code == 200
    assert 'value="Gardé"' in answer.content.decode()


def rows(**given: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in ROW_FORMS:
        some = given.get(name, [])
        data |= {f"{name}-TOTAL_FORMS": len(some), f"{name}-INITIAL_FORMS": 0}
        for number, one in enumerate(some):
            data |= {f"{name}-{number}-{key}": value for key, value in one.items()}
    return data


def test_a_fiche_is_written_whole(cast: Cast, client: Client) -> None:
    found = plan(cast)
    client.force_login(cast.claire)
    given = rows(
        steps=[{"title": "Choisir les lieux", "due_on": "2030-01-02"}],
        fundings=[{"funder": cast.town.pk, "scheme": "commune", "asked": "1500,50"}],
        indicators=[{"label": "Dépôts", "target": "3"}],
    )
    basics = {"title": "Des bacs", "domain": "dechets", "lead": cast.landlord.pk}
    client.post(reverse("actions:new", args=[found.pk]), {**basics, **given})
    made = Action.objects.get()
    assert str(made.fundings.get().asked) == "1500.50"
    assert made.steps.get().title == "Choisir les lieux"


def test_a_row_that_is_begun_and_not_finished_is_asked_again(cast: Cast, client: Client) -> None:
    found = plan(cast)
    client.force_login(cast.claire)
    basics = {"title": "Des bacs", "domain": "dechets", "lead": cast.landlord.pk}
    given = rows(fundings=[{"funder": cast.town.pk, "asked": "10"}])
    answer = client.post(reverse("actions:new", args=[found.pk]), {**basics, **given})
    assert "Complétez cette ligne" in answer.content.decode()
    assert not Action.objects.exists()


def test_a_resident_reads_what_is_published_and_no_amount_that_is_not(
    cast: Cast, client: Client
) -> None:
    made = fiche(cast)
    url = reverse("actions:action", args=[made.pk])
    assert client.get(url).status_code == 404
    acts.publish_action(made, actor=cast.actor(cast.luc), shown=True)
    words = client.get(url).content.decode()
    assert "Huit bacs enterrés" in words
    assert "7\u202f500,00" not in words
    assert "pied des halls" not in words  # the finding is the partners'
    acts.write_action(made, {"cost_public": True}, actor=cast.actor(cast.luc), version=1)
    assert "7\u202f500,00" in client.get(url).content.decode()


def test_a_picture_is_under_the_rights_of_its_fiche(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    client.force_login(cast.luc)
    client.post(
        reverse("actions:give_picture", args=[made.pk]),
        {
            "moment": "after",
            "caption": "Les bacs posés",
            "file": SimpleUploadedFile("a.jpg", out.getvalue()),
        },
    )
    url = reverse("actions:picture", args=[Picture.objects.get().pk])
    assert client.get(url).status_code == 200
    client.logout()
    assert client.get(url).status_code == 404
    acts.publish_action(made, actor=cast.actor(cast.luc), shown=True)
    assert client.get(url).status_code == 200


def test_a_file_that_is_no_picture_is_said(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.luc)
    answer = client.post(
        reverse("actions:give_picture", args=[made.pk]),
        {"moment": "after", "caption": "x", "file": SimpleUploadedFile("a.jpg", b"non")},
    )
    assert "n’est pas une photo" in answer.content.decode()
    assert not Picture.objects.exists()


def test_papers_are_accessible_and_tell_strangers_no_more_than_the_page(
    cast: Cast, client: Client
) -> None:
    made = fiche(cast)
    acts.publish_action(made, actor=cast.actor(cast.luc), shown=True)
    url = reverse("actions:action_pdf", args=[made.pk])
    stranger = client.get(url).content
    client.force_login(cast.claire)
    for content in (
        stranger,
        client.get(url).content,
        client.get(reverse("actions:plan_pdf", args=[made.plan_id])).content,
    ):
        assert_accessible(content)
    assert len(client.get(url).content) > len(stranger)


@pytest.mark.parametrize("name", ["plan", "board", "calendar", "map"])
def test_a_plan_asks_the_same_with_many_actions(cast: Cast, client: Client, name: str) -> None:
    found = plan(cast)
    fiche(cast, found)
    client.force_login(cast.claire)
    url = reverse(f"actions:{name}", args=[found.pk])

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked()
    for number in range(100):
        made = Action(
            plan=found, reference=f"B-{number:03d}", title=f"Action {number}", domain="habitat"
        )
        made.lead, made.created_at, made.state = (
            cast.landlord,
            found.actions.first().created_at,
            "idea",
        )  # type: ignore[union-attr]
        made.save()
    assert asked() == few
    assert few <= 11, few


def test_filters_keep_what_they_say(cast: Cast, client: Client) -> None:
    found = plan(cast)
    fiche(cast, found)
    fiche(cast, found, title="Un jardin", domain="espaces_verts", ends_on="2020-01-01")
    client.force_login(cast.claire)
    url = reverse("actions:plan", args=[found.pk])
    for query, kept in (
        ("domaine=dechets", "Des bacs"),
        ("retard=on", "Un jardin"),
        (f"organisation={cast.landlord.pk}", "Un jardin"),
        (f"quartier={cast.rives.pk}", "Des bacs"),
    ):
        assert kept in client.get(f"{url}?{query}").content.decode(), query
    assert "Un jardin" not in client.get(f"{url}?domaine=dechets").content.decode()


def test_an_organisation_finds_what_it_owes(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.luc)
    url = reverse("actions:ours")
    assert "Poser les bacs" in client.get(url).content.decode()
    todo = made.steps.get(done_on=None)
    client.post(reverse("actions:tick", args=[made.pk]), {"step": todo.pk, "next": "ours"})
    assert "Poser les bacs" not in client.get(url).content.decode()


def test_a_plan_is_opened_by_hand(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    given = {"title": "Plan", "quartiers": [cast.rives.pk]}
    url = reverse("actions:new_plan")
    wrong = client.post(url, {**given, "starts_on": "2030-02-01", "ends_on": "2030-01-01"})
    assert "précède son début" in wrong.content.decode()
    client.post(url, {**given, "starts_on": "2030-01-01", "ends_on": "2030-12-31"})
    assert Plan.objects.get().organiser == cast.agglomeration


def test_the_organisation_of_a_filter_leads_takes_part_or_carries_a_step(
    cast: Cast, client: Client
) -> None:
    found = plan(cast)
    partner = {"organisation": cast.association.pk, "does": "accueille"}
    fiche(cast, found, title="Avec un partenaire", partners=[partner], steps=[])
    carried = step("Poser", organisation=cast.association.pk)
    fiche(cast, found, title="Avec une étape", partners=[], steps=[carried])
    fiche(cast, found, title="Sans elle", partners=[], steps=[])
    client.force_login(cast.claire)
    for name in ("plan", "board", "map"):
        url = reverse(f"actions:{name}", args=[found.pk])
        words = client.get(f"{url}?organisation={cast.association.pk}").content.decode()
        assert "Avec un partenaire" in words, name
        assert "Avec une étape" in words, name
        assert "Sans elle" not in words, name


def test_the_other_ways_of_reading_a_plan_keep_the_filters(cast: Cast, client: Client) -> None:
    found = plan(cast)
    fiche(cast, found)
    client.force_login(cast.claire)
    words = client.get(f"{reverse('actions:plan', args=[found.pk])}?domaine=dechets&x=1")
    for way in ("par-etat", "calendrier", "carte"):
        assert f'/plans/{found.pk}/{way}/?domaine=dechets"' in words.content.decode()


def test_the_map_holds_the_residences_and_the_list_what_has_none(
    cast: Cast, client: Client
) -> None:
    found = plan(cast)
    fiche(cast, found, title="Chez elles", residences=[cast.tilleuls.pk])
    fiche(cast, found, title="Partout", residences=[])
    client.force_login(cast.claire)
    answer = client.get(reverse("actions:map", args=[found.pk]))
    (feature,) = answer.context["features"]["features"]
    assert feature["properties"]["title"] == cast.tilleuls.name
    words = answer.content.decode()
    assert "Chez elles" in words
    assert "Partout" in words.partition("Sans résidence")[2]


def test_nothing_is_late_in_an_action_that_was_dropped(cast: Cast, client: Client) -> None:
    found = plan(cast)
    late = [step("Arracher", due_on="2025-01-01")]
    made = fiche(cast, found, steps=late, ends_on="2025-02-01", starts_on="2025-01-01")
    client.force_login(cast.claire)
    url = reverse("actions:calendar", args=[found.pk])
    assert "en retard" in client.get(url).content.decode().partition("Les mois passés")[2]
    acts.advance_action(made, "drop", actor=cast.actor(cast.claire), reason="Trop cher.")
    assert "en retard" not in client.get(url).content.decode().partition("Les mois passés")[2]


def test_insertion_stands_against_the_dated_objective(cast: Cast, client: Client) -> None:
    found = plan(cast)
    hours = {"kind": "clause", "total": 1000, "promised": 60, "worked": 40, "people": 3}
    free = {"kind": "jeunes", "total": 0, "promised": 70, "worked": 70, "people": 5}
    made = fiche(cast, found, insertions=[hours, free])
    client.force_login(cast.claire)
    words = client.get(reverse("actions:plan", args=[found.pk])).content.decode()
    assert "110 heures travaillées" in words
    assert "<b>4&nbsp;%</b>" in words  # of the thousand hours that are known
    for page in (words, client.get(reverse("actions:action", args=[made.pk])).content.decode()):
        assert "5&nbsp;% des heures" in page
        assert "à confirmer" in page


def test_no_objective_holds_before_the_first_one() -> None:
    assert goal_on(date(2014, 8, 31)) is None
    assert goal_on(date(2014, 9, 1)) is not None


def test_the_difference_shows_rows_and_themes_in_words(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    acts.write_action(
        made,
        {"themes": ["epaves"], "steps": [step("Poser demain")]},
        actor=cast.actor(cast.luc),
        version=1,
    )
    client.force_login(cast.claire)
    given = rows(steps=[{"title": "Poser jamais"}]) | {"version": 1, "title": made.title}
    given |= {"domain": "dechets", "lead": cast.landlord.pk, "themes": ["tags"]}
    answer = client.post(reverse("actions:edit", args=[made.pk]), given)
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("Poser demain", "Poser jamais", "Épaves de véhicules", "Tags"):
        assert words in page
