from __future__ import annotations

from typing import Any

import pytest

from parvis.partners.actors import NOBODY
from parvis.places.models import Residence
from parvis.reports.models import Report
from parvis.reports.similar import metres, similar_open_reports
from tests.cast import IN_ANZIN, Cast
from tests.reports.scene import at_point, category, filed, in_hall, make_public

LATITUDE, LONGITUDE = IN_ANZIN
NEAR = (LATITUDE + 0.0009, LONGITUDE)  # 100 m
FAR = (LATITUDE + 0.0018, LONGITUDE)  # 200 m
CORNER = (LATITUDE + 0.0012, LONGITUDE + 0.0019)  # 190 m, inside the square around


def like(code: str = "trou_chaussee", residence: Residence | None = None) -> list[Report]:
    return similar_open_reports(NOBODY, category(code), LATITUDE, LONGITUDE, residence)


def test_a_reviewed_open_report_nearby_is_proposed(town: Cast) -> None:
    report = make_public(filed(at_point(NEAR)).report)
    assert like() == [report]


@pytest.mark.parametrize("point", [FAR, CORNER])
def test_one_that_is_further_than_150_m_is_not(town: Cast, point: tuple[float, float]) -> None:
    make_public(filed(at_point(point)).report)
    assert like() == []


@pytest.mark.parametrize("values", [{"public": False}, {"state": "settled"}, {"withdrawn": True}])
def test_what_is_not_public_or_not_open_is_never_proposed(
    town: Cast, values: dict[str, Any]
) -> None:
    report = filed(at_point(NEAR)).report
    if values.pop("withdrawn", False):
        values["withdrawn_at"] = report.at
    if "state" in values:
        values["closed_at"] = report.at
    make_public(report, **values)
    assert like() == []


def test_the_same_category_comes_before_a_sister_and_a_stranger_never(town: Cast) -> None:
    sister = make_public(filed(code="panneau").report)
    same = make_public(filed(at_point(NEAR)).report)
    make_public(filed(code="salete").report)
    assert like() == [same, sister]


def test_nearest_first(town: Cast) -> None:
    further = make_public(filed(at_point(NEAR)).report)
    nearer = make_public(filed(at_point((LATITUDE + 0.0001, LONGITUDE))).report)
    assert like() == [nearer, further]


def test_the_same_residence_is_near_enough(town: Cast) -> None:
    report = make_public(filed(in_hall(town), "hall_sale").report)
    Report.objects.update(latitude=None, longitude=None)
    assert like("hall_sale", town.tilleuls) == [report]
    assert similar_open_reports(NOBODY, category("hall_sale"), None, None, town.tilleuls) == [
        report
    ]
    assert like("hall_sale", town.peupliers) == []


def test_nowhere_is_like_nothing(town: Cast) -> None:
    make_public(filed().report)
    assert similar_open_reports(NOBODY, category(), None, None, None) == []


def test_one_query_whatever_there_is(town: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(8):
        make_public(filed(at_point(NEAR)).report)
    one = category()
    with django_assert_num_queries(1):
        found = similar_open_reports(NOBODY, one, LATITUDE, LONGITUDE, None)
        assert [report.category.label for report in found] == [one.label] * 5


def test_metres_are_metres() -> None:
    assert metres(50.0, 3.0, 50.0, 3.0) == 0
    assert metres(50.0, 3.0, 50.001, 3.0) == pytest.approx(111.2, abs=0.2)
    assert metres(50.0, 3.0, 50.0, 3.001) == pytest.approx(71.5, abs=0.2)
