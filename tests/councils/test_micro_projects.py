"""Small projects of residents: who decides, ceilings, sums to the cent, the action made once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from parvis.actions.models import Action
from parvis.councils import micro_acts as acts
from parvis.councils import micro_money as money
from parvis.councils.models import Body, MicroExpense, MicroProject, Proposition
from parvis.councils.proposition_acts import withdraw_proposition
from parvis.councils.workflow import MicroState as State
from parvis.councils.workflow import PropositionState
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.partners.rights import Refused
from parvis.thread.models import Link
from parvis.thread.register import kind_of
from tests.actions.scene import plan
from tests.cast import Cast
from tests.councils.proposition_scene import (
    EMAIL,
    a_project,
    an_expense,
    granted,
    published,
    submitted,
)
from tests.councils.scene import a_body, other_body

PROJECTS = "/participation/projets/"
CENTS = some.decimals("0.01", "400.00", places=2)


@pytest.fixture
def body(cast: Cast) -> Body:
    """The conseil citoyen des Rives."""
    return a_body(cast)


def signed_in(person: Any) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(person)
    return client


def test_what_a_body_prepares_is_read_by_the_body_alone(cast: Cast, body: Body) -> None:
    project = a_project(cast, body, proposition=published(cast))
    for person in (cast.claire, cast.karim, cast.lila, cast.bruno, cast.nadia, cast.theo):
        assert signed_in(person).get(f"{PROJECTS}{project.pk}/").status_code == 404
        assert (
            "Fête"
            not in signed_in(person).get(f"/participation/{body.pk}/budget/").content.decode()
        )
    assert signed_in(cast.hugo).get(f"{PROJECTS}{project.pk}/").status_code == 200
    assert not Link.objects.exists()
    assert kind_of("micro_project").due(cast.actor(cast.karim)).count() == 0  # type: ignore[misc]


def test_a_member_writes_a_project_and_who_animates_sends_it(cast: Cast, body: Body) -> None:
    project = a_project(cast, body)
    there = f"{PROJECTS}{project.pk}/"
    client = signed_in(cast.hugo)
    assert client.get(f"{there}modifier/").status_code == 200
    for leaving in ("presenter", "abandonner", "bilan"):
        assert client.post(f"{there}{leaving}/", {"account": "Fait."}).status_code == 403, leaving
    assert "Qui anime votre instance" in client.get(there).text
    signed_in(cast.yasmine).post(f"{there}presenter/")
    project.refresh_from_db()
    assert project.state == State.SUBMITTED


@pytest.mark.parametrize("who", ["nadia", "bruno", "lila", "claire", "sofia", "yasmine", "luc"])
def test_only_the_committee_that_pays_decides(cast: Cast, body: Body, who: str) -> None:
    project = submitted(cast, body)
    seen = who in ("sofia", "yasmine")  # of the town, and of the body
    answer = signed_in(getattr(cast, who)).post(
        f"{PROJECTS}{project.pk}/decider/",
        {"decision": "grant", "granted": "500", "decided_on": "2026-03-02"},
    )
    assert answer.status_code == (403 if seen else 404)
    project.refresh_from_db()
    assert project.state == State.SUBMITTED


def test_the_committee_grants_everybody_reads_it_and_the_author_is_told(
    cast: Cast, body: Body
) -> None:
    source = published(cast)
    project = submitted(cast, body, proposition=source)
    due = kind_of("micro_project").due(cast.actor(cast.karim)).get()  # type: ignore[misc]
    assert due[5] == Decimal("600.00")
    assert Client().get(f"{PROJECTS}{project.pk}/").status_code == 404
    signed_in(cast.karim).post(
        f"{PROJECTS}{project.pk}/decider/",
        {"decision": "grant", "granted": "450,50", "decided_on": "2026-03-02"},
    )
    page = Client().get(f"{PROJECTS}{project.pk}/").content.decode()
    assert "450,50" in page
    source.refresh_from_db()
    assert source.state == PropositionState.PROJECT
    link = Link.objects.get()
    assert (link.source_kind, link.target_kind) == ("proposition", "micro_project")
    assert Envelope.objects.filter(
        address=EMAIL, message__event__startswith="proposition.granted"
    ).exists()


def test_a_refusal_says_why_and_the_body_takes_it_up_again(cast: Cast, body: Body) -> None:
    project = submitted(cast, body, proposition=published(cast))
    karim = cast.actor(cast.karim)
    with pytest.raises(ValidationError, match="pourquoi"):
        acts.refuse_project(project, actor=karim, decided_on=date(2026, 3, 2), reason=" ")
    acts.refuse_project(project, actor=karim, decided_on=date(2026, 3, 2), reason="Trop tard.")
    assert "Trop tard." in Envelope.objects.latest("message_id").text
    assert Client().get(f"{PROJECTS}{project.pk}/").status_code == 404
    acts.change_project(project, asked=Decimal("300.00"))
    # A draft again: the committee does not read what the body is writing.
    assert signed_in(cast.karim).get(f"{PROJECTS}{project.pk}/").status_code == 404


def test_a_fund_keeps_its_ceiling_in_words(cast: Cast, body: Body) -> None:
    with pytest.raises(ValidationError, match="au plus par projet"):
        a_project(cast, body, asked=Decimal("1000.01"))
    project = submitted(cast, body, asked=Decimal("1000.00"))
    grant = {"actor": cast.actor(cast.karim), "decided_on": date(2026, 3, 2), "reason": "Oui."}
    with pytest.raises(ValidationError, match="au plus par projet"):
        acts.grant_project(project, granted=Decimal("1000.01"), **grant)
    assert a_project(cast, body, fund="fondation", asked=Decimal("1000.01")).pk


def test_more_than_was_asked_needs_its_reason(cast: Cast, body: Body) -> None:
    project = submitted(cast, body)
    grant = {"actor": cast.actor(cast.karim), "decided_on": date(2026, 3, 2)}
    with pytest.raises(ValidationError, match="dites pourquoi"):
        acts.grant_project(project, granted=Decimal("600.01"), **grant)
    made = acts.grant_project(
        project, granted=Decimal("600.01"), reason="Un banc de plus.", **grant
    )
    assert made.state == State.GRANTED
    with pytest.raises(Refused):
        acts.grant_project(project, granted=Decimal("10.00"), **grant)


def test_another_body_pays_nothing(cast: Cast, body: Body) -> None:
    other_body(cast)
    with pytest.raises(ValidationError, match="autre instance"):
        a_project(cast, body, payer=cast.other_council)
    assert a_project(cast, body, payer=cast.council, fund="budget_instance").pk


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=some.lists(CENTS, max_size=6))
def test_what_is_spent_never_passes_what_was_granted_to_the_cent(
    cast: Cast, amounts: list[Decimal]
) -> None:
    body = Body.objects.first() or a_body(cast)
    project = granted(cast, body)
    kept = Decimal(0)
    for amount in amounts:
        if kept + amount <= Decimal("500.00"):
            acts.add_expense(project, label="x", amount=amount, spent_on=date(2026, 4, 1))
            kept += amount
        else:
            with pytest.raises(ValidationError, match="Il reste"):
                acts.add_expense(project, label="x", amount=amount, spent_on=date(2026, 4, 1))
    assert money.spent_of(project) == kept
    left = Decimal("500.00") - kept
    assert money.left_of(project) == left
    with pytest.raises(ValidationError, match="Il reste"):
        acts.add_expense(
            project, label="x", amount=left + Decimal("0.01"), spent_on=date(2026, 4, 1)
        )
    if left:
        acts.add_expense(project, label="x", amount=left, spent_on=date(2026, 4, 1))
    assert money.left_of(project) == 0
    MicroExpense.objects.all().delete()
    MicroProject.objects.all().delete()


def test_the_budget_counts_by_year_and_fund_and_the_sums_agree(cast: Cast, body: Body) -> None:
    an_expense(granted(cast, body, "500.00"), "120.50")
    an_expense(granted(cast, body, "200.10", asked=Decimal("200.10")), "0.10")
    granted(cast, body, "900.00", fund="fondation", asked=Decimal("900.00"))
    a_project(cast, body)
    lines = {(one.year, one.fund): one for one in money.budget_of(body)}
    first = lines[2026, "fph"]
    assert (first.projects, first.granted, first.spent) == (2, Decimal("700.10"), Decimal("120.60"))
    assert first.left == Decimal("579.50")
    assert money.total_of(lines.values()).left == Decimal("1479.50")
    assert "1 479,50" in Client().get(f"/participation/{body.pk}/budget/").content.decode().replace(
        "\u202f", " "
    ).replace("\u00a0", " ")


def test_a_voucher_is_for_the_body_and_who_pays(cast: Cast, body: Body) -> None:
    project = granted(cast, body)
    there = f"{PROJECTS}{project.pk}/depenses/"
    client = signed_in(cast.hugo)
    fields = {"label": "Bois", "amount": "12,50", "spent_on": "2026-04-01"}
    wrong = SimpleUploadedFile("facture.pdf", b"GIF89a")
    assert "abîmé" in client.post(f"{there}ajouter/", {**fields, "voucher": wrong}).content.decode()
    right = SimpleUploadedFile("facture.pdf", b"%PDF-1.7 essai")
    client.post(f"{there}ajouter/", {**fields, "voucher": right})
    file = f"{there}{MicroExpense.objects.get().pk}/justificatif/"
    for person in (cast.hugo, cast.sofia):
        assert signed_in(person).get(file).status_code == 200
    for person in (cast.lila, cast.nadia, cast.claire, cast.theo):
        assert signed_in(person).get(file).status_code == 403
    assert Client().get(file).status_code == 403
    assert signed_in(cast.sofia).post(f"{there}ajouter/", fields).status_code == 403


def test_a_granted_project_becomes_one_action_of_a_plan(cast: Cast, body: Body) -> None:
    found = plan(cast, organiser=cast.town)
    project = granted(cast, body)
    client = signed_in(cast.karim)
    for _ in range(2):
        client.post(f"{PROJECTS}{project.pk}/plan/", {"plan": found.pk})
    again = acts.follow_in_plan(project, found, actor=cast.actor(cast.karim))
    assert Action.objects.get() == again
    assert Link.objects.filter(source_kind="micro_project", target_kind="action").count() == 1


def test_a_plan_of_others_or_of_another_quartier_is_not_offered(cast: Cast, body: Body) -> None:
    elsewhere = plan(cast, organiser=cast.town, quartiers=[cast.faubourg])
    others = plan(cast)
    project = granted(cast, body)
    for one in (elsewhere, others):
        signed_in(cast.karim).post(f"{PROJECTS}{project.pk}/plan/", {"plan": one.pk})
    assert not Action.objects.exists()


def test_ending_it_says_what_was_done_and_tells_who_proposed(cast: Cast, body: Body) -> None:
    project = granted(cast, body, proposition=published(cast))
    signed_in(cast.yasmine).post(
        f"{PROJECTS}{project.pk}/bilan/", {"account": "Trois bancs posés."}
    )
    assert "Trois bancs posés." in Client().get(f"{PROJECTS}{project.pk}/").content.decode()
    assert "Trois bancs posés." in Envelope.objects.latest("message_id").text
    with pytest.raises(Refused):
        acts.add_expense(project, label="x", amount=Decimal(1), spent_on=date(2026, 4, 1))


def test_a_proposition_has_one_project_and_its_body_alone_makes_it(cast: Cast, body: Body) -> None:
    source = published(cast)
    other = other_body(cast)
    with pytest.raises(Refused):
        a_project(cast, other, proposition=source)
    first = a_project(cast, body, proposition=source)
    with pytest.raises(Refused):
        a_project(cast, body, proposition=source)
    acts.drop_project(first, actor=cast.actor(cast.yasmine))
    assert a_project(cast, body, proposition=source).pk
    page = signed_in(cast.lila).get(f"/participation/{body.pk}/projets/nouveau/")
    assert page.status_code == 403


def test_a_day_to_come_is_not_a_day_of_decision_nor_of_expense(cast: Cast, body: Body) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    project = submitted(cast, body)
    karim = cast.actor(cast.karim)
    with pytest.raises(ValidationError, match="à venir"):
        acts.grant_project(project, actor=karim, granted=Decimal(5), decided_on=tomorrow)
    done = granted(cast, body)
    with pytest.raises(ValidationError, match="à venir"):
        acts.add_expense(done, label="x", amount=Decimal(5), spent_on=tomorrow)


def test_the_author_of_a_project_leaves_and_the_project_goes_on(cast: Cast, body: Body) -> None:
    source = published(cast)
    granted(cast, body, proposition=source)
    withdraw_proposition(source, actor=NOBODY)
    source = Proposition.objects.get(pk=source.pk)
    assert source.state == PropositionState.PROJECT
    assert not hasattr(source, "contact")


@pytest.mark.parametrize("count", [10, 1000])
def test_the_budget_asks_as_much_for_ten_projects_as_for_a_thousand(
    cast: Cast, body: Body, django_assert_num_queries: Any, count: int
) -> None:
    MicroProject.objects.bulk_create(
        MicroProject(
            body=body,
            title=f"Projet {number}",
            text="Essai",
            carried_by="Essai",
            fund="fph",
            payer=cast.town,
            asked=Decimal("10.00"),
            granted=Decimal("0.10"),
            decided_on=date(2026, 3, 2),
            state=State.GRANTED,
            written_at=timezone.now(),
        )
        for number in range(count)
    )
    # The body, its sums, the page of what was granted, the rest.
    with django_assert_num_queries(4):
        page = Client().get(f"/participation/{body.pk}/budget/").content.decode()
    assert ("Voir la suite" in page) == (count > 20)
    assert money.total_of(money.budget_of(body)).granted == Decimal("0.10") * count
