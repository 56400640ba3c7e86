"""docs/draw.md is enough to draw again: this is written from that page, not from the code."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.councils.draw_record import make_record, read_record
from tests.councils.lists import drawn, people, prepared, rules
from tests.ground import house

PAGE = (house.ROOT / "docs/draw.md").read_text()


def ranked(seed: str, purpose: str, number: int) -> bytes:
    text = f"parvis-draw-1|{seed.lower()}|{purpose}|{number}"
    return hashlib.sha256(text.encode("ascii")).digest()


def stream(seed: str, purpose: str) -> Callable[[int], int]:
    counter = 0

    def below(limit: int) -> int:
        nonlocal counter
        digits = 0 if limit == 1 else len(f"{limit - 1:b}")
        blocks = math.ceil(digits / 256)
        while True:
            read = ""
            for _ in range(blocks):
                counter += 1
                read += "".join(f"{byte:08b}" for byte in ranked(seed, purpose, counter))
            number = int(read[:digits] or "0", 2)
            if number < limit:
                return number

    return below


def settle(lines: list[list[Any]], whole: int, below: Callable[[int], int]) -> None:
    """`lines`: [one end, other end, share], in order; slow and plain."""
    while True:
        open_lines = [n for n, line in enumerate(lines) if line[2] % whole]
        if not open_lines:
            return
        point, last, way, met = lines[open_lines[0]][0], None, [], {}
        while point not in met:
            met[point] = len(way)
            last = next(n for n in open_lines if n != last and point in lines[n][:2])
            way.append(last)
            point = lines[last][1] if lines[last][0] == point else lines[last][0]
        way = way[met[point] :]
        odd, even = way[0::2], way[1::2]
        left = {n: lines[n][2] % whole for n in way}
        rise = min([whole - left[n] for n in odd] + [left[n] for n in even])
        fall = min([left[n] for n in odd] + [whole - left[n] for n in even])
        move = rise if below(rise + fall) < fall else -fall
        for n in way:
            lines[n][2] += move if n in odd else -move


def again(record: dict[str, Any]) -> tuple[list[int], list[list[int]]]:
    seed, before = record["draw"]["seed"], record["preparation"]
    size = [group[1] for group in before["groups"]]
    x = stream(seed, "composition")(2**40)
    taken: dict[int, int] = {}
    for weight, parts in before["compositions"]:
        x -= weight
        if x < 0:
            taken = dict(parts)
            break
    homes: dict[int, list[tuple[int, int]]] = {}
    for line, household, group in before["people"]:
        if group in taken:
            homes.setdefault(household, []).append((group, line))
    kinds: dict[tuple[int, ...], list[int]] = {}
    for household, members in homes.items():
        kinds.setdefault(tuple(sorted(group for group, _ in members)), []).append(household)
    numbered = {kind: number for number, kind in enumerate(sorted(kinds))}
    ordered = sorted(kinds, key=lambda kind: ranked(seed, "kind", numbered[kind]))
    whole = math.lcm(*(size[group] for group in taken))
    lines: list[list[Any]] = []
    rest = {}
    for kind in ordered:
        for group in sorted(set(kind)):
            share = whole * len(kinds[kind]) * kind.count(group) * taken[group] // size[group]
            lines.append([("group", group), kind, share])
        rest[kind] = whole * len(kinds[kind]) - sum(one[2] for one in lines if one[1] == kind)
    lines = [["nobody", kind, rest[kind]] for kind in ordered] + lines
    settle(lines, whole, stream(seed, "share"))
    chosen: list[tuple[int, int, int]] = []
    for kind in ordered:
        queue = sorted(kinds[kind], key=lambda household: ranked(seed, "household", household))
        for start, end, share in lines:
            if end == kind and start != "nobody":
                for _ in range(share // whole):
                    household = queue.pop(0)
                    own = [line for group, line in homes[household] if group == start[1]]
                    line = min(own, key=lambda line: ranked(seed, "person", line))
                    chosen.append((line, household, start[1]))
    chosen.sort(key=lambda one: ranked(seed, "panel", one[0]))
    return [line for line, _, _ in chosen], reserve_again(record, chosen)


def reserve_again(record: dict[str, Any], chosen: list[tuple[int, int, int]]) -> list[list[int]]:
    seed, before = record["draw"]["seed"], record["preparation"]
    busy = {household for _, household, _ in chosen}
    columns = sorted(before["rules"]["quotas"])

    def profile(group: int) -> list[str | None]:
        return before["profiles"][before["groups"][group][0]]  # type: ignore[no-any-return]

    def met(seat: int, group: int) -> bool:
        after = [profile(g) for _, _, g in chosen]
        after[seat] = profile(group)
        return all(
            low <= sum(one[place] == value for one in after) <= high
            for place, column in enumerate(columns)
            for value, (low, high) in before["rules"]["quotas"][column].items()
        )

    found: list[list[int]] = []
    while True:
        start = len(found)
        for seat, (_, _, group) in enumerate(chosen):
            if len(found) == before["rules"]["reserve"]:
                return found
            able = [
                (
                    -sum(a == b for a, b in zip(profile(group), profile(other), strict=True)),
                    ranked(seed, "reserve", line),
                    line,
                    household,
                )
                for line, household, other in before["people"]
                if household not in busy and met(seat, other)
            ]
            if able:
                *_, line, household = min(able)
                busy.add(household)
                found.append([line, seat + 1])
        if len(found) == start:
            return found


def test_the_example_of_the_page_holds() -> None:
    (example,) = re.findall(r"```json\n(.*)\n```", PAGE)
    record = json.loads(example)
    assert read_record(example.encode()).panel == record["draw"]["panel"]
    assert again(record) == (record["draw"]["panel"], record["draw"]["reserve"])
    assert stream(record["draw"]["seed"], "composition")(2**40) == 747495214970
    below = stream(record["draw"]["seed"], "share")
    assert (below(8), below(12)) == (5, 2)
    below = stream("0" * 32, "share")
    numbers = [below(10), below(1000), below(2**40)]
    assert ", ".join(map(str, numbers)) in PAGE


@pytest.mark.parametrize("seats", [4, 11])
def test_the_page_gives_the_panel_of_the_command(seats: int, tmp_path: Path) -> None:
    quotas = {"sexe": {"F": [1, 9], "H": [2, 9]}, "age": {"18-29": [1, 2], "75+": [1, 4]}}
    record = json.loads(drawn(tmp_path, seats=seats, quotas=quotas, reserve=30).read_bytes())
    assert again(record) == (record["draw"]["panel"], record["draw"]["reserve"])


@settings(max_examples=40)
@given(
    st.lists(st.text("FHX", min_size=1, max_size=4), min_size=6, max_size=14),
    st.integers(1, 4),
    st.binary(min_size=16, max_size=40),
)
def test_the_page_gives_the_panel_of_any_draw(homes: list[str], seats: int, seed: bytes) -> None:
    some = people("F", "H", *homes)
    by = rules(seats, reserve=3, sexe={"F": [0, 2], "H": [0, 2]})
    _, raw = make_record(prepared(some, by), seed.hex())
    record = json.loads(raw)
    assert again(record) == (record["draw"]["panel"], record["draw"]["reserve"])
