"""What is checked from a stop: things near it are proposed, ticked in one batch, taken off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.reports.models import Report
from parvis.walks import planning
from parvis.walks.models import Check, Stop, Walk
from parvis.walks.prepare_proposals import distances, line_of
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed
from tests.walks.checking import checkable_findings, checkable_reports
from tests.walks.scene import a_check, a_walk, answered, called, first_stop, found, walked

__all__ = ["checkable_findings", "checkable_reports"]
NORTH = (IN_ANZIN[0] + 0.001, IN_ANZIN[1])  # 111 m north of the first stop
FAR = (IN_ANZIN[0] - 0.004, IN_ANZIN[1])  # 445 m south of it


def proposed(client: Client, stop: Stop, **asked: str) -> str:
    url = reverse("walks:proposals", args=[stop.walk_id, stop.pk])
    return client.get(url, asked).content.decode()


def ask(client: Client, stop: Stop, *things: str) -> str:
    url = reverse("walks:ask", args=[stop.walk_id, stop.pk])
    return client.post(url, {"things": things}, follow=True).content.decode()


def thing(report: Report) -> str:
    return f"report:{report.pk}"


def test_distances_are_metres_to_the_point_or_to_the_way() -> None:
    points = {("report", 1): NORTH, ("report", 2): FAR}
    assert distances(points, [IN_ANZIN]) == {("report", 1): 111, ("report", 2): 445}
    way = [(IN_ANZIN[0], IN_ANZIN[1] - 0.01), (IN_ANZIN[0], IN_ANZIN[1] + 0.01)]
    assert distances(points, way)[("report", 1)] == 111
    assert distances(points, []) == {}
    assert distances({}, way) == {}


def test_the_way_is_the_route_or_else_from_stop_to_stop(cast: Cast) -> None:
    stops = list(a_walk(cast).stops.all())
    assert line_of(stops, None)[0] == IN_ANZIN
    assert line_of(stops, {"coordinates": [[3.5, 50.3], [3.6, 50.4]]}) == [(50.3, 3.5), (50.4, 3.6)]


@pytest.mark.usefixtures("checkable_reports")
def test_what_is_near_comes_first_with_its_metres(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    nearer = (IN_ANZIN[0] + 0.0005, IN_ANZIN[1])
    reports = [filed(at_point(point)).report for point in (FAR, NORTH, nearer)]
    client.force_login(cast.claire)
    shown = proposed(client, stop)
    far, near, nearest = (shown.index(f'value="{thing(one)}"') for one in reports)
    assert nearest < near < far
    assert "À 111\xa0m" in shown.replace("&nbsp;", "\xa0")
    assert "Signalements à moins de 200 m" in shown
    assert "Plus loin" in shown


@pytest.mark.usefixtures("checkable_reports")
def test_the_map_of_the_route_shows_what_lies_round_it(cast: Cast, client: Client) -> None:
    walk = a_walk(cast, stops=False)
    here, away = (filed(at_point(point)).report for point in (NORTH, IN_VALENCIENNES))
    client.force_login(cast.claire)
    url = reverse("walks:route", args=[walk.pk])
    assert len(client.get(url).context["dots"]) == 2  # no way yet: all of the quartier
    north, east = IN_ANZIN
    planning.add_stop(
        walk, actor=cast.actor(cast.claire), kind="rue", title="Rue", latitude=north, longitude=east
    )
    dots = client.get(url).context["dots"]
    assert [one["lat"] for one in dots] == [here.latitude] != [away.latitude]


@pytest.mark.usefixtures("checkable_reports")
def test_what_is_ticked_is_checked_in_one_batch(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    reports = [filed(at_point(NORTH)).report for _ in range(3)]
    client.force_login(cast.claire)
    shown = ask(client, stop, *(thing(one) for one in reports), "report:x", "rien")
    assert "3 points à vérifier ajoutés." in shown
    assert [one.thing[1] for one in stop.checks.all()] == [one.pk for one in reports]
    assert {one.organisation for one in stop.checks.all()} == {cast.agglomeration}
    assert [one.position for one in stop.checks.all()] == [0, 1, 2]
    assert "ne sont plus proposés" in ask(client, stop, thing(reports[0]))
    assert "Cochez au moins un point" in ask(client, stop)
    assert stop.checks.count() == 3


@pytest.mark.usefixtures("checkable_findings")
def test_things_of_several_kinds_are_proposed_together(cast: Cast, client: Client) -> None:
    report = filed(at_point(NORTH)).report
    finding = found(cast, walked(cast))
    other = found(cast, walked(cast), latitude=None, longitude=None)
    stop = first_stop(a_walk(cast))
    client.force_login(cast.claire)
    shown = proposed(client, stop)
    values = [thing(report), f"observation:{finding.pk}", f"observation:{other.pk}"]
    places = [shown.index(f'value="{one}"') for one in values]
    assert places == sorted(places)  # what people told, what is near, what has no point
    assert "Dans ces quartiers, sans point précis" in shown
    ask(client, stop, *values)
    assert {one.thing for one in stop.checks.all()} == {
        ("report", report.pk),
        ("observation", finding.pk),
        ("observation", other.pk),
    }


@pytest.mark.usefixtures("checkable_reports")
def test_what_lies_elsewhere_is_not_checked(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast, quartiers=[], commune=cast.anzin))
    elsewhere = filed(at_point(IN_RAISMES)).report
    client.force_login(cast.claire)
    assert elsewhere.reference not in proposed(client, stop)
    ask(client, stop, thing(elsewhere))
    assert not stop.checks.exists()


def test_without_a_kind_that_is_checked_nothing_is_offered(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    finding = found(cast, called(cast))
    client.force_login(cast.claire)
    assert (
        planning.checkable_of(cast.actor(cast.claire), stop.walk, "walk", [stop.walk_id]) == set()
    )
    ask(client, stop, f"walk:{finding.walk_id}")
    assert not stop.checks.exists()


@pytest.mark.usefixtures("checkable_reports")
def test_a_point_is_found_by_words_or_by_reference(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    report = filed(at_point(FAR, "3 rue des Oiseaux")).report
    filed(at_point(FAR, "9 rue des Lilas"))
    client.force_login(cast.claire)
    page = reverse("reports:report", args=[report.pk])
    for text in (report.reference, "signalement oiseaux", page, f"https://ici.test{page}"):
        found_here = proposed(client, stop, mot=text).split("titre-chercher")[-1]
        assert found_here.count('name="things"') == 1, text
        assert f'value="{thing(report)}"' in found_here, text
    outside = filed(at_point(IN_ANZIN_OUTSIDE_RIVES)).report
    shown = proposed(client, stop, mot=outside.reference)
    assert "Rien de ce nom" in shown


@pytest.mark.usefixtures("checkable_reports")
def test_what_another_stop_checks_is_not_proposed_again(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    report = filed(at_point(NORTH)).report
    first, second = walk.stops.all()[:2]
    client.force_login(cast.claire)
    ask(client, first, thing(report))
    assert f'value="{thing(report)}"' not in proposed(client, second)
    assert "déjà vérifié de l’arrêt 1" in proposed(client, second, mot=report.reference)


@pytest.mark.usefixtures("checkable_reports")
def test_a_stop_holds_so_many_points_and_no_more(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    some = planning.CHECKS_AT_MOST
    reports = [filed(at_point(NORTH)).report for _ in range(some + 1)]
    client.force_login(cast.claire)
    assert f"Un arrêt tient en {some} points" in ask(client, stop, *map(thing, reports))
    assert not stop.checks.exists()  # all of the batch or nothing
    ask(client, stop, *map(thing, reports[:some]))
    assert stop.checks.count() == some


def test_a_check_is_taken_off_until_it_is_answered(cast: Cast, client: Client) -> None:
    walk = called(cast)
    report = filed(at_point(NORTH)).report
    check = a_check(walk, ("report", report.pk), cast)
    other = a_check(called(cast), ("report", report.pk), cast)
    client.force_login(cast.claire)
    url = reverse("walks:drop", args=[walk.pk, check.stop_id])
    client.post(url, {"check": other.pk})  # of another walk
    client.post(url, {"check": "²"})
    assert Check.objects.count() == 2
    answered(check)
    shown = client.post(url, {"check": check.pk}, follow=True).content.decode()
    assert "déjà été vérifié" in shown
    check.answers.all().delete()
    client.post(url, {"check": check.pk})
    assert list(Check.objects.all()) == [other]


def test_what_a_reader_may_not_see_has_no_title(cast: Cast, client: Client) -> None:
    walk = called(cast)
    report = filed(at_point(NORTH, "3 rue des Oiseaux")).report  # not reviewed yet
    a_check(walk, ("report", report.pk), cast)
    client.force_login(cast.luc)
    shown = client.get(reverse("walks:walk", args=[walk.pk])).content.decode()
    assert "rue des Oiseaux" not in shown
    assert "1 point que vous ne pouvez pas lire" in shown.replace("\xa0", " ")
    client.force_login(cast.claire)
    shown = client.get(reverse("walks:walk", args=[walk.pk])).content.decode()
    assert "rue des Oiseaux" in shown


# --- How many queries -------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    client.get(url)  # outlines and lists are read once
    with counted() as statements:
        assert client.get(url).status_code == 200
    return len(statements)


def many_reports(cast: Cast, count: int) -> None:
    """As many reports round the first stop."""
    model = filed(at_point(NORTH)).report
    rows = [
        Report(
            **{
                field.attname: getattr(model, field.attname)
                for field in Report._meta.concrete_fields
                if field.name not in ("id", "reference")
            },
            reference=f"Z{count}-{number}",
        )
        for number in range(count)
    ]
    made = Report.objects.bulk_create(rows)
    through = Report.quartiers.through
    through.objects.bulk_create(
        through(report_id=one.pk, quartier_id=cast.rives.pk) for one in made
    )


@pytest.mark.usefixtures("checkable_reports")
def test_proposals_and_route_ask_as_much_for_ten_things_as_for_a_thousand(
    cast: Cast, client: Client
) -> None:
    walk = called(cast)
    client.force_login(cast.claire)
    urls = [
        reverse("walks:proposals", args=[walk.pk, first_stop(walk).pk]),
        reverse("walks:proposals", args=[walk.pk, first_stop(walk).pk]) + "?mot=signalement",
        reverse("walks:route", args=[walk.pk]),
    ]
    many_reports(cast, 9)
    few = [queries(client, url) for url in urls]
    many_reports(cast, 990)
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 20


def test_the_page_of_a_walk_asks_as_much_for_three_stops_as_for_forty(
    cast: Cast, client: Client
) -> None:
    walk = called(cast)
    client.force_login(cast.claire)
    a_check(walk, ("report", filed(at_point(NORTH)).report.pk), cast)
    url = reverse("walks:walk", args=[walk.pk])
    few = queries(client, url)
    for number in range(37):
        stop = planning.add_stop(
            walk, actor=cast.actor(cast.claire), kind="rue", title=f"Rue {number}"
        )
        pk = filed(at_point(NORTH)).report.pk
        Check.objects.create(
            stop=stop, thing_kind="report", thing_id=pk, organisation=cast.agglomeration
        )
    assert queries(client, url) == few
    assert few <= 20


def many_walks(cast: Cast, count: int) -> None:
    """As many walks to come, two quartiers each."""
    start = timezone.now() + timedelta(days=3)
    made = Gathering.objects.bulk_create(
        Gathering(
            kind="diagnostic",
            title=f"Diagnostic {number}",
            starts_at=start + timedelta(hours=number // 3),
            ends_at=start + timedelta(hours=number // 3 + 2),
            commune=cast.anzin,
            organiser=cast.agglomeration,
            changed_at=start,
        )
        for number in range(count)
    )
    Walk.objects.bulk_create(Walk(gathering=one) for one in made)
    through: Any = Gathering.quartiers.through
    through.objects.bulk_create(
        through(gathering_id=one.pk, quartier_id=quartier.pk)
        for one in made
        for quartier in (cast.rives, cast.faubourg)
    )


def test_the_list_asks_as_much_for_ten_walks_as_for_a_thousand(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    url = reverse("walks:walks")
    many_walks(cast, 10)
    few = queries(client, url)
    many_walks(cast, 990)
    assert queries(client, url) == few
    assert few <= 12


def test_every_walk_is_on_one_page_of_the_list(cast: Cast, client: Client) -> None:
    many_walks(cast, 95)
    client.force_login(cast.claire)
    url, seen = reverse("walks:walks"), []
    while url:
        answer = client.get(url)
        seen += [row["walk"].pk for row in answer.context["rows"]]
        asked = answer.context["next_url"]
        url = reverse("walks:walks") + asked if asked else ""
    assert len(seen) == len(set(seen)) == 95
