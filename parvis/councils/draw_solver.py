"""Linear and whole-number programmes over the compositions of a panel, solved by SciPy.

SciPy is imported where it solves: it weighs 70 MB, and no other page of the site needs it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from parvis.councils.draw_groups import Grouping

NEAR = 1e-9
Counts = tuple[int, ...]


@dataclass
class Rows:
    """Linear rows low <= a.x <= high, kept sparse."""

    width: int
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    parts: list[list[tuple[int, float]]] = field(default_factory=list)

    def add(self, part: list[tuple[int, float]], low: float, high: float) -> None:
        self.parts.append(part)
        self.low.append(low)
        self.high.append(high)

    def matrix(self) -> Any:
        return sparse(self.parts, self.width)


def sparse(parts: Sequence[Sequence[tuple[int, float]]], width: int) -> Any:
    """A sparse matrix from its rows."""
    from scipy.sparse import csr_array

    data = [value for part in parts for _, value in part]
    columns = [column for part in parts for column, _ in part]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return csr_array((data, columns, starts), shape=(len(parts), width))


def rows_of(grouping: Grouping, *, households: bool = True) -> Rows:
    """Seats, quotas, and that no household is asked for more than one share in all."""
    rows = Rows(len(grouping.groups))
    seats = grouping.rules.seats
    rows.add([(group, 1.0) for group in range(rows.width)], seats, seats)
    for column, value, low, high in grouping.rules.limits():
        rows.add([(group, 1.0) for group in grouping.holds(column, value)], low, min(high, seats))
    if households:
        for pattern in grouping.tight:
            part = [(g, pattern.count(g) / grouping.sizes[g]) for g in sorted(set(pattern))]
            rows.add(part, 0.0, 1.0)
    return rows


def fits(grouping: Grouping, counts: Counts) -> bool:
    """Whether no household is asked for more than one share, exactly."""
    return all(
        sum(Fraction(counts[group], grouping.sizes[group]) for group in pattern) <= 1
        for pattern in grouping.tight
    )


def best_composition(
    rows: Rows, value: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> Counts | None:
    """The composition worth most within bounds; None when there is none."""
    return solve_whole([-one for one in value], rows, low, high)


def solve_whole(
    cost: Sequence[float], rows: Rows, low: Sequence[float], high: Sequence[float]
) -> Counts | None:
    """The cheapest point in whole numbers within bounds; None when there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        cost,
        integrality=[1] * rows.width,
        bounds=Bounds(low, high),
        constraints=LinearConstraint(rows.matrix(), rows.low, rows.high),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else tuple(round(one) for one in found.x)


def solve(
    cost: Sequence[float], rows: Rows, bounds: Sequence[tuple[float, float | None]]
) -> tuple[list[float], list[float]] | None:
    """The cheapest point of a linear programme, and what each row is worth; None without one."""
    from scipy.optimize import linprog

    upper: list[tuple[int, float]] = []  # row, sign
    equal: list[int] = []
    for number, (low, high) in enumerate(zip(rows.low, rows.high, strict=True)):
        if low == high:
            equal.append(number)
            continue
        if high != math.inf:
            upper.append((number, 1.0))
        if low != -math.inf:
            upper.append((number, -1.0))
    above = [[(column, sign * value) for column, value in rows.parts[n]] for n, sign in upper]
    limits = [rows.high[n] if sign > 0 else -rows.low[n] for n, sign in upper]
    found = linprog(
        cost,
        A_ub=sparse(above, rows.width) if above else None,
        b_ub=limits or None,
        A_eq=sparse([rows.parts[n] for n in equal], rows.width) if equal else None,
        b_eq=[rows.low[n] for n in equal] or None,
        bounds=bounds,
        method="highs",
    )
    if found.x is None or found.status != 0:
        return None
    worth = [0.0] * len(rows.parts)
    for (number, sign), price in zip(upper, found.ineqlin.marginals if upper else [], strict=True):
        worth[number] += sign * float(price)
    for number, price in zip(equal, found.eqlin.marginals if equal else [], strict=True):
        worth[number] += float(price)
    return [float(one) for one in found.x], worth
