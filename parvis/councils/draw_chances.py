"""Chances before a draw by lot: the smallest one as large as possible, by lot among compositions.

A linear programme over expected panels bounds the smallest chance from above. Its solution is taken
apart into whole compositions. Where that does not reach the bound, compositions are added as long
as one of them helps. The answer is rounded to whole weights that sum to TOTAL.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from parvis.councils.draw import Composition, Entrant, Preparation
from parvis.councils.draw_groups import Grouping, by_pattern, by_profile
from parvis.councils.draw_list import Person
from parvis.councils.draw_quotas import explain
from parvis.councils.draw_record import TOTAL
from parvis.councils.draw_rules import DrawRefused, Rules
from parvis.councils.draw_solver import (
    NEAR,
    Counts,
    Rows,
    best_composition,
    fits,
    rows_of,
    solve,
)

ENOUGH = 1 - 1e-7  # of the bound
MOST_ROUNDS = 600
FEW_ROUNDS = 12  # where households are tight: treating them apart is quicker, and better


@dataclass(frozen=True)
class _Lottery:
    smallest: float  # chance, in units of seats / people
    bound: float
    compositions: list[tuple[float, Counts]]


def prepare(people: Sequence[Person], rules: Rules, list_digest: str) -> Preparation:
    """The lottery of a list; DrawRefused with the nearest possible quotas when there is none."""
    if len(people) < rules.seats:
        raise DrawRefused(f"La liste compte {len(people)} personnes pour {rules.seats} places.")
    coarse = by_profile(people, rules)
    grouping, lottery = coarse, _plain(coarse, FEW_ROUNDS if coarse.tight else MOST_ROUNDS)
    if coarse.tight and (lottery is None or lottery.smallest < lottery.bound * ENOUGH):
        fine = by_pattern(people, coarse)
        tied = _tied(fine)
        if tied and (lottery is None or tied.smallest > lottery.smallest * (1 + 1e-6)):
            grouping, lottery = fine, tied
        else:
            lottery = _plain(coarse, MOST_ROUNDS)
        if lottery is None:
            grouping, lottery = fine, _loose(fine)
    if lottery is None:
        raise DrawRefused(explain(people, by_pattern(people, coarse)))
    return Preparation(
        rules=rules,
        list_digest=list_digest,
        by_pattern=grouping is not coarse,
        profiles=grouping.profiles,
        groups=grouping.groups,
        entrants=[
            Entrant(one.line, one.household, group)
            for one, group in zip(people, grouping.of_person, strict=True)
        ],
        compositions=_in_whole_numbers(lottery.compositions),
    )


def check_optimal(preparation: Preparation) -> None:
    """Solve again, from the people of a record; DrawRefused when chances could be better."""
    profiles, groups = preparation.profiles, preparation.groups
    people = [Person(o.line, o.household, profiles[groups[o.group]]) for o in preparation.entrants]
    again = prepare(people, preparation.rules, preparation.list_digest)
    pairs = [
        (preparation.chances[told.group], again.chances[found.group])
        for told, found in zip(preparation.entrants, again.entrants, strict=True)
    ]
    if any(bool(told) != bool(found) for told, found in pairs):
        raise DrawRefused("Chances : ceux qui n’en ont aucune ne sont pas les bons.")
    told = min(one for one, _ in pairs if one)
    best = min(one for _, one in pairs if one)
    if float(told) < float(best) * (1 - 1e-6):
        raise DrawRefused(
            f"Chances : la plus petite est {float(told):.6g}, elle pourrait être {float(best):.6g}."
        )


def _plain(coarse: Grouping, rounds: int) -> _Lottery | None:
    """The lottery with a group for each profile; profiles that quotas shut out have no chance."""
    aside = _shut_out(coarse, households=False)
    found = None if aside is None else _lottery(coarse, aside, tied=False, rounds=rounds)
    if found or aside is None:
        return found
    exact = _shut_out_of_all(coarse, aside, households=False)
    return None if exact == aside else _lottery(coarse, exact, tied=False, rounds=rounds)


def _tied(fine: Grouping) -> _Lottery | None:
    """The lottery that treats patterns of households apart and gives a profile one chance."""
    aside = _shut_out(fine, households=False)
    return None if aside is None else _lottery(fine, aside, tied=True)


def _loose(fine: Grouping) -> _Lottery | None:
    """The same once some cannot be drawn because of those with whom they live: with one chance for
    a profile if it can still be, else with the chances that households leave."""
    aside = _shut_out(fine, households=True)
    if aside is None:
        return None
    exact = _shut_out_of_all(fine, aside, households=True)
    able = {profile for group, profile in enumerate(fine.groups) if group not in exact}
    unable = {group for group, profile in enumerate(fine.groups) if profile not in able}
    return _lottery(fine, unable, tied=True) or _lottery(fine, exact, tied=False)


def _shut_out(grouping: Grouping, *, households: bool) -> set[int] | None:
    """Groups that no mixture of panels can hold as far as sums tell; None when nothing can be."""
    rows = rows_of(grouping, households=households)
    size = rows.width
    cap = 0.1 / size
    rows.width = 2 * size
    for group in range(size):
        rows.add([(group, 1.0), (size + group, -1.0)], 0.0, math.inf)
    bounds = [(0.0, float(most)) for most in grouping.most] + [(0.0, cap)] * size
    found = solve([0.0] * size + [-1.0] * size, rows, bounds)
    if found is None:
        return None
    return {group for group in range(size) if found[0][size + group] < cap / 1_000}


def _shut_out_of_all(grouping: Grouping, aside: set[int], *, households: bool) -> set[int]:
    """Groups that no panel in whole numbers can hold; `aside` are known to be among them."""
    rows = rows_of(grouping, households=households)
    low = [0.0] * rows.width
    high = [0.0 if group in aside else float(n) for group, n in enumerate(grouping.most)]
    able: set[int] = set()
    for group in range(rows.width):
        if group in able or group in aside:
            continue
        value = [float(other == group) for other in range(rows.width)]
        found = best_composition(rows, value, low, high)
        if found is None:
            break
        able |= {other for other, count in enumerate(found) if count}
    return set(range(rows.width)) - able


def _lottery(
    grouping: Grouping, aside: set[int], *, tied: bool, rounds: int = MOST_ROUNDS
) -> _Lottery | None:
    """The best lottery over these groups; None without one that gives everybody a chance."""
    aim = _aim(grouping, aside, tied=tied)
    if aim is None or aim[0] < 1e-6:
        return None
    bound, expected = aim
    known = _take_apart(grouping, expected)
    rows = rows_of(grouping)
    most = [0.0 if group in aside else float(n) for group, n in enumerate(grouping.most)]
    if not known:
        first = best_composition(rows, expected, [0.0] * rows.width, most)
        if first is None or not fits(grouping, first):
            return None
        known = [first]
    seen = set(known)
    for _ in range(rounds):
        solved = _weigh(grouping, aside, known, tied=tied)
        if solved is None:
            return None
        smallest, missing, values = solved
        if missing < NEAR and smallest >= bound * ENOUGH:
            break
        new = best_composition(rows, values, [0.0] * rows.width, most)
        if new is None or new in seen or not fits(grouping, new):
            break
        seen.add(new)
        known.append(new)
    if missing > 1e-7 or smallest < 1e-6:
        return None
    return _evened(grouping, aside, known, smallest, bound, tied=tied)


def _unit(grouping: Grouping) -> float:
    return grouping.rules.seats / len(grouping.of_person)


def _ties(grouping: Grouping) -> list[tuple[int, int]]:
    """Pairs of groups of one profile, each with the first of its profile."""
    first: dict[int, int] = {}
    pairs = []
    for group, profile in enumerate(grouping.groups):
        if first.setdefault(profile, group) != group:
            pairs.append((first[profile], group))
    return pairs


def _aim(grouping: Grouping, aside: set[int], *, tied: bool) -> tuple[float, list[float]] | None:
    """The largest smallest chance that sums allow (in units), and expected numbers that give it
    with the largest chance as small as possible."""
    size, unit = len(grouping.groups), _unit(grouping)
    bounds: list[tuple[float, float | None]] = [
        (0.0, 0.0 if group in aside else float(most)) for group, most in enumerate(grouping.most)
    ]

    def rows() -> Rows:
        found = rows_of(grouping)
        found.width += 1
        for one, other in _ties(grouping) if tied else ():
            sizes = grouping.sizes
            found.add([(one, 1.0 / sizes[one]), (other, -1.0 / sizes[other])], 0.0, 0.0)
        return found

    lower = rows()
    for group, people in enumerate(grouping.sizes):
        if group not in aside:
            lower.add([(group, 1.0), (size, -unit * people)], 0.0, math.inf)
    solved = solve([0.0] * size + [-1.0], lower, [*bounds, (0.0, None)])
    if solved is None:
        return None
    best = solved[0][size]
    upper = rows()
    for group, people in enumerate(grouping.sizes):
        if group not in aside:
            upper.add([(group, 1.0)], best * (1 - 1e-9) * unit * people, math.inf)
            upper.add([(group, 1.0), (size, -unit * people)], -math.inf, 0.0)
    evened = solve([0.0] * size + [1.0], upper, [*bounds, (0.0, None)])
    return best, (evened or solved)[0][:size]


def _take_apart(grouping: Grouping, expected: Sequence[float]) -> list[Counts]:
    """Compositions whose mixture is this expected one, or most of it.

    A composition that respects every limit which the point touches is taken out with as much
    weight as it may have; the rest then touches one limit more.
    """
    rows = rows_of(grouping)
    point, left, found = [_snapped(one) for one in expected], 1.0, []
    for _ in range(3 * (rows.width + len(rows.parts))):
        low = [math.floor(one) for one in point]
        high = [math.ceil(one) for one in point]
        sums = [sum(value * point[at] for at, value in part) for part in rows.parts]
        face = Rows(rows.width, parts=rows.parts)
        for total, least, most in zip(sums, rows.low, rows.high, strict=True):
            face.low.append(most if total > most - 1e-7 else least)
            face.high.append(least if total < least + 1e-7 else most)
        value = [one - floor for one, floor in zip(point, low, strict=True)]
        taken = best_composition(face, value, [float(n) for n in low], [float(n) for n in high])
        if taken is None or not fits(grouping, taken):
            break
        found.append(taken)
        away = [one - count for one, count in zip(point, taken, strict=True)]
        if max(map(abs, away)) < 1e-7:
            break
        step = min(
            (end - one) / move
            for one, move, least, most in zip(point, away, low, high, strict=True)
            if abs(move) > 1e-10
            for end in [most if move > 0 else least]
        )
        for part, total, least, most in zip(rows.parts, sums, rows.low, rows.high, strict=True):
            move = sum(value * away[at] for at, value in part)
            if abs(move) > 1e-7:
                step = min(step, ((most if move > 0 else least) - total) / move)
        left /= 1 + max(step, 0.0)
        if step < 1e-10 or left < 1e-10:
            break
        point = [_snapped(one + step * move) for one, move in zip(point, away, strict=True)]
    return list(dict.fromkeys(found))


def _snapped(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) < 1e-7 else max(value, 0.0)


def _mixture(
    grouping: Grouping, known: Sequence[Counts], extra: int, *, tied: bool
) -> tuple[Rows, list[list[tuple[int, float]]], list[tuple[int, int]]]:
    """Rows that weights must meet (their sum, then ties), and the expected number of each group."""
    rows = Rows(len(known) + extra)
    rows.add([(at, 1.0) for at in range(len(known))], 1.0, 1.0)
    numbers: list[list[tuple[int, float]]] = [[] for _ in grouping.groups]
    for at, counts in enumerate(known):
        for group, count in enumerate(counts):
            if count:
                numbers[group].append((at, float(count)))
    return rows, numbers, _ties(grouping) if tied else []


def _tie(
    grouping: Grouping, numbers: list[list[tuple[int, float]]], pair: tuple[int, int]
) -> list[tuple[int, float]]:
    """One chance less the other, in units, over the weights."""
    unit, (one, other) = _unit(grouping), pair
    part: dict[int, float] = {}
    for group, sign in ((one, 1.0), (other, -1.0)):
        for at, count in numbers[group]:
            part[at] = part.get(at, 0.0) + sign * count / (unit * grouping.sizes[group])
    return list(part.items())


def _weigh(
    grouping: Grouping, aside: set[int], known: Sequence[Counts], *, tied: bool
) -> tuple[float, float, list[float]] | None:
    """With the compositions known so far: the smallest chance, by how much ties are missed, and
    what one more person of each group would be worth in a new composition."""
    unit, sizes, columns = _unit(grouping), grouping.sizes, len(known)
    pairs = len(_ties(grouping)) if tied else 0
    rows, numbers, ties = _mixture(grouping, known, 1 + 2 * pairs, tied=tied)
    smallest = columns
    for place, pair in enumerate(ties):
        slack = columns + 1 + 2 * place
        rows.add([*_tie(grouping, numbers, pair), (slack, 1.0), (slack + 1, -1.0)], 0.0, 0.0)
    chances = [group for group in range(len(sizes)) if group not in aside]
    for group in chances:
        rows.add([*numbers[group], (smallest, -unit * sizes[group])], 0.0, math.inf)
    cost = [0.0] * columns + [-1.0] + [100.0] * (2 * pairs)
    solved = solve(cost, rows, [(0.0, None)] * len(cost))
    if solved is None:
        return None
    point, worth = solved
    values = [0.0] * len(sizes)
    for price, (one, other) in zip(worth[1:], ties, strict=False):
        values[one] += price / (unit * sizes[one])
        values[other] -= price / (unit * sizes[other])
    for price, group in zip(worth[1 + len(ties) :], chances, strict=True):
        values[group] += price
    return point[smallest], sum(point[smallest + 1 :]), values


def _evened(
    grouping: Grouping,
    aside: set[int],
    known: Sequence[Counts],
    smallest: float,
    bound: float,
    *,
    tied: bool,
) -> _Lottery | None:
    """The weights that keep the smallest chance and make the largest as small as possible."""
    unit, columns = _unit(grouping), len(known)
    for given_up in (1e-9, 1e-7, 1e-6):
        rows, numbers, ties = _mixture(grouping, known, 1, tied=tied)
        for pair in ties:
            rows.add(_tie(grouping, numbers, pair), -1e-9 * len(known), 1e-9 * len(known))
        for group, people in enumerate(grouping.sizes):
            if group not in aside:
                least = smallest * (1 - given_up) * unit * people
                rows.add(numbers[group], least, math.inf)
                rows.add([*numbers[group], (columns, -unit * people)], -math.inf, 0.0)
        solved = solve([0.0] * columns + [1.0], rows, [(0.0, None)] * (columns + 1))
        if solved:
            pairs = list(zip(solved[0][:columns], known, strict=True))
            return _Lottery(smallest, bound, [pair for pair in pairs if pair[0] > 1e-12])
    return None


def _in_whole_numbers(found: list[tuple[float, Counts]]) -> list[Composition]:
    """Weights that sum to TOTAL: rounded down, what is left goes to the largest remainders."""
    found = sorted(found, key=lambda pair: pair[1], reverse=True)
    whole = sum(Fraction(weight) for weight, _ in found)
    exact = [Fraction(weight) * TOTAL / whole for weight, _ in found]
    weights = [math.floor(one) for one in exact]
    order = sorted(range(len(found)), key=lambda at: (weights[at] - exact[at], at))
    for at in order[: TOTAL - sum(weights)]:
        weights[at] += 1
    return [
        Composition(weight, counts)
        for weight, (_, counts) in zip(weights, found, strict=True)
        if weight
    ]
