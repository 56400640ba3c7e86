"""From a preparation and a seed to the panel, in whole numbers."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from parvis.councils import draw as drawing
from parvis.councils.draw import Dice, Entrant, draw, pick_people
from parvis.councils.draw_rules import DrawRefused
from tests.councils.lists import SEED, people, prepared, rules


def test_the_numbers_of_a_seed_are_those_of_the_documentation() -> None:
    """docs/draw.md gives these, so that an implementation in another language can check itself."""
    dice = Dice("00" * 16, "share")
    assert [dice.below(limit) for limit in (10, 1_000, 2**40, 2**300 + 1)] == EXAMPLE
    assert Dice(SEED, "share").below(1) == 0


EXAMPLE = [
    0,
    364,
    83545799143,
    1510871801656849111216702215866167560731140647553350469453609622887468244271270197965632377,
]


def test_a_seed_is_hexadecimal_and_has_128_bits() -> None:
    for seed in ("", "ab" * 15 + "a", "zz" * 16, " " + "ab" * 16, "ab" * 600, "٣" * 32):
        with pytest.raises(DrawRefused, match="Graine"):
            drawing.read_seed(seed)
    found = prepared(people(*"FFHH"), rules(2))
    assert draw(found, SEED) == draw(found, SEED.upper())


def test_numbers_are_uniform_below_their_limit() -> None:
    dice = Dice(SEED, "share")
    found = Counter(dice.below(6) for _ in range(6_000))
    assert set(found) == set(range(6))
    # Five degrees of freedom: beyond 20.5 once in a thousand seeds, and this seed is fixed.
    assert sum((n - 1_000) ** 2 / 1_000 for n in found.values()) < 20.5


class _EveryNumber:
    """Dice that give the numbers they are told, then nought, and remember the limits asked for."""

    def __init__(self, told: list[int]) -> None:
        self.told, self.limits = told, []

    def below(self, limit: int) -> int:
        self.limits.append(limit)
        place = len(self.limits) - 1
        return self.told[place] if place < len(self.told) else 0


def every_outcome(shares: list[int], ends: list[tuple[int, int]], whole: int) -> dict[Any, Any]:
    """What settling may give, with the exact chance of each, by every fall of the dice."""
    found: dict[tuple[int, ...], Fraction] = {}
    waiting: list[list[int]] = [[]]
    while waiting:
        told = waiting.pop()
        dice, settled = _EveryNumber(told), list(shares)
        drawing._settle(settled, ends, whole, dice)  # type: ignore[arg-type]
        fallen = [*told, *[0] * (len(dice.limits) - len(told))]
        chance = Fraction(1, math.prod(dice.limits))
        found[tuple(settled)] = found.get(tuple(settled), Fraction(0)) + chance
        for place in range(len(told), len(dice.limits)):
            waiting += [[*fallen[:place], n] for n in range(1, dice.limits[place])]
    return found


@pytest.mark.parametrize(
    ("shares", "ends"),
    [
        # Groups 0 and 1 have one seat each, 2 stands for nobody; households 3, 4 and 5.
        (
            [1, 1, 4, 2, 3, 2, 3, 2],
            [(2, 3), (2, 4), (2, 5), (0, 3), (1, 3), (0, 4), (1, 4), (0, 5)],
        ),
        # Households that are full: nobody is left out of them.
        ([3, 3, 3, 3], [(0, 2), (1, 2), (0, 3), (1, 3)]),
    ],
)
def test_settling_keeps_every_expected_share_exactly(
    shares: list[int], ends: list[tuple[int, int]]
) -> None:
    outcomes = every_outcome(shares, ends, 6)
    assert sum(outcomes.values()) == 1
    for edge, share in enumerate(shares):
        assert sum(found[edge] * chance for found, chance in outcomes.items()) == share
    assert all(one % 6 == 0 and one in (0, 6) for found in outcomes for one in found)


def test_every_person_of_a_group_is_drawn_as_often_as_stated() -> None:
    """A fixed run of four thousand seeds: within four standard deviations."""
    homes = ["FH", "FF", "H", "FHH"]
    members = [(home, sign) for home, some in enumerate(homes, 1) for sign in some]
    entrants = [
        Entrant(line, home, "FH".index(sign)) for line, (home, sign) in enumerate(members, 2)
    ]
    times, found = 4_000, Counter[int]()
    for number in range(times):
        chosen = pick_people(entrants, (1, 1), (4, 4), f"{number:032x}")
        assert len({one.household for one in chosen}) == 2
        found.update(one.line for one in chosen)
    sigma = (times * 0.25 * 0.75) ** 0.5
    assert all(abs(found[one.line] - times / 4) < 4 * sigma for one in entrants)


def test_a_composition_that_asks_too_much_of_a_household_is_refused() -> None:
    entrants = [Entrant(2, 1, 0), Entrant(3, 1, 1), Entrant(4, 2, 0)]
    with pytest.raises(DrawRefused, match="foyer"):
        pick_people(entrants, (1, 1), (2, 1), SEED)


def test_the_reserve_takes_the_same_profile_first_then_the_nearest() -> None:
    some = people(*([("18", "F")] for _ in range(3)), [("18", "H")], [("60", "H")])
    found = prepared(some, rules(1, reserve=9, age={"18": [1, 1], "60": [0, 0]}, sexe=BOTH))
    for number in range(20):
        panel, reserve = draw(found, f"{number:032x}")
        profiles = [some[one.line - 2].profile for one in reserve]
        own = some[panel[0] - 2].profile
        others = [one for one in profiles if one != own]
        assert profiles == [one for one in profiles if one == own] + others
        assert len(profiles) == 3  # who is shut out by quotas is in no reserve
        assert {one.seat for one in reserve} == {1}


BOTH = {"F": [0, 1], "H": [0, 1]}


def test_a_reserve_never_breaks_the_quotas() -> None:
    found = prepared(people(*"FFHHH"), rules(2, reserve=5, sexe={"F": [1, 1]}))
    sexes = dict(enumerate("FFHHH", 2))
    for number in range(20):
        panel, reserve = draw(found, f"{number:032x}")
        assert len(reserve) == 3
        assert all(sexes[one.line] == sexes[panel[one.seat - 1]] for one in reserve)
