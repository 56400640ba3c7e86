"""Buildings that are being emptied are kept up until the last tenant leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from parvis.reports.lists import load
from parvis.thread.reading import due_for
from parvis.thread.register import kind_of
from parvis.works.acts import emptied as acts
from parvis.works.models import EmptiedBuilding, OccupancyCount
from parvis.works.project_charts import occupancy_chart
from tests.cast import IN_ANZIN, Cast
from tests.reports.scene import at_point, filed, make_public
from tests.works.scene import a_project, an_operation, day


def a_building(cast: Cast, **fields: Any) -> EmptiedBuilding:
    """Les Tilleuls, which the landlord empties since a hundred days."""
    given = {
        "residence": cast.tilleuls,
        "dwellings": 40,
        "upkeep_by": cast.landlord,
        "starts_on": day(-100),
        **fields,
    }
    operation = given.pop("operation", None) or an_operation(cast)
    return acts.write_emptied(operation, actor=cast.actor(cast.luc), **given)


def visit(cast: Cast, one: EmptiedBuilding, days: int, result: str = "kept") -> None:
    acts.visit_emptied(
        one, actor=cast.actor(cast.luc), by=cast.landlord, visited_on=day(-days), result=result
    )


def alert(one: EmptiedBuilding) -> bool:
    return EmptiedBuilding.objects.in_alert(day()).filter(pk=one.pk).exists()


def test_nobody_looked_for_thirty_days_while_people_live_there(cast: Cast) -> None:
    one = a_building(cast)
    assert alert(one)
    visit(cast, one, 31)
    assert alert(one)
    visit(cast, one, 30)
    assert not alert(one)


def test_upkeep_that_stops_is_an_alert_at_once(cast: Cast) -> None:
    one = a_building(cast)
    visit(cast, one, 3)
    visit(cast, one, 1, "partly")
    assert not alert(one)
    visit(cast, one, 0, "unkept")
    assert alert(one)


@pytest.mark.parametrize(
    "fields", [{"emptied_on": day(-1)}, {"starts_on": day(5)}, {"starts_on": day(-29)}]
)
def test_an_empty_building_or_one_just_begun_is_no_alert(cast: Cast, fields: Any) -> None:
    assert not alert(a_building(cast, **fields))


def test_a_building_where_nobody_lives_any_more_is_no_alert(cast: Cast) -> None:
    one, luc = a_building(cast), cast.actor(cast.luc)
    acts.count_dwellings(one, actor=luc, counted_on=day(-9), occupied=2)
    assert alert(one)
    acts.count_dwellings(one, actor=luc, counted_on=day(-1), occupied=0)
    assert not alert(one)


def test_it_is_due_by_who_keeps_it_up_and_by_no_other(cast: Cast) -> None:
    one = a_building(cast)

    def due(person: Any) -> list[tuple[int, Any, int | None]]:
        return [
            (found.id, found.due_on, found.owner_id)
            for span in due_for(cast.actor(person), days=[day()])
            for found in span.first
            if found.kind == "operation"
        ]

    wanted = [(one.operation_id, day(-70), cast.landlord.pk)]
    assert due(cast.luc) == wanted
    assert due(cast.claire) == wanted  # the coordination sees whose it is
    assert due(cast.paul) == due(cast.nadia) == []
    visit(cast, one, 0)
    assert due(cast.luc) == []


def test_no_more_dwellings_are_occupied_than_there_are(cast: Cast, client: Client) -> None:
    one = a_building(cast)
    client.force_login(cast.luc)
    url = reverse("works:count_dwellings", args=[one.pk])
    words = client.post(url, {"occupied": 41, "counted_on": day()}).content.decode()
    assert "40 logements en tout" in words
    for number in (12, 11):  # the same day again corrects it
        client.post(url, {"occupied": number, "counted_on": day()})
    assert OccupancyCount.objects.get().occupied == 11
    with pytest.raises(ValidationError, match="pas encore venu"):
        acts.count_dwellings(one, actor=cast.actor(cast.luc), counted_on=day(1), occupied=1)


def test_who_keeps_it_up_visits_it_though_it_is_no_partner_of_the_project(
    cast: Cast, client: Client
) -> None:
    operation = an_operation(cast, a_project(cast, public=False))
    theirs = a_building(cast, operation=operation, upkeep_by=cast.other_landlord)
    other = a_building(cast, operation=operation)
    client.force_login(cast.paul)
    given = {"result": "kept", "visited_on": day()}
    status = [
        client.post(reverse("works:visit_emptied", args=[one.pk]), given).status_code
        for one in (theirs, other)
    ]
    assert status == [302, 404]
    assert client.get(reverse("works:edit_emptied", args=[theirs.pk])).status_code == 403
    assert theirs.visits.get().by == cast.other_landlord


def test_the_public_reads_nothing_of_it(cast: Cast, client: Client) -> None:
    one = a_building(cast)
    words = client.get(reverse("works:operation", args=[one.operation_id])).content.decode()
    assert "se vident" not in words
    assert client.get(reverse("works:emptied", args=[one.pk])).status_code == 302


def test_its_page_draws_the_curve_with_its_table_and_lists_its_reports(
    cast: Cast, client: Client
) -> None:
    load()
    one = a_building(cast)
    for days, occupied in ((90, 40), (50, 22), (2, 7)):
        OccupancyCount.objects.create(emptied=one, counted_on=day(-days), occupied=occupied)
    report = make_public(filed(at_point(IN_ANZIN)).report)
    report.residence = cast.tilleuls
    report.save(update_fields=["residence"])
    client.force_login(cast.luc)
    words = client.get(reverse("works:emptied", args=[one.pk])).content.decode()
    assert "<title id=" in words
    assert words.count("<circle") == 3
    assert "22" in words
    assert kind_of("report").url(report.pk) in words


def test_a_single_count_draws_no_curve(cast: Cast) -> None:
    count = OccupancyCount(counted_on=day(), occupied=3)
    assert occupancy_chart([count], 10) is None
    full = OccupancyCount(counted_on=day(-10), occupied=10)
    chart = occupancy_chart([count, full], 10)
    assert chart is not None
    assert [label for _, _, label in chart.dots] == ["10", "3"]


def test_a_building_of_another_residence_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="autre résidence"):
        a_building(cast, residence=cast.peupliers, building=cast.entrance.building)
