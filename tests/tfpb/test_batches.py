"""Programmes that move together on one decision; those that may not say why."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from parvis.meetings import acts
from parvis.meetings.models import Decision
from parvis.notices.models import Envelope
from parvis.tfpb import batch
from parvis.tfpb.models import Passage, Programme
from parvis.thread.models import Link
from parvis.thread.reading import thread_of
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.circuit_scene import a_decision, a_draft, a_sent_one, a_sitting, standing
from tests.tfpb.scene import a_convention, a_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(cast: Cast) -> list[Programme]:
    """Three sheets in analysis, one that is only sent."""
    convention = a_convention(cast)
    year = a_draft(cast, convention=convention).year
    more = [a_draft(cast, convention=convention, year=year - number) for number in (1, 2)]
    waiting = [standing(one, "analysed") for one in [*Programme.objects.order_by("pk")]]
    assert len(waiting) == 1 + len(more)
    return [*waiting, a_sent_one(cast, convention=convention, year=year + 1)]


def test_one_decision_moves_them_and_is_the_proof_of_each(
    cast: Cast, sheets: list[Programme]
) -> None:
    claire, decision = cast.actor(cast.claire), a_decision(cast)
    Envelope.objects.all().delete()
    done = batch.move_programmes(sheets, "arbitrate", actor=claire, decision=decision)
    assert [one.pk for one in done.moved] == [one.pk for one in sheets[:3]]
    assert [one.pk for one, _ in done.left] == [sheets[3].pk]
    why = done.left[0][1].replace("\u00a0", " ")
    assert why == "Ce programme est « transmis » : cette étape part de « en analyse »."
    assert set(Passage.objects.filter(new="arbitrated").values_list("decision", flat=True)) == {
        decision.pk
    }
    proofs = Link.objects.filter(source_kind="decision", source_id=decision.pk)
    assert {one.target_id for one in proofs} == {one.pk for one in sheets[:3]}
    sheets[3].refresh_from_db()
    assert sheets[3].state == "sent"
    # One message for each person, whatever the number of sheets.
    told = Envelope.objects.get(address="luc@exemple.test")
    assert told.subject == "3 programmes TFPB : arbitré en COTECH"
    assert not Envelope.objects.filter(address="claire@exemple.test").exists()


def test_the_page_foresees_then_moves_those_that_are_ticked(
    cast: Cast, sheets: list[Programme], client: Client
) -> None:
    decision = a_decision(cast)
    client.force_login(cast.claire)
    url = f"/tfpb/lots/?etape=arbitrate&bailleur={cast.landlord.pk}"
    page = client.get(url)
    assert {one["pk"] for one in page.context["seen"]["moved"]} == {one.pk for one in sheets[:3]}
    assert [one["pk"] for one in page.context["seen"]["left"]] == [sheets[3].pk]
    ticked = [sheets[0].pk, sheets[3].pk]
    refused = client.post(url, {"programmes": ticked})
    assert "decision" in refused.context["form"].errors
    page = client.post(url, {"programmes": ticked, "decision": decision.pk})
    assert [one["pk"] for one in page.context["done"]["moved"]] == [sheets[0].pk]
    assert [one["pk"] for one in page.context["done"]["left"]] == [sheets[3].pk]
    assert Programme.objects.filter(state="arbitrated").count() == 1


def test_the_agenda_of_a_sitting_chooses_its_sheets_and_its_decisions(
    cast: Cast, sheets: list[Programme], client: Client
) -> None:
    claire, sitting = cast.actor(cast.claire), a_sitting(cast)
    acts.add_things(sitting, [("tfpb_programme", sheets[1].pk)], actor=claire)
    here = acts.decide(sitting, actor=claire, text="Le programme est retenu")
    client.force_login(cast.claire)
    page = client.get(f"/tfpb/lots/?etape=arbitrate&seance={sitting.pk}")
    assert [one["pk"] for one in page.context["seen"]["moved"]] == [sheets[1].pk]
    assert list(page.context["form"].fields["decision"].queryset) == [here]


def test_a_batch_of_a_neighbour_holds_nothing_of_ours(
    cast: Cast, sheets: list[Programme], client: Client
) -> None:
    client.force_login(cast.bruno)
    page = client.get("/tfpb/lots/?etape=arbitrate")
    assert page.context["seen"] == {"moved": [], "left": []}
    client.force_login(cast.karim)
    assert client.get("/tfpb/lots/").status_code == 403


def test_a_decision_on_the_agenda_moves_its_programme_on_the_spot(
    cast: Cast, sheets: list[Programme]
) -> None:
    claire, sitting = cast.actor(cast.claire), a_sitting(cast)
    acts.add_things(sitting, [("tfpb_programme", sheets[0].pk)], actor=claire)
    item = sitting.items.get(thing_kind="tfpb_programme")

    def decide(making: str) -> Decision:
        return acts.decide(
            sitting,
            actor=claire,
            text="Le programme est retenu",
            item=item,
            organisation=cast.landlord,
            making=making,
        )

    with pytest.raises(ValidationError, match="cette étape part de"):
        decide("tfpb_validate")
    assert not Decision.objects.exists()  # all or nothing
    decision = decide("tfpb_arbitrate")
    sheets[0].refresh_from_db()
    assert sheets[0].state == "arbitrated"
    assert Passage.objects.get(programme=sheets[0], new="arbitrated").decision == decision
    fil = thread_of(claire, "tfpb_programme", sheets[0].pk)
    assert {one.kind for one in fil} == {"sitting", "decision", "tfpb_programme"}
    assert len(fil) == 3
    with pytest.raises(ValidationError, match="arbitré en COTECH"):
        decide("tfpb_arbitrate")


def test_foreseeing_asks_as_many_queries_for_many_sheets(cast: Cast, client: Client) -> None:
    convention = a_convention(cast, signed=False)
    client.force_login(cast.claire)

    def asked(many: int) -> int:
        known = Programme.objects.count()
        for number in range(known, known + many):
            a_programme(cast, convention=convention, year=1900 + number, state="annexed")
        with counted() as queries:
            page: Any = client.get("/tfpb/lots/?etape=start")
        assert "Ville d’Anzin" in page.context["seen"]["left"][0]["why"]
        return len(queries)

    asked(1)
    assert asked(3) == asked(50)
