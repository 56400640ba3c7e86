"""The city map: cells and what they hold, for strangers from the counters, for partners live."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from parvis.reports.links import report_path
from parvis.reports.models import CellCount, Report
from parvis.reports.workflow import State
from tests.cast import IN_ANZIN, IN_RAISMES, IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, filed, make_public

CITY = "/signalements/carte.json?vue=ville"


def cells(client: Client, query: str = "") -> list[list[Any]]:
    answer = client.get(f"{CITY}&{query}")
    assert answer.status_code == 200
    found: list[list[Any]] = answer.json()["cells"]
    return found


def test_a_stranger_is_answered_by_the_counters_alone(
    town: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    make_public(filed().report)
    make_public(filed(at_point(IN_RAISMES)).report)
    filed(at_point(IN_VALENCIENNES))
    with django_assert_num_queries(1):
        found = cells(client)
    assert [held for _, _, *held in found] == [[1, 1], [1, 1]]
    CellCount.objects.update(count=5)
    cache.clear()
    assert [held for _, _, *held in cells(client)] == [[5, 5], [5, 5]]


def test_filters_of_state_family_and_commune_are_answered_by_the_counters(
    town: Cast, client: Client
) -> None:
    road = make_public(filed().report)
    dirt = filed(at_point(IN_RAISMES), code="salete").report
    Report.objects.filter(pk=dirt.pk).update(state=State.SETTLED, closed_at=timezone.now())
    dirt.refresh_from_db()
    make_public(dirt)
    family = dirt.category.parent
    assert family is not None
    Report.objects.all().update(public=False)  # so that reports themselves would not answer
    for query, count in {
        "state=open": [[1, 1]],
        "state=closed": [[1, 0]],
        "state=settled": [[1, 0]],
        f"family={family.code}": [[1, 0]],
        "commune=59014": [[1, 1]],
        "commune=59606": [],
        "quartier=QN05921M": [],
        "q=lilas": [],
    }.items():
        assert [held for _, _, *held in cells(client, query)] == count, query
    assert road.cell is not None


def test_partners_see_on_the_city_map_what_they_see_in_the_list(town: Cast, client: Client) -> None:
    filed()
    make_public(filed(at_point(IN_RAISMES)).report)
    client.force_login(town.karim)
    assert [held for _, _, *held in cells(client)] == [[1, 1]]
    assert [held for _, _, *held in cells(client, "all=1")] == [[1, 1], [1, 1]]


def test_a_view_from_afar_has_wider_cells(town: Cast, client: Client) -> None:
    for point in (IN_ANZIN, IN_RAISMES, IN_VALENCIENNES):
        make_public(filed(at_point(point)).report)
    assert len(cells(client, "zoom=15")) == 3
    assert [held for _, _, *held in cells(client, "zoom=6")] == [[3, 3]]
    assert len(cells(client, "zoom=près")) == 3


def test_what_strangers_get_may_be_kept_for_a_minute_and_asked_about(
    town: Cast, client: Client
) -> None:
    make_public(filed().report)
    answer = client.get(CITY)
    assert answer["Cache-Control"] == "public, max-age=30"
    assert "Cookie" in answer["Vary"]
    again = client.get(CITY, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_public(filed(at_point(IN_RAISMES)).report)
    assert client.get(CITY).content == answer.content  # for half a minute
    cache.clear()
    assert client.get(CITY, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_what_partners_get_is_kept_by_nobody(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    for url in (CITY, "/signalements/carte.json"):
        assert client.get(url)["Cache-Control"] == "private, no-store"


def test_a_street_is_asked_by_its_box(town: Cast, client: Client) -> None:
    near = make_public(filed().report)
    make_public(filed(at_point(IN_RAISMES)).report)
    latitude, longitude = IN_ANZIN
    box = f"{longitude - 0.001},{latitude - 0.001},{longitude + 0.001},{latitude + 0.001}"
    data = client.get(f"/signalements/carte.json?box={box}").json()
    assert [point[2] for point in data["points"]] == [near.reference]
    (point,) = data["points"]
    assert point[:2] == [near.latitude, near.longitude]
    assert data["labels"][point[3]] == near.category.label
    assert data["tones"][point[4]] == "soon"
    assert f"{data['path']}{near.reference}/" == report_path(near.reference)
    for wrong in ("1,2,3", "a,b,c,d", "nan,nan,nan,nan", "9,9,1,1", "1e999,0,1,1"):
        answer = client.get(f"/signalements/carte.json?box={wrong}")
        assert len(answer.json()["points"]) == 2, wrong
