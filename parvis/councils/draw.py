"""From what was published before a draw by lot, and its seed, to the panel and the reserve.

Whole numbers and SHA-256 only, so that any machine finds the same people. `docs/draw.md` tells the
algorithm; whatever changes here changes DOMAIN, that page and its worked example.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from parvis.councils.draw_rules import DrawRefused, Profile, Rules

DOMAIN = "parvis-draw-1"
LEAST_SEED, MOST_SEED = 32, 1_024  # hexadecimal digits: 128 bits at least
_HEXADECIMAL = frozenset("0123456789abcdef")


class Entrant(NamedTuple):
    """Somebody who may be drawn: a line of the list, a household number, a group (from 0)."""

    line: int
    household: int
    group: int


class Composition(NamedTuple):
    """How many people of each group a panel has, and its weight (chances are weights over sum)."""

    weight: int
    counts: tuple[int, ...]


class Reserved(NamedTuple):
    """A person of the reserve, and the seat of the panel (from 1) that she would take first."""

    line: int
    seat: int


@dataclass(frozen=True)
class Preparation:
    """All that is fixed before the seed is known. `groups`: the profile (its index) of each group.

    People of one group have one chance: with `by_pattern`, a group is a profile in households of
    one pattern; otherwise it is the profile.
    """

    rules: Rules
    list_digest: str
    by_pattern: bool
    profiles: list[Profile]
    groups: list[int]
    entrants: list[Entrant]
    compositions: list[Composition]

    @cached_property
    def sizes(self) -> list[int]:
        """How many people each group has."""
        found = [0] * len(self.groups)
        for entrant in self.entrants:
            found[entrant.group] += 1
        return found

    @cached_property
    def chances(self) -> list[Fraction]:
        """The chance of each person of each group, exactly."""
        total = sum(one.weight for one in self.compositions)
        return [
            Fraction(sum(one.weight * one.counts[group] for one in self.compositions), total * size)
            for group, size in enumerate(self.sizes)
        ]


def read_seed(text: str) -> str:
    """The seed as the draw uses it: hexadecimal digits in small letters; DrawRefused otherwise."""
    seed = text.lower()
    if not set(seed) <= _HEXADECIMAL:
        raise DrawRefused("Graine : il faut des chiffres hexadécimaux (0-9, a-f), sans blanc.")
    if not LEAST_SEED <= len(seed) <= MOST_SEED:
        raise DrawRefused(
            f"Graine : il faut de {LEAST_SEED} (128 bits) à {MOST_SEED} chiffres hexadécimaux."
        )
    return seed


def rank(seed: str, purpose: str, number: int) -> bytes:
    """What orders people by lot: the least comes first."""
    return hashlib.sha256(f"{DOMAIN}|{seed}|{purpose}|{number}".encode()).digest()


class Dice:
    """Uniform whole numbers, one after the other, from a seed."""

    def __init__(self, seed: str, purpose: str) -> None:
        self._seed, self._purpose, self._next = seed, purpose, 0

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1: as many bits as it takes, again when it is too large."""
        bits = (limit - 1).bit_length()
        blocks = -(-bits // 256)
        while True:
            drawn = b"".join(self._block() for _ in range(blocks))
            number = int.from_bytes(drawn, "big") >> (256 * blocks - bits)
            if number < limit:
                return number

    def _block(self) -> bytes:
        self._next += 1
        return rank(self._seed, self._purpose, self._next)


def draw(preparation: Preparation, seed: str) -> tuple[list[int], list[Reserved]]:
    """The panel (lines of the list, in the order of its seats) and the reserve, in order."""
    seed = read_seed(seed)
    counts = _pick_composition(preparation.compositions, seed)
    taken = pick_people(preparation.entrants, counts, preparation.sizes, seed)
    panel = sorted(taken, key=lambda one: rank(seed, "panel", one.line))
    return [one.line for one in panel], list(_reserve(preparation, panel, seed))


def _pick_composition(compositions: Sequence[Composition], seed: str) -> tuple[int, ...]:
    number = Dice(seed, "composition").below(sum(one.weight for one in compositions))
    for one in compositions:
        number -= one.weight
        if number < 0:
            return one.counts
    raise AssertionError("the weights do not hold their sum")


def pick_people(
    entrants: Sequence[Entrant], counts: Sequence[int], sizes: Sequence[int], seed: str
) -> list[Entrant]:
    """So many people of each group, at most one of a household, each with the chance count/size.

    Households are alike when they hold as many people of each group that the panel takes. How many
    people of a group come from each kind of household is a share that is rarely whole: shares are
    settled by lot. Then households of a kind and members of a household follow their rank.
    """
    homes: dict[int, list[Entrant]] = defaultdict(list)
    for one in entrants:
        if counts[one.group]:
            homes[one.household].append(one)
    kinds: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, members in homes.items():
        kinds[tuple(sorted(one.group for one in members))].append(number)
    places = {kind: place for place, kind in enumerate(sorted(kinds))}
    order = sorted(places, key=lambda kind: rank(seed, "kind", places[kind]))
    taken = []
    for kind, numbers in zip(order, _numbers(order, kinds, counts, sizes, seed), strict=True):
        if not numbers:
            continue
        first = iter(sorted(kinds[kind], key=lambda number: rank(seed, "household", number)))
        for group, number in numbers:
            for _ in range(number):
                some = [one for one in homes[next(first)] if one.group == group]
                taken.append(min(some, key=lambda one: rank(seed, "person", one.line)))
    return taken


def _numbers(
    order: Sequence[tuple[int, ...]],
    kinds: dict[tuple[int, ...], list[int]],
    counts: Sequence[int],
    sizes: Sequence[int],
    seed: str,
) -> list[list[tuple[int, int]]]:
    """For each kind of household: its groups in order, and how many people of each it gives."""
    whole = math.lcm(*(size for size, count in zip(sizes, counts, strict=True) if count))
    nobody = len(counts)  # stands for the households that give nobody
    shares = [len(kinds[kind]) * whole for kind in order]
    ends = [(nobody, nobody + 1 + place) for place in range(len(order))]
    edges: list[dict[int, int]] = []
    for place, kind in enumerate(order):
        edges.append({})
        for group in sorted(set(kind)):
            people = len(kinds[kind]) * kind.count(group)
            edges[place][group] = len(shares)
            shares.append(people * counts[group] * whole // sizes[group])
            ends.append((group, nobody + 1 + place))
            shares[place] -= shares[-1]
    if any(share < 0 for share in shares):
        raise DrawRefused("Une composition demande trop à un même foyer.")
    _settle(shares, ends, whole, Dice(seed, "share"))
    return [
        [(group, shares[edge] // whole) for group, edge in own.items() if shares[edge]]
        for own in edges
    ]


def _settle(shares: list[int], ends: list[tuple[int, int]], whole: int, dice: Dice) -> None:
    """Move shares by lot until each is a multiple of `whole`, one of the two around it.

    Shares go up and down in turn around a closed way, so that sums at its nodes never change, and
    as likely by as much that each keeps its expected value.
    """
    at: dict[int, list[int]] = defaultdict(list)  # at each node its edges, the first one last
    for edge in range(len(shares) - 1, -1, -1):
        if shares[edge] % whole:
            for node in ends[edge]:
                at[node].append(edge)

    def onward(node: int, came_by: int) -> int:
        """The first edge of this node that is not settled, apart from that one."""
        stack, kept = at[node], []
        while stack[-1] == came_by or not shares[stack[-1]] % whole:
            edge = stack.pop()
            if edge == came_by:
                kept.append(edge)
        edge = stack[-1]
        stack.extend(kept)
        return edge

    for first in range(len(shares)):
        while shares[first] % whole:
            node, edge = ends[first][0], -1
            way: list[int] = []
            seen = {node: 0}
            while True:
                edge = onward(node, edge)
                way.append(edge)
                node = ends[edge][0] + ends[edge][1] - node
                if node in seen:
                    break
                seen[node] = len(way)
            way = way[seen[node] :]
            over = [shares[edge] % whole for edge in way]
            up, down = over[::2], over[1::2]
            rise = min(whole - max(up), min(down))
            fall = min(min(up), whole - max(down))
            move = rise if dice.below(rise + fall) < fall else -fall
            for edge in way:
                shares[edge] += move
                move = -move


def meets_quotas(rules: Rules, counts: Sequence[tuple[Profile, int]]) -> bool:
    """Whether so many people of each profile fill the seats and meet every quota."""
    if sum(count for _, count in counts) != rules.seats:
        return False
    found: Counter[tuple[int, str | None]] = Counter()
    for profile, count in counts:
        if count:
            for place, value in enumerate(profile):
                found[place, value] += count
    places = {column: place for place, column in enumerate(rules.columns)}
    return all(
        low <= found[places[column], value] <= high for column, value, low, high in rules.limits()
    )


def _reserve(preparation: Preparation, panel: list[Entrant], seed: str) -> Iterator[Reserved]:
    """Seat after seat, round after round, the person who would take that seat.

    Of the same profile first; then of the profile that shares most values, if the panel would
    still meet its quotas. Never of a household that the panel or the reserve holds already.
    """
    rules, profiles, groups = preparation.rules, preparation.profiles, preparation.groups
    busy = {one.household for one in panel}
    waiting: dict[int, list[Entrant]] = defaultdict(list)  # the first one last
    for one in preparation.entrants:
        waiting[groups[one.group]].append(one)
    ranks = {one.line: rank(seed, "reserve", one.line) for some in waiting.values() for one in some}
    for some in waiting.values():
        some.sort(key=lambda one: ranks[one.line], reverse=True)
    seated = [groups[one.group] for one in panel]

    def suits(seat: int, other: int) -> bool:
        after = [*seated[:seat], other, *seated[seat + 1 :]]
        return meets_quotas(rules, [(profiles[profile], 1) for profile in after])

    known: dict[tuple[int, int], bool] = {}

    def find(seat: int) -> Entrant | None:
        choices = []
        for other, some in waiting.items():
            while some and some[-1].household in busy:
                some.pop()
            if not some:
                continue
            key = (seated[seat], other)
            if key not in known:
                known[key] = suits(seat, other)
            if known[key]:
                own = profiles[seated[seat]]
                alike = sum(a == b for a, b in zip(own, profiles[other], strict=True))
                choices.append((-alike, ranks[some[-1].line], some[-1]))
        return min(choices)[2] if choices else None

    left = rules.reserve
    while left:
        before = left
        for seat in range(len(panel)):
            found = find(seat) if left else None
            if found:
                busy.add(found.household)
                left -= 1
                yield Reserved(found.line, seat + 1)
        if left == before:
            return
