"""Counts made safe to show: small ones are hidden, and nothing shown lets anybody work them out.

A count below five is hidden, nought like four: who sees only that it is small learns nothing of
anybody. A hidden count could still be found from the totals around it; so others are hidden
besides, until each hidden count might be another one, all that is shown being the same.

A table is a network: rows and columns are its nodes, cells run from one to the other. Two tables
that agree on what is shown differ by closed walks over hidden cells, up and down in turn. A hidden
cell can therefore be worked out exactly when no such walk goes through it (`derivable`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FEWEST = 5
Cell = tuple[int, int]
Table = list[list[int]]
Shown = list[list[int | None]]


def hide_in_line(counts: Sequence[int]) -> tuple[list[int | None], int | None]:
    """One row of counts and its total, with None for what stays hidden.

    What is hidden adds up to five at least, and is never one count alone; so that even who knows
    this rule finds none of them.
    """
    total = sum(counts)
    if total < FEWEST:
        return [None] * len(counts), None
    hidden = {place for place, count in enumerate(counts) if count < FEWEST}
    # In the order of the line: to take the smallest would tell that the others are not smaller.
    others = [place for place in range(len(counts)) if place not in hidden]
    while hidden and others and _tells([counts[place] for place in hidden]):
        hidden.add(others.pop(0))
    return [None if place in hidden else count for place, count in enumerate(counts)], total


def _tells(hidden: Sequence[int]) -> bool:
    """Whether counts that are hidden in one line are given away by their sum: one alone, so few
    that they are nearly nothing, or the most that small counts can be."""
    most = all(count == FEWEST - 1 for count in hidden)
    return len(hidden) < 2 or sum(hidden) < FEWEST or most


def hide_in_table(counts: Sequence[Sequence[int]]) -> Shown:
    """A table of counts with a column and a row of totals, with None for what stays hidden."""
    if len(counts) == 1 or len(counts[0]) == 1:
        return _narrow(counts)
    full = with_totals(counts)
    rows, columns = len(full), len(full[0])
    every = {(row, column) for row in range(rows) for column in range(columns)}
    corner = (rows - 1, columns - 1)
    if full[-1][-1] < FEWEST:
        return _shown(full, every)
    hidden = {(row, column) for row, column in every if full[row][column] < FEWEST}
    while hidden:
        more = _weak_line(full, hidden) or _beside(full, hidden, derivable(full, hidden))
        if more is None:
            break
        if more == corner:  # nothing else is left to hide there: the total alone is shown
            hidden = every - {corner}
            break
        hidden.add(more)
    return _shown(full, hidden)


def with_totals(counts: Sequence[Sequence[int]]) -> Table:
    """The same counts with a column and a row of totals."""
    full = [[*row, sum(row)] for row in counts]
    return [*full, [sum(column) for column in zip(*full, strict=True)]]


def derivable(full: Table, hidden: Iterable[Cell]) -> list[Cell]:
    """The hidden cells of a table with totals that have but one possible value, counts being never
    negative and everything else being known."""
    known = set(hidden)
    ups: dict[int, set[int]] = {}  # row -> columns where its cell may grow
    downs: dict[int, set[int]] = {}  # column -> rows whose cell there may shrink
    for row, column in known:
        # A total counts against the cells that it adds up: it grows where they shrink.
        against = (row == len(full) - 1) != (column == len(full[0]) - 1)
        if not against or full[row][column] > 0:
            ups.setdefault(row, set()).add(column)
        if against or full[row][column] > 0:
            downs.setdefault(column, set()).add(row)
    return sorted(cell for cell in known if not _on_a_walk(cell, ups, downs))


def _on_a_walk(cell: Cell, ups: dict[int, set[int]], downs: dict[int, set[int]]) -> bool:
    """Whether a closed walk, up and down in turn, goes through this cell."""
    row, column = cell
    if column in ups.get(row, ()) and _reaches(column, row, cell, ups, downs, from_column=True):
        return True
    return row in downs.get(column, ()) and _reaches(
        row, column, cell, ups, downs, from_column=False
    )


def _reaches(
    start: int,
    goal: int,
    without: Cell,
    ups: dict[int, set[int]],
    downs: dict[int, set[int]],
    *,
    from_column: bool,
) -> bool:
    """Whether one walks from a column to a row (or from a row to a column) without this cell."""
    seen, waiting = {(from_column, start)}, [(from_column, start)]
    wanted = (not from_column, goal)
    while waiting:
        at_column, place = waiting.pop()
        for other in (downs if at_column else ups).get(place, ()):
            cell = (other, place) if at_column else (place, other)
            step = (not at_column, other)
            if cell != without and step not in seen:
                if step == wanted:
                    return True
                seen.add(step)
                waiting.append(step)
    return False


def _lines(full: Table) -> list[list[Cell]]:
    """The cells of each row and each column, its total last."""
    rows, columns = range(len(full)), range(len(full[0]))
    across = [[(row, column) for column in columns] for row in rows]
    return across + [[(row, column) for row in rows] for column in columns]


def _weak_line(full: Table, hidden: set[Cell]) -> Cell | None:
    """What to hide besides where a line hides one cell alone, or less than five in all."""
    for line in _lines(full):
        inside = [cell for cell in line if cell in hidden]
        if not inside:
            continue
        summed = line[-1] not in hidden
        if len(inside) < 2 or (summed and _tells([full[row][column] for row, column in inside])):
            more = _smallest(full, line, hidden)
            if more is not None:
                return more
    return None


def _beside(full: Table, hidden: set[Cell], known: list[Cell]) -> Cell | None:
    """What to hide besides when a hidden cell can be worked out."""
    if not known:
        return None
    row, column = known[0]
    around = [(row, other) for other in range(len(full[0]))]
    around += [(other, column) for other in range(len(full))]
    corner = (len(full) - 1, len(full[0]) - 1)
    return _smallest(full, [*(one for one in around if one != corner), corner], hidden)


def _smallest(full: Table, cells: list[Cell], hidden: set[Cell]) -> Cell | None:
    """The smallest shown cell, a total only when nothing else is left; the corner last of all."""
    last = (len(full) - 1, len(full[0]) - 1)
    left = [cell for cell in cells if cell not in hidden]

    def order(cell: Cell) -> tuple[bool, bool, int, Cell]:
        total = cell[0] == last[0] or cell[1] == last[1]
        return (cell == last, total, full[cell[0]][cell[1]], cell)

    return min(left, key=order, default=None)


def _narrow(counts: Sequence[Sequence[int]]) -> Shown:
    """A table of one row or one column: its totals say the same as its cells."""
    if len(counts) == 1:
        cells, total = hide_in_line(counts[0])
        return [[*cells, total], [*cells, total]]
    cells, total = hide_in_line([row[0] for row in counts])
    return [[one, one] for one in [*cells, total]]


def _shown(full: Table, hidden: set[Cell]) -> Shown:
    return [
        [None if (row, column) in hidden else count for column, count in enumerate(line)]
        for row, line in enumerate(full)
    ]


# --- What is told without a count ---------------------------------------------------------------

BANDS = ((50, "50 et plus"), (20, "20 à 49"), (10, "10 à 19"), (FEWEST, "5 à 9"))
FEW = "moins de 5"


def band(count: int) -> str:
    """A count as one of a few bands: without totals beside it, it adds up to nothing."""
    return next((label for least, label in BANDS if count >= least), FEW)


def rounded(count: int, of: int) -> str:
    """How many of `of` dwellings, to the nearest five, never said exactly.

    Fewer than five is not told; nor is "all but fewer than five", which would say of each
    household of the residence what it owes.
    """
    if count < FEWEST:
        return FEW
    near = FEWEST * round(count / FEWEST)
    most = FEWEST * ((of - FEWEST) // FEWEST)
    return f"{most} et plus" if of - count < FEWEST or near > most else f"environ {near}"
