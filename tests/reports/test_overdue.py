"""What is late, by organisation, and reminding them."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices.models import Message as OutboxMessage
from parvis.notices.outbox import send_due
from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.models import Part, Report
from parvis.reports.overdue import late_parts
from tests.cast import IN_RAISMES, IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed, only_part, sent_to

LATE = "/en-retard/"
TODAY = timezone.localdate()


def late(days: int = 3, **given: Any) -> Report:
    """A report whose only part was awaited some days ago."""
    report = filed(**given).report
    Part.objects.filter(report=report).update(due_on=TODAY - timedelta(days=days))
    return report


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def page_of(client: Client, query: str = "") -> str:
    page = html.unescape(client.get(LATE + query).content.decode())
    return page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_board_s_figure_counts_the_parts_of_the_page(town: Cast, client: Client) -> None:
    late(), late(), late(place=at_point(IN_VALENCIENNES)), late(place=at_point(IN_RAISMES))
    filed()
    for person, number in ((town.claire, 3), (town.karim, 2), (town.luc, 0), (town.bruno, 1)):
        client.force_login(person)
        assert client.get("/a-traiter/").context["counts"]["late"] == number
        assert client.get(LATE).context["total"] == number
        assert late_parts(town.actor(person)).count() == number


def test_the_most_late_come_first_by_organisation(
    town: Cast, client: Client, claire: Actor
) -> None:
    recent, old = late(2), late(9)
    theirs = late(5)
    acts.give_part(only_part(theirs), actor=claire, organisation=town.landlord)
    Part.objects.filter(report=theirs).update(due_on=TODAY - timedelta(days=30))
    client.force_login(town.claire)
    page = page_of(client)
    places = [page.index(one.reference) for one in (theirs, old, recent)]
    assert places == sorted(places)
    assert page.index("Escaut Habitat") < page.index("Ville d’Anzin")
    assert "9 jours de retard" in page


def test_the_rest_of_an_organisation_is_one_click_away(town: Cast, client: Client) -> None:
    for _ in range(10):
        late()
    client.force_login(town.claire)
    assert "Voir 2 autres parts" in page_of(client)
    context = client.get(f"{LATE}?organisation={town.town.pk}").context
    assert len(context["groups"][0]["lines"]) == 10


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30])
def test_an_address_that_makes_no_sense_shows_all(town: Cast, client: Client, asked: str) -> None:
    late()
    client.force_login(town.claire)
    assert client.get(f"{LATE}?organisation={asked}").context["total"] == 1


def test_what_nobody_owns_is_listed_and_nobody_is_reminded(town: Cast, client: Client) -> None:
    report = late(place=at_point(IN_VALENCIENNES))
    client.force_login(town.claire)
    page = page_of(client)
    assert report.reference in page
    assert "Sans gestionnaire" in page
    assert "Relancer" not in page
    assert client.get(f"{LATE}?organisation=0").context["total"] == 1


def test_one_mail_reminds_of_all_and_once_a_day(town: Cast, client: Client) -> None:
    reports = [late(), late(5)]
    client.force_login(town.claire)
    assert "Relancer les 2 parts" in page_of(client)
    given = {"organisation": town.town.pk, "next": LATE}
    page = client.post(f"{LATE}relancer/", given, follow=True)
    assert "pour 2\N{NO-BREAK SPACE}parts en retard" in page.content.decode()
    assert "Relancer les" not in page_of(client)
    send_due(timezone.now() + timedelta(minutes=3))
    (mail,) = sent_to(town.town.email)
    assert all(report.reference in mail.body for report in reports)
    assert mail.body.index(reports[1].reference) < mail.body.index(reports[0].reference)
    client.post(f"{LATE}relancer/", given)
    assert OutboxMessage.objects.count() == 1


def test_a_reminder_of_all_is_taken_back(town: Cast, client: Client) -> None:
    late()
    client.force_login(town.claire)
    page = client.post(f"{LATE}relancer/", {"organisation": town.town.pk}, follow=True)
    token = page.context["told"]["token"]
    client.post("/signalements/lot/annuler/", {"token": token, "next": LATE})
    assert not OutboxMessage.objects.exists()
    assert Part.objects.get().chased_on is None


def test_a_neighbour_s_coordination_reminds_nobody_of_ours(town: Cast, client: Client) -> None:
    late()
    for person in (town.bruno, town.karim, town.luc):
        client.force_login(person)
        client.post(f"{LATE}relancer/", {"organisation": town.town.pk})
    assert not OutboxMessage.objects.exists()
    assert Part.objects.get().chased_on is None


def test_the_board_reminds_in_one_click_and_comes_back(town: Cast, client: Client) -> None:
    part = only_part(late())
    client.force_login(town.claire)
    page = client.get("/a-traiter/").content.decode()
    url = f"/parts/{part.pk}/relancer/"
    assert url in page
    answer = client.post(url, {"next": "/a-traiter/"})
    assert answer["Location"] == "/a-traiter/"
    assert url not in client.get("/a-traiter/").content.decode()
    client.force_login(town.karim)  # his own part: nothing to remind him of
    assert url not in client.get("/a-traiter/").content.decode()


def test_a_reminder_that_says_nothing_of_the_way_back_leads_to_the_report(
    town: Cast, client: Client
) -> None:
    report = late()
    client.force_login(town.claire)
    url = f"/parts/{only_part(report).pk}/relancer/"
    for asked in ("", "//ailleurs.test/", "javascript:alert(1)"):
        answer = client.post(url, {"next": asked})
        assert answer["Location"] == f"/signalements/{report.reference}/"


def test_the_page_asks_a_fixed_number_of_queries(town: Cast, client: Client) -> None:
    client.force_login(town.claire)

    def ask(number: int) -> int:
        for _ in range(number):
            late()
        client.get(LATE)
        with counted() as queries:
            client.get(LATE)
        return len(queries)

    assert ask(2) == ask(30) <= 6
