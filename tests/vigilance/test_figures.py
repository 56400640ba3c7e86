"""No hidden count can be worked out from what is shown, totals included."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.vigilance.figures import (
    FEWEST,
    band,
    derivable,
    hide_in_line,
    hide_in_table,
    rounded,
    with_totals,
)

COUNT = st.one_of(st.integers(0, 4), st.integers(0, 9), st.integers(0, 40))


def split(total: int, into: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many counts add up to a total."""
    if into == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in split(total - first, into - 1):
            yield (first, *rest)


@given(counts=st.lists(COUNT, min_size=1, max_size=9))
def test_a_line_shows_no_small_count_and_hides_none_alone(counts: list[int]) -> None:
    shown, total = hide_in_line(counts)
    assert all(cell is None or cell >= FEWEST for cell in [*shown, total])
    assert all(cell in (None, count) for cell, count in zip(shown, counts, strict=True))
    hidden = [count for cell, count in zip(shown, counts, strict=True) if cell is None]
    assert total is None or not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST)


@settings(max_examples=150, deadline=None)
@given(counts=st.lists(st.integers(0, 8), min_size=2, max_size=4))
def test_who_knows_how_lines_are_hidden_still_finds_no_count(counts: list[int]) -> None:
    """Every line of counts that would be shown just the same: each hidden count varies in them."""
    seen = hide_in_line(counts)
    if seen[1] is None:
        return  # not even the total is told
    alike = [one for one in split(seen[1], len(counts)) if hide_in_line(one) == seen]
    for place, cell in enumerate(seen[0]):
        assert cell is not None or len({one[place] for one in alike}) > 1


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[list[list[int]]]:
    """Tables whose counts add up to so much at most."""
    cells = st.lists(st.one_of(st.integers(0, 5), st.integers(0, most)), min_size=columns)
    row = cells.map(lambda found: found[:columns])
    table = st.lists(row, min_size=rows, max_size=rows)
    return table.filter(lambda found: sum(map(sum, found)) <= most)


@settings(max_examples=120, deadline=None)
@given(counts=st.one_of(tables(2, 2, 24), tables(2, 3, 14), tables(3, 2, 14)))
def test_every_hidden_count_of_a_table_might_be_another_one(counts: list[list[int]]) -> None:
    """All tables of the same total are tried: those that agree on everything shown differ in each
    hidden cell, totals included."""
    shown = hide_in_table(counts)
    if shown[-1][-1] is None:
        assert all(cell is None for line in shown for cell in line)
        return
    rows, columns = len(counts), len(counts[0])
    alike = []
    for flat in split(shown[-1][-1], rows * columns):
        full = with_totals([list(flat[at * columns : (at + 1) * columns]) for at in range(rows)])
        if all(
            cell is None or cell == full[row][column]
            for row, line in enumerate(shown)
            for column, cell in enumerate(line)
        ):
            alike.append(full)
    for row, line in enumerate(shown):
        for column, cell in enumerate(line):
            if cell is None:
                assert len({full[row][column] for full in alike}) > 1, (row, column, shown)


@settings(max_examples=150, deadline=None)
@given(
    counts=st.integers(1, 8).flatmap(
        lambda columns: st.lists(
            st.lists(COUNT, min_size=columns, max_size=columns), min_size=1, max_size=9
        )
    )
)
def test_a_large_table_shows_true_counts_none_of_them_small(counts: list[list[int]]) -> None:
    shown, full = hide_in_table(counts), with_totals(counts)
    cells = [(row, column) for row in range(len(full)) for column in range(len(full[0]))]
    assert all(
        shown[row][column] is None or FEWEST <= shown[row][column] == full[row][column]
        for row, column in cells
    )
    hidden = [(row, column) for row, column in cells if shown[row][column] is None]
    told = shown[-1][-1] is not None and len(counts) > 1 and len(counts[0]) > 1
    assert not told or derivable(full, hidden) == []


def test_a_count_hidden_alone_hides_a_neighbour() -> None:
    assert hide_in_line([12, 3, 9, 20]) == ([None, None, 9, 20], 44)


def test_noughts_that_add_up_to_nothing_hide_a_neighbour_too() -> None:
    assert hide_in_line([0, 0, 7, 20]) == ([None, None, None, 20], 27)


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert hide_in_table([[5, 6], [7, 8]]) == [[5, 6, 11], [7, 8, 15], [12, 14, 26]]


@given(of=st.integers(20, 900), data=st.data())
def test_unpaid_charges_are_never_told_exactly_nor_of_everybody(of: int, data: object) -> None:
    count = data.draw(st.integers(0, of))  # type: ignore[attr-defined]
    told = rounded(count, of)
    alike = [one for one in range(of + 1) if rounded(one, of) == told]
    assert count in alike
    assert len(alike) > 2
    assert min(alike) < of - FEWEST + 1 or told.endswith("et plus")


def test_bands_have_no_gap() -> None:
    found = [band(count) for count in range(60)]
    assert found.count("moins de 5") == 5
    assert found[5] == "5 à 9"
    assert found[10] == "10 à 19"
    assert found[50:] == ["50 et plus"] * 10
