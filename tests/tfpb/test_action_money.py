"""The abatement's share of an action: the sum of its lines, read there, counted once."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from parvis.actions import acts as action_acts
from parvis.actions.events import cost_of
from parvis.actions.models import Action
from parvis.actions.views.papers import fiche_data
from parvis.partners.actors import NOBODY
from parvis.tfpb.models import Programme
from parvis.thread.register import paid_for
from tests.actions.scene import fiche, funding, plan
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible
from tests.figures.counting import counted
from tests.tfpb.scene import a_line, a_programme, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(cast: Cast) -> Action:
    """An action of 12 000 € typed (8 000 + 4 000) that two sent lines pay for too: 9 000 + 500."""
    action = fiche(cast)
    programme = a_programme(cast, state="running")
    spent(a_line(programme, action=action), "3000.00")
    a_line(programme, action=action, valued=Decimal("500.00"))
    return action


def test_the_share_is_the_sum_of_the_lines(cast: Cast, paid: Action, client: Client) -> None:
    client.force_login(cast.claire)
    context = client.get(reverse("actions:action", args=[paid.pk])).context
    (one,) = context["paid"]
    assert (one["label"], one["money"].who) == ("abattement de TFPB", "Escaut Habitat")
    assert (one["money"].planned, one["money"].spent) == (Decimal(9500), Decimal(3000))
    assert context["totals"]["granted"] == Decimal("21500.00")
    assert context["totals"]["spent"] == Decimal("10500.00")
    plan = client.get(reverse("actions:plan", args=[paid.plan_id])).context
    assert plan["totals"]["granted"] == Decimal("21500.00")


def test_each_reader_counts_the_lines_that_it_sees(cast: Cast, paid: Action) -> None:
    def planned(actor: Any) -> Any:
        found = paid_for(actor, "action", [paid.pk])
        return found[paid.pk][0][1].planned if found else None

    luc, karim, paul = (cast.actor(who) for who in (cast.luc, cast.karim, cast.paul))
    assert [planned(one) for one in (luc, karim, paul, NOBODY)] == [9500, 9500, None, None]
    Programme.objects.update(state="draft")
    assert [planned(one) for one in (luc, karim)] == [9500, None]
    assert cost_of(paid, NOBODY) == Decimal("7500.00")
    Programme.objects.update(state="closed", published_at=timezone.now())
    assert planned(NOBODY) == 9500
    assert cost_of(paid, NOBODY) == Decimal("10500.00")


def test_the_table_and_the_paper_tell_it_and_the_table_comes_back_unchanged(
    cast: Cast, paid: Action, client: Client
) -> None:
    claire = cast.actor(cast.claire)
    client.force_login(cast.claire)
    answer = client.get(reverse("actions:export", args=[paid.plan_id, "xlsx"]))
    content = b"".join(answer.streaming_content)
    head, row = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert told["Abattement de TFPB, prévu"] == 9500
    assert told["Abattement de TFPB, dépensé"] == 3000
    file = BytesIO(content)
    file.name = "plan.xlsx"
    url = reverse("actions:import", args=[paid.plan_id])
    outcome = client.post(url, {"file": file}).context["outcome"]
    assert (outcome.faults, outcome.same) == ([], 1)
    told = fiche_data(paid, partner=True, paid=paid_for(claire, "action", [paid.pk])[paid.pk])
    assert told["fundings"][-1] == [
        *("Escaut Habitat", "abattement de TFPB", ""),
        *("9\u202f500,00\u202f€", "3\u202f000,00\u202f€", ""),
    ]
    assert_accessible(client.get(reverse("actions:action_pdf", args=[paid.pk])).content)


def test_it_is_never_typed(cast: Cast, paid: Action) -> None:
    record = {"fundings": [funding(cast.landlord.pk, "tfpb", granted="1.00")]}
    with pytest.raises(ValidationError, match="liste"):
        action_acts.write_action(paid, record, actor=cast.actor(cast.claire), version=paid.version)


def test_a_plan_asks_as_many_queries_with_many_lines(cast: Cast, paid: Action) -> None:
    claire = cast.actor(cast.claire)
    asked = []
    for _ in range(2):
        with counted() as queries:
            paid_for(claire, "action", [paid.pk])
        asked.append(len(queries))
        for number in range(20):
            a_line(Programme.objects.get(), action=paid, title=f"Ligne {number}")
    assert asked == [3, 3]


def test_a_line_pays_for_an_open_action_of_its_own_quartier_alone(
    cast: Cast, client: Client
) -> None:
    line = a_line(a_programme(cast))
    elsewhere = fiche(cast, plan(cast, quartiers=[cast.faubourg]), quartiers=[cast.faubourg.pk])
    action_acts.publish_action(elsewhere, actor=cast.actor(cast.claire), shown=True)
    client.force_login(cast.luc)
    url = reverse("tfpb:line_action", args=[line.pk])
    for chosen in (str(elsewhere.pk), "licorne", "9" * 20):
        client.post(url, {"action": chosen})
        line.refresh_from_db()
        assert line.action is None
