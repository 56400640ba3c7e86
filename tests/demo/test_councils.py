"""The two bodies of participation of the demonstration: both regimes, what they said, and what they
were answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.councils.draw_record import canonical, read_record
from parvis.councils.models import (
    Body,
    Draw,
    DrawnContact,
    Frame,
    ListedPerson,
    Member,
    MicroProject,
    Opinion,
    OpinionRequest,
    Preparation,
    Proposition,
    Referent,
    Term,
)
from parvis.partners.actors import NOBODY
from parvis.works.models import RenewalProject

pytestmark = pytest.mark.usefixtures("demo")


def body(name: str) -> Body:
    return Body.objects.get(organisation__name__startswith=name)


def test_a_council_of_2016_was_drawn_and_its_record_still_holds() -> None:
    council = body("Conseil citoyen")
    assert council.regime == "2014"
    draw = Draw.objects.get(body=council)
    assert read_record(canonical(draw.record)).panel
    assert draw.destroyed_at
    assert not ListedPerson.objects.exists()
    assert not DrawnContact.objects.exists()
    residents = Member.objects.filter(body=council, origin="tirage")
    assert residents.count() == 8
    assert sorted(residents.values_list("sex", flat=True)) == ["F"] * 4 + ["H"] * 4
    assert set(Term.objects.filter(member__in=residents).values_list("regime", flat=True)) == {
        "2014"
    }


def test_a_table_of_2025_knows_nothing_of_draws(client: Client) -> None:
    table = body("Table de quartier")
    assert table.regime == "2024"
    assert not table.draws.exists()
    assert "tirage" not in client.get(f"/participation/{table.pk}/").content.decode().lower()


def test_fourteen_opinions_three_of_them_unanswered() -> None:
    assert Opinion.objects.visible_to(NOBODY).count() == 14
    assert Opinion.objects.unanswered().count() == 3
    late = [one for one in Opinion.objects.unanswered() if one.late_on(timezone.localdate())]
    assert len(late) == 2
    assert OpinionRequest.objects.count() == 6


def test_both_projects_have_their_referents() -> None:
    held = Referent.objects.on(timezone.localdate())
    for project in RenewalProject.objects.all():
        assert held.filter(project=project, substitute=False).exists()
        assert held.filter(project=project, substitute=True).exists()


def test_residents_propose_and_are_granted_small_budgets() -> None:
    assert Proposition.objects.visible_to(NOBODY).count() == 6
    assert Proposition.objects.filter(state="to_review").count() == 1
    projects = MicroProject.objects.order_by("asked")
    assert [one.state for one in projects] == ["done", "granted"]
    assert all(one.action for one in projects)


def test_a_frame_is_in_force_and_a_sitting_was_told_back() -> None:
    assert Frame.objects.visible_to(NOBODY).get().articles.count() == 4
    assert Preparation.objects.visible_to(NOBODY).count() == 1


@pytest.mark.parametrize(
    "page",
    [
        "/participation/",
        "/participation/avis/",
        "/participation/propositions/",
        "/participation/referents/",
        "/participation/seances/",
        "/participation/cadre/",
    ],
)
def test_everybody_reads_them(
    client: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        assert client.get(page).status_code == 200


def test_everybody_whom_it_names_is_invented() -> None:
    named = Member.objects.select_related("contact").filter(contact__isnull=False)
    assert all("(fict" in one.name for one in named)
