"""Two people at the desk at once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

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


@pytest.mark.skipif(
    not connection.features.has_select_for_update_nowait, reason="rows are not held there"
)
def test_strengths_are_held_in_the_order_of_the_review(cast: Cast) -> None:
    walk, now = walked(cast), timezone.now()
    # The second one came first to the server, as telephones without a network bring them.
    first = found(cast, walk, strength=True, noted_at=now)
    second = found(cast, walk, strength=True, noted_at=now - timedelta(hours=1))
    held = Observation.objects.select_for_update(of=("self",), nowait=True)

    def note() -> int:
        try:
            return sorting.note_strengths(walk, actor=cast.actor(cast.claire))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            held.get(pk=first.pk)
            noting = pool.submit(note)
            sleep(0.5)  # it waits for the first, and holds nothing meanwhile
            held.get(pk=second.pk)
        assert noting.result(10) == 2
