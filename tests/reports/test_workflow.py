"""States and steps of a part, without the database."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.reports.workflow import (
    CLOSED,
    OPEN,
    STEPS,
    Forbidden,
    State,
    overall,
    step_from,
    steps_from,
)

LEADS = {
    "doubt": ({"new", "taken"}, "to_qualify"),
    "take": ({"new", "to_qualify"}, "taken"),
    "schedule": ({"new", "to_qualify", "taken", "scheduled"}, "scheduled"),
    "settle": ({"new", "to_qualify", "taken", "scheduled"}, "settled"),
    "drop": ({"new", "to_qualify", "taken", "scheduled"}, "dropped"),
    "reopen": ({"settled", "dropped"}, "taken"),
}


@pytest.mark.parametrize(("code", "state"), list(itertools.product(LEADS, State.values)))
def test_a_step_leads_from_its_own_states_and_from_no_other(code: str, state: str) -> None:
    sources, target = LEADS[code]
    if state in sources:
        assert step_from(state, code).target == target
    else:
        with pytest.raises(Forbidden, match=STEPS[code].label):
            step_from(state, code)


def test_every_step_is_known_here() -> None:
    assert set(STEPS) == set(LEADS)


def test_reopening_asks_for_its_own_right() -> None:
    assert {code: step.right for code, step in STEPS.items()} == {
        **dict.fromkeys(LEADS, "handle"),
        "reopen": "reopen",
    }


def test_buttons_of_a_new_part_are_those_that_lead_on() -> None:
    assert [step.code for step in steps_from("new")] == [
        "doubt",
        "take",
        "schedule",
        "settle",
        "drop",
    ]
    assert [step.code for step in steps_from("settled")] == ["reopen"]


def test_what_a_step_needs() -> None:
    assert STEPS["schedule"].needs == ("due_on",)
    assert STEPS["settle"].needs == ("answer",)
    assert set(STEPS["drop"].needs) == {"reason", "answer"}
    assert STEPS["doubt"].needs == ("reason",)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], "to_qualify"),
        (["new"], "new"),
        (["new", "scheduled"], "new"),
        (["taken", "scheduled"], "taken"),
        (["to_qualify", "taken"], "to_qualify"),
        (["settled", "taken"], "taken"),
        (["settled", "dropped"], "settled"),
        (["dropped", "dropped"], "dropped"),
        (["dropped", "scheduled"], "scheduled"),
    ],
)
def test_a_report_shows_its_least_advanced_part(states: list[str], expected: str) -> None:
    assert overall(states) == expected


@given(st.lists(st.sampled_from(State.values), min_size=1, max_size=6))
def test_a_report_is_closed_when_all_its_parts_are(states: list[str]) -> None:
    assert (overall(states) in CLOSED) == all(state in CLOSED for state in states)
    assert overall(states) == overall(list(reversed(states)))
    if overall(states) in OPEN:
        assert overall(states) in states
