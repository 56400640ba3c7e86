"""Pages of plans and fiches, as people use them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from parvis.actions import acts
from parvis.actions.forms import ROW_FORMS
from parvis.actions.models import Action, Picture, Plan
from tests.actions.scene import fiche, plan
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


@pytest.mark.parametrize("name", ["plan", "board", "calendar"])
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
    assert few <= 10, few


def test_filters_keep_what_they_say(cast: Cast, client: Client) -> None:
    found = plan(cast)
    fiche(cast, found)
    fiche(cast, found, title="Un jardin", domain="espaces_verts", ends_on="2020-01-01")
    client.force_login(cast.claire)
    url = reverse("actions:plan", args=[found.pk])
    for query, kept in (
        ("domaine=dechets", "Des bacs"),
        ("retard=on", "Un jardin"),
        (f"pilote={cast.landlord.pk}", "Un jardin"),
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
