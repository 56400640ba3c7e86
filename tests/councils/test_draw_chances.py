"""Chances before a draw: cases worked by hand, and small lists where every panel was counted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from parvis.councils.draw import Preparation, draw, meets_quotas
from parvis.councils.draw_chances import TOTAL, check_optimal
from parvis.councils.draw_list import Person
from parvis.councils.draw_rules import DrawRefused, Rules
from tests.councils.lists import panels, people, prepared, rules

SEEDS = st.binary(min_size=16, max_size=40).map(bytes.hex)


def near(chance: Fraction, right: Fraction) -> bool:
    """Equal, but for what the solver and whole weights leave: a hundred-millionth."""
    return abs(chance - right) <= right * Fraction(1, 10**8)


def chances(found: Preparation) -> dict[int, Fraction]:
    """The chance of each line."""
    return {one.line: found.chances[one.group] for one in found.entrants}


# --- Worked by hand --------------------------------------------------------------------------


def test_without_quotas_everybody_has_seats_over_people() -> None:
    found = prepared(people(*"FFFHHHHHHH"), rules(3, household=False))
    assert set(chances(found).values()) == {Fraction(3, 10)}
    assert len(found.compositions) == 1


def test_a_rare_profile_shares_the_seats_that_quotas_give_it() -> None:
    """Two women, eight men, four seats, one woman at least: nobody gains by taking two women, so
    one woman (1/2 each) and three men (3/8 each) would leave 3/8; two women and two men 1/4. As
    many women as their number asks for is 0.8 of a seat, below the minimum: so 3/8 is the best."""
    found = prepared(people(*"FFHHHHHHHH"), rules(4, household=False, sexe={"F": [1, 2]}))
    assert sorted(set(chances(found).values())) == [Fraction(3, 8), Fraction(1, 2)]


def test_everybody_has_one_chance_when_quotas_leave_room_for_it() -> None:
    """Two women and three men, two seats: 2/5 each asks for 0.8 of a woman, so for one woman with
    the chance 4/5 and none with 1/5."""
    found = prepared(people(*"FFHHH"), rules(2, household=False, sexe={"F": [0, 1]}))
    assert all(near(chance, Fraction(2, 5)) for chance in chances(found).values())
    told = sorted((one.counts, Fraction(one.weight, TOTAL)) for one in found.compositions)
    assert [counts for counts, _ in told] == [(0, 2), (1, 1)]
    assert near(told[0][1], Fraction(1, 5))


def test_people_of_a_large_household_have_the_chance_of_the_others_of_their_profile() -> None:
    """Four women at one address and two alone: one of them is drawn, 1/6 each."""
    found = prepared(people("FFFF", "F", "F"), rules(1))
    assert set(chances(found).values()) == {Fraction(1, 6)}
    assert not found.by_pattern


def test_a_household_too_large_for_one_chance_is_treated_apart() -> None:
    """Two seats, three at one address and one alone: one of the three, and the one alone."""
    found = prepared(people("FFF", "F"), rules(2))
    assert found.by_pattern
    assert list(chances(found).values()) == [Fraction(1, 3)] * 3 + [Fraction(1)]


def test_who_lives_with_the_only_person_of_a_profile_loses_no_chance_to_the_others() -> None:
    """The only H must be drawn: her housemate F cannot be, other women share the other seat."""
    found = prepared(people("HF", "F", "F"), rules(2, sexe={"H": [1, 1]}))
    half = Fraction(1, 2)
    assert list(chances(found).values()) == [Fraction(1), Fraction(0), half, half]


def test_splitting_one_pattern_may_make_another_tight() -> None:
    """Three households, three seats, one F b at most: she is of the second household, the first
    gives its H, the third its F c. One panel is possible."""
    some = people(*(list(map(tuple, home)) for home in (["aH"], ["aH", "bF"], ["bF", "bF", "cF"])))
    age = {"a": [0, 1], "b": [1, 1], "c": [1, 2]}
    found = prepared(some, rules(3, age=age, sexe={"F": [1, 4], "H": [0, 3]}))
    assert sorted(draw(found, "0" * 32)[0]) == [2, 4, 7]


def test_compositions_are_added_until_the_smallest_chance_is_the_best() -> None:
    """What the expected panel is taken apart into does not do here: three columns cross."""
    signs = ["cFx", "cFy", "bFy", "cHy", "cHx", "bFz", "cHy", "aHx", "cHx", "bFx", "bHy"]
    some = [Person(line, line - 1, tuple(sign)) for line, sign in enumerate(signs, 2)]
    quotas = {
        "1": {"a": [1, 2], "b": [1, 2], "c": [1, 1]},
        "2": {"F": [1, 2], "H": [1, 2]},
        "3": {"x": [1, 2], "y": [1, 2], "z": [1, 2]},
    }
    by = rules(4, household=False, **quotas)
    found = prepared(some, by)
    right = best(some, panels(some, by), tied=True)
    assert min(found.chances) == pytest.approx(right, rel=1e-6)


def test_whom_whole_numbers_shut_out_has_no_chance_and_stops_nothing() -> None:
    """One a, one F and one x among two: only people who differ in all three go together, and
    nobody goes with b F x. Four panels of a chance of 1/4 each would leave two of b H y."""
    signs = ["bHy", "bHx", "aHx", "bFy", "aFy", "bFx", "bHy", "aFx"]
    some = [Person(line, line - 1, tuple(sign)) for line, sign in enumerate(signs, 2)]
    quotas = {"1": {"a": [1, 1]}, "2": {"F": [1, 1]}, "3": {"x": [1, 1]}}
    found = prepared(some, rules(2, household=False, **quotas))
    assert [line for line, chance in chances(found).items() if not chance] == [7]
    check_optimal(found)


def test_whom_quotas_shut_out_has_no_chance_and_takes_none_from_the_others() -> None:
    found = prepared(people(*"FFHH"), rules(1, household=False, sexe={"H": [0, 0]}))
    half = Fraction(1, 2)
    assert list(chances(found).values()) == [half, half, Fraction(0), Fraction(0)]


def test_as_many_seats_as_people_draws_everybody() -> None:
    found = prepared(people(*"FFH"), rules(3))
    assert set(chances(found).values()) == {Fraction(1)}


def test_a_value_without_quota_is_kept_nowhere() -> None:
    by = rules(1, age={"18-29": [0, 1]})
    assert by.profile(["1987-04-12"]) == (None,)


# --- Refused, with the nearest quotas --------------------------------------------------------


def refusal(some: list[Person], by: Rules) -> str:
    with pytest.raises(DrawRefused) as caught:
        prepared(some, by)
    return str(caught.value)


def test_more_seats_than_people_or_households_are_told() -> None:
    assert "2 personnes pour 3 places" in refusal(people("F", "F"), rules(3))
    assert "1 foyer pour 2 places" in refusal(people("FF"), rules(2))


def test_the_nearest_possible_quotas_are_told() -> None:
    told = refusal(people("F", "H", "H"), rules(3, sexe={"F": [2, 2], "H": [1, 1]}))
    assert "« sexe = F » : au moins 1 au lieu de 2 (la liste en compte 1, dans 1 foyer)" in told
    assert "« sexe = H » : au plus 2 au lieu de 1" in told


def test_a_value_that_nobody_has_is_told() -> None:
    told = refusal(people(*"FFF"), rules(2, sexe={"X": [1, 2]}))
    assert "« sexe = X » : au moins 0 au lieu de 1 (la liste en compte 0" in told


def test_quotas_that_households_alone_prevent_are_told() -> None:
    told = refusal(people("FF", "H", "H"), rules(3, sexe={"F": [2, 2]}))
    assert "« sexe = F » : au moins 1 au lieu de 2 (la liste en compte 2, dans 1 foyer)" in told


def test_maximums_that_do_not_fill_the_seats_are_told() -> None:
    told = refusal(people(*"FFFHHH"), rules(5, sexe={"F": [0, 2], "H": [0, 2]}))
    assert "au plus 3 au lieu de 2" in told


# --- Whatever the list -----------------------------------------------------------------------


@st.composite
def small_lists(draws: Any) -> tuple[list[Person], Rules]:
    size = draws(st.integers(2, 8))
    seats = draws(st.integers(1, min(4, size)))
    numbers: dict[int, int] = {}
    some = []
    for line in range(2, size + 2):
        home = numbers.setdefault(draws(st.integers(0, 5)), len(numbers) + 1)
        profile = (draws(st.sampled_from("abc")), draws(st.sampled_from("FFH")))
        some.append(Person(line, home, profile))

    def quota() -> list[int]:
        low = draws(st.sampled_from((0, 0, 1)))
        return [low, draws(st.integers(low, seats + 1))]

    quotas = {"age": {v: quota() for v in "abc"}, "sexe": {v: quota() for v in "FH"}}
    try:
        return some, rules(seats, reserve=3, **quotas)
    except DrawRefused:
        assume(False)
        raise


def best(some: list[Person], all_panels: list[tuple[int, ...]], *, tied: bool) -> float | None:
    """The largest smallest chance over every panel there is, by brute force."""
    able = {at for panel in all_panels for at in panel}
    alive = {some[at].profile for at in able}
    of = {at: [float(at in panel) for panel in all_panels] for at in range(len(some))}
    least, equal, first = [], [[1.0] * len(all_panels) + [0.0]], {}
    for at, row in of.items():
        mate = first.setdefault(some[at].profile, at)
        if tied and mate != at:
            equal.append([a - b for a, b in zip(row, of[mate], strict=True)] + [0.0])
        elif at in able or (tied and some[at].profile in alive):
            least.append([-one for one in row] + [1.0])
    right = [1.0] + [0.0] * (len(equal) - 1)
    cost = [0.0] * len(all_panels) + [-1.0]
    found = linprog(cost, A_ub=least, b_ub=[0.0] * len(least), A_eq=equal, b_eq=right)
    return None if found.status else float(found.x[-1])


@settings(max_examples=120)
@given(small_lists())
def test_the_smallest_chance_is_the_best_that_any_lottery_of_panels_gives(
    drawn: tuple[list[Person], Rules],
) -> None:
    some, by = drawn
    every = panels(some, by)
    if not every:
        refusal(some, by)
        return
    found = prepared(some, by)
    tied = best(some, every, tied=True)
    right = tied if tied and tied > 1e-7 else best(some, every, tied=False)
    assert min(c for c in found.chances if c) == pytest.approx(right, abs=1e-6)
    check_optimal(found)


@settings(max_examples=60)
@given(small_lists(), SEEDS)
def test_a_panel_meets_quotas_and_households_whatever_the_seed(
    drawn: tuple[list[Person], Rules], seed: str
) -> None:
    some, by = drawn
    assume(panels(some, by))
    found = prepared(some, by)
    lines, reserve = draw(found, seed)
    of = {one.line: one for one in some}
    chosen = [*lines, *(one.line for one in reserve)]
    assert len(lines) == by.seats
    assert len({of[line].household for line in chosen}) == len(chosen)
    assert meets_quotas(by, [(of[line].profile, 1) for line in lines])
    assert all(chances(found)[line] for line in chosen)
    assert (lines, reserve) == draw(prepared(some, by), seed)


def test_chances_of_a_group_that_could_be_better_are_found() -> None:
    found = prepared(people(*"FFHHH"), rules(2, household=False, sexe={"F": [0, 1]}))
    worse = [one._replace(weight=TOTAL) for one in found.compositions if one.counts == (1, 1)]
    unfair = Preparation(**{**vars_of(found), "compositions": worse})
    with pytest.raises(DrawRefused, match="pourrait être"):
        check_optimal(unfair)


def vars_of(found: Preparation) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Preparation.__dataclass_fields__}
