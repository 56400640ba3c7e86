"""The projet de gestion: asked by the règlement, complete or not, annexed as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.works.acts import management as acts
from parvis.works.models import GroundChange, ManagementAnnex, ManagementPart, RenewalProject
from parvis.works.project_management import (
    editions,
    ground_rows,
    ground_totals,
    missing_parts,
    uninvolved,
)
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible
from tests.works.project_scene import complete
from tests.works.scene import a_project, day


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_the_reglement_of_2014_asks_for_five_parts_and_later_ones_are_not_confirmed() -> None:
    assert len(editions()["anru-2014"].asks) == 5
    assert editions()["anru-2014"].confirmed
    assert not editions()["anru-2018"].confirmed


def test_parts_that_are_not_confirmed_are_said_so(cast: Cast, client: Client) -> None:
    project = a_project(cast, rules="anru-2018")
    client.force_login(cast.claire)
    words = client.get(reverse("works:management", args=[project.pk])).content.decode()
    assert "parties à confirmer" in words


def test_what_lacks_is_what_is_not_finished(cast: Cast) -> None:
    claire, project = cast.actor(cast.claire), a_project(cast)
    assert len(missing_parts(project)) == 5
    acts.write_part(project, "pilotage", actor=claire, version=0, text="Un comité.", done_on=None)
    assert len(missing_parts(project)) == 5  # begun is not finished
    complete(cast, project, but="pilotage")
    assert [one.code for one in missing_parts(project)] == ["pilotage"]
    acts.write_part(project, "pilotage", actor=claire, version=1, text="Un comité.", done_on=day())
    assert missing_parts(project) == []


def test_an_incomplete_one_is_not_annexed_and_what_lacks_is_said(
    cast: Cast, client: Client
) -> None:
    project = a_project(cast)
    complete(cast, project, but="habitants")
    client.force_login(cast.claire)
    url = reverse("works:annex_management", args=[project.pk])
    words = client.post(url, {"annexed_on": day().isoformat()}).content.decode()
    assert "Il manque : Participation des habitants." in words
    assert "4 sur 5" in words.replace("\xa0", " ").replace("&nbsp;", " ")
    project.refresh_from_db()
    assert project.annexed_on is None
    assert not ManagementAnnex.objects.exists()


def test_it_is_annexed_as_it_was_that_day_and_everybody_reads_it(
    cast: Cast, client: Client
) -> None:
    claire, project = cast.actor(cast.claire), a_project(cast)
    complete(cast, project)
    annex = acts.annex_management(project, actor=claire, annexed_on=day(-1))
    with annex.file.open("rb") as file:
        before = file.read()
    assert_accessible(before)
    acts.write_part(project, "habitants", actor=claire, version=1, text="Autrement.", done_on=day())
    url = reverse("works:annex", args=[project.pk, annex.pk])
    assert b"".join(client.get(url).streaming_content) == before  # type: ignore[attr-defined]
    assert f"{url}" in client.get(reverse("works:project", args=[project.pk])).content.decode()
    RenewalProject.objects.update(published_at=None)
    assert client.get(url).status_code == 404
    project.refresh_from_db()
    assert project.annexed_on == day(-1)


def test_drafts_are_for_those_who_follow_the_project(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    for name in ("management", "management_pdf"):
        url = reverse(f"works:{name}", args=[project.pk])
        client.logout()
        assert client.get(url).status_code == 302
        client.force_login(cast.paul)
        assert client.get(url).status_code == 403
        client.force_login(cast.luc)
        assert client.get(url).status_code == 200
    client.force_login(cast.luc)
    url = reverse("works:management_part", args=[project.pk, "habitants"])
    assert client.get(url).status_code == 403  # a partner reads, the carrier writes


def test_who_writes_second_sees_both_texts_and_loses_nothing(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    client.force_login(cast.claire)
    url = reverse("works:management_part", args=[project.pk, "habitants"])
    client.post(url, {"version": 0, "text": "Le premier texte.", "done_on": day(-1)})
    answer = client.post(url, {"version": 0, "text": "Le second texte.", "done_on": ""})
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Le premier texte." in words
    assert "Le second texte." in words
    part = ManagementPart.objects.get()
    assert (part.text, part.version) == ("Le premier texte.", 1)
    client.post(url, {"version": 1, "text": "Le second texte.", "done_on": ""})
    part.refresh_from_db()
    assert (part.text, part.version, part.done_on) == ("Le second texte.", 2, None)


def test_a_finished_part_says_something(cast: Cast) -> None:
    project, claire = a_project(cast), cast.actor(cast.claire)
    with pytest.raises(ValidationError, match="Écrivez cette partie"):
        acts.write_part(project, "habitants", actor=claire, version=0, text=" ", done_on=day())
    with pytest.raises(ValidationError, match="ne demande pas"):
        acts.write_part(project, "autre", actor=claire, version=0, text="Oui.", done_on=None)


def test_costs_before_and_after_are_summed_and_their_difference_signed(cast: Cast) -> None:
    project, claire = a_project(cast), cast.actor(cast.claire)
    for name, before, after in (("A", 100, 150), ("B", 300, 120), ("C", 40, None)):
        acts.write_ground(
            project,
            actor=claire,
            name=name,
            cost_before=Decimal(before),
            cost_after=None if after is None else Decimal(after),
        )
    rows = ground_rows(project.grounds.all())
    assert [row.difference for row in rows] == [Decimal(50), Decimal(-180), None]
    totals = ground_totals(rows)
    assert (totals["before"], totals["after"]) == (Decimal(440), Decimal(270))
    assert (totals["difference"], totals["unknown"]) == (Decimal(-130), 1)


def test_a_change_of_charges_without_residents_is_said(cast: Cast, client: Client) -> None:
    project, claire = a_project(cast), cast.actor(cast.claire)
    acts.write_ground(project, actor=claire, name="Parking", changes_charges=True)
    other = acts.write_ground(
        project, actor=claire, name="Cour", changes_charges=True, involved_on=day(-3)
    )
    acts.write_ground(project, actor=claire, name="Rue")
    assert [one.name for one in uninvolved(project.grounds.all())] == ["Parking"]
    client.force_login(cast.luc)
    words = client.get(reverse("works:management", args=[project.pk])).content.decode()
    assert "comment les habitants ont été associés" in words
    acts.write_ground(
        project, GroundChange.objects.get(name="Parking"), actor=claire, involved_on=day(-1)
    )
    assert uninvolved(project.grounds.all()) == []
    assert other.involved_on == day(-3)


def test_a_change_that_stands_in_who_manages_what_is_not_rewritten(cast: Cast) -> None:
    project, claire = a_project(cast), cast.actor(cast.claire)
    ground = acts.write_ground(project, actor=claire, name="Square")
    GroundChange.objects.update(applied_at=timezone.now())
    with pytest.raises(ValidationError, match="déjà écrit"):
        acts.write_ground(project, ground, actor=claire, name="Autre")


def test_the_paper_of_today_is_accessible_with_many_grounds(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    complete(cast, project, but="pilotage")
    GroundChange.objects.bulk_create(
        GroundChange(
            project=project,
            name=f"Espace #{number} *gras*",
            manager_before=cast.landlord,
            owner_after=cast.town,
            manager_after=cast.town,
            cost_before=Decimal(10),
            changes_charges=number % 2 == 0,
        )
        for number in range(60)
    )
    client.force_login(cast.luc)
    answer = client.get(reverse("works:management_pdf", args=[project.pk]))
    assert_accessible(answer.content)
