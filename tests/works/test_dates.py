"""A state follows from dates, and what contradicts itself in them is said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.works.dates import Dated, State, touching
from parvis.works.models import Worksite
from tests.cast import Cast
from tests.works.scene import a_worksite, day

TODAY = date(2026, 3, 15)
BEFORE, AFTER = date(2026, 3, 1), date(2026, 4, 1)


def dated(*days: date | None) -> Dated:
    names = ("starts_on", "ends_on", "began_on", "ended_on")
    return Worksite(**dict(zip(names, days, strict=False)))


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ((), State.UNDATED),
        ((AFTER,), State.PLANNED),
        ((BEFORE, AFTER), State.RUNNING),
        ((BEFORE, date(2026, 3, 10)), State.ENDED),
        # Real dates speak before planned ones.
        ((AFTER, AFTER, BEFORE), State.RUNNING),
        ((BEFORE, date(2026, 3, 10), BEFORE), State.RUNNING),
        ((BEFORE, AFTER, BEFORE, date(2026, 3, 10)), State.ENDED),
        ((BEFORE, AFTER, BEFORE, TODAY), State.RUNNING),  # its last day
    ],
)
def test_the_state_follows_from_the_dates(days: tuple[date, ...], state: State) -> None:
    assert dated(*days).state_on(TODAY) == state


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((BEFORE, date(2026, 3, 10), BEFORE), "Fin prévue le"),
        ((BEFORE, AFTER), "Début prévu le"),
        ((BEFORE, AFTER, None, date(2026, 3, 10)), "pas le début"),
        ((BEFORE, AFTER, AFTER), "pas encore passée"),
        ((BEFORE, AFTER, BEFORE, AFTER), "pas encore passée"),
    ],
)
def test_a_contradiction_is_shown(days: tuple[date, ...], words: str) -> None:
    said = dated(*days).contradictions_on(TODAY)
    assert any(words in sentence for sentence in said)


def test_dates_that_agree_say_nothing() -> None:
    assert dated(BEFORE, AFTER, BEFORE).contradictions_on(TODAY) == []
    assert dated(AFTER, AFTER).contradictions_on(TODAY) == []


some_days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))


@given(some_days, some_days, some_days, some_days, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_every_set_of_dates_has_one_state(
    starts: date | None, ends: date | None, began: date | None, ended: date | None, on: date
) -> None:
    one = dated(starts, ends, began, ended)
    state = one.state_on(on)
    assert state in State.values
    if state == State.UNDATED:
        assert one.first_day is None or one.began_on is None


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"starts_on": day(-10), "ends_on": day(-1), "began_on": day(-10)}, True),  # runs late
        ({"starts_on": day(-10), "ends_on": day(-1), "began_on": None}, False),
        ({"starts_on": day(5), "ends_on": day(9), "began_on": None}, True),
        ({"starts_on": day(15), "ends_on": day(19), "began_on": None}, False),
        ({"starts_on": day(1), "ends_on": None, "began_on": None}, True),
        ({"starts_on": day(-9), "began_on": day(-9), "ended_on": day(-2)}, False),
    ],
)
def test_what_touches_the_next_two_weeks_is_found(cast: Cast, fields: dict, found: bool) -> None:
    a_worksite(cast, **fields)
    assert Worksite.objects.filter(touching(day(), day(13))).exists() is found
