"""Two people at the desk at once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from parvis.reports.models import Category, Report
from parvis.thread.models import Event, Link
from parvis.walks import sorting
from parvis.walks.models import Observation
from tests.cast import Cast
from tests.walks.scene import found, walked

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these acts in threads that start together; what each gave or raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return act()
        except ValidationError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_people_sort_one_finding_and_one_report_is_filed(cast: Cast) -> None:
    finding = found(cast, walked(cast))
    claire = cast.actor(cast.claire)
    category = Category.objects.get(code="encombrants_exterieur")

    def sort() -> Report:
        one = Observation.objects.get(pk=finding.pk)
        return sorting.make_report(one, actor=claire, category=category, text="À enlever.")

    done = at_once(sort, sort)
    assert sorted(type(one).__name__ for one in done) == ["Refused", "Report"]
    assert Report.objects.count() == 1
    assert Link.objects.count() == 1
    assert Event.objects.filter(thing_kind="observation", code="sorted").count() == 1


def test_two_findings_united_crosswise_keep_one_that_is_followed(cast: Cast) -> None:
    walk = walked(cast)
    one, two = found(cast, walk), found(cast, walk)
    claire = cast.actor(cast.claire)
    at_once(
        lambda: sorting.unite(one, two, actor=claire),
        lambda: sorting.unite(two, one, actor=claire),
    )
    assert Observation.objects.filter(same_as=None).count() == 1
