"""Where the headings of a table stand in a sheet, and which column holds which field."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.tfpb.tabling.fields import COLUMNS
from parvis.tfpb.tabling.grids import Grid, address, fold, loose, text_of
from parvis.tfpb.tabling.mapping import Column, Mapping

SEARCHED = 60  # rows from the top


@dataclass
class Headings:
    """What was found: the row of the first headings, the column of each field, the rest."""

    row: int
    columns: dict[str, int]  # field: column
    unread: list[str]  # headings that the model does not know, with their address
    twice: list[tuple[str, str]]  # address and words of one that a column before already bears

    def missing(self, mapping: Mapping) -> list[str]:
        """The words of the fields that no row does without, and that have no column."""
        known = COLUMNS[mapping.document].values()
        return [one.label for one in known if one.needed and one.code not in self.columns]


def written_at(grid: Grid, row: int, rows: int) -> dict[int, tuple[str, str]]:
    """The heading of each column from that row on, with the heading above it ("" when none). One
    above reaches to the right as long as headings stand beneath it, merged or not."""
    found: dict[int, tuple[str, str]] = {}
    group = ""
    for column in range(1, grid.width + 1):
        top = text_of(grid.raw(row, column))
        if rows == 1:
            if top:
                found[column] = ("", top)
            continue
        beneath = text_of(grid.raw(row + 1, column))
        if not beneath:
            group = ""
            if top:
                found[column] = ("", top)
            continue
        group = top or group
        found[column] = (group, beneath)
    return found


def find_headings(grid: Grid, mapping: Mapping) -> Headings:
    """The row that bears most headings of this model; its own row first of equals."""
    rows = [mapping.headings_at, *range(1, min(SEARCHED, len(grid.rows)) + 1)]
    return max((_at(grid, row, mapping) for row in rows), key=lambda one: len(one.columns))


def _at(grid: Grid, row: int, mapping: Mapping) -> Headings:
    written = written_at(grid, row, mapping.heading_rows)
    spelt = {
        at: (fold(group), fold(heading), loose(heading)) for at, (group, heading) in written.items()
    }
    taken: dict[int, Column] = {}
    twice: list[tuple[str, str]] = []
    for fits in (_exactly, _beneath, _loosely):
        for at, words in spelt.items():
            if at in taken:
                continue
            found = [one for one in mapping.columns if fits(one, *words)]
            # A heading that stands under several others is not known by itself alone.
            if len(found) == 1 and found[0] not in taken.values():
                taken[at] = found[0]
            elif len(found) == 1 and fits is _exactly:
                twice.append((address(row, at), written[at][1]))
                taken[at] = Column(written[at][1])
    last = row + mapping.heading_rows - 1
    return Headings(
        row,
        {one.field: at for at, one in taken.items() if one.field},
        [f"{address(last, at)} {words[1]}" for at, words in written.items() if at not in taken],
        twice,
    )


def _exactly(one: Column, group: str, heading: str, bare: str) -> bool:
    return group == one.folded_group and heading in one.headings


def _beneath(one: Column, group: str, heading: str, bare: str) -> bool:
    return heading in one.headings


def _loosely(one: Column, group: str, heading: str, bare: str) -> bool:
    return bool(bare) and bare in one.loose_headings


def repeats(grid: Grid, row: int, headings: Headings, mapping: Mapping) -> bool:
    """Whether that row is the headings again, as on the top of each printed page."""
    by_field = {one.field: one for one in mapping.columns if one.field}
    same = [
        code
        for code, column in headings.columns.items()
        if fold(text_of(grid.raw(row, column))) in by_field[code].headings
    ]
    return len(same) >= 3
