"""A model of table described on screen, from the first rows of somebody's real file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.grids import Grid, address, fold, position, text_of
from parvis.tfpb.tabling.headings import find_headings, written_at
from parvis.tfpb.tabling.mapping import Mapping, shipped

ROWS_SHOWN, COLUMNS_SHOWN = 14, 40


@dataclass
class Guess:
    """How a sheet may be read, before a person says it."""

    headings_at: int
    heading_rows: int
    fields: dict[int, str]  # column: field
    head: dict[str, tuple[str, str]]  # field: address of its label, of its value


def ours(document: str) -> list[Mapping]:
    """Our models of that document: what they know of headings helps to guess."""
    return [one for one in shipped() if one.document == document]


def guess(grid: Grid, document: str) -> Guess:
    """The likeliest reading of that sheet."""
    found = max(
        ((find_headings(grid, one), one) for one in ours(document)),
        key=lambda pair: len(pair[0].columns),
    )
    headings, model = found
    made = Guess(headings.row, model.heading_rows, {}, {})
    made.fields = guess_fields(grid, document, made.headings_at, made.heading_rows)
    made.head = guess_head(grid, made.headings_at)
    return made


def guess_fields(grid: Grid, document: str, row: int, rows: int) -> dict[int, str]:
    """The field of each column that one of our models knows by its heading."""
    known: dict[str, str] = {}
    for model in ours(document):
        for column in model.columns:
            for words in column.headings:
                known.setdefault(column.folded_group + words, column.field)
                known.setdefault(words, column.field)
    taken: set[str] = set()
    found: dict[int, str] = {}
    for at, (group, heading) in written_at(grid, row, rows).items():
        code = known.get(fold(group) + fold(heading)) or known.get(fold(heading), "")
        if code and code not in taken:
            taken.add(code)
            found[at] = code
    return found


def guess_head(grid: Grid, headings_at: int) -> dict[str, tuple[str, str]]:
    """Where the cells of the title block stand, by the words of their labels."""
    labels = {fold(one.label): one.code for one in f.HEAD.values()}
    for document in f.COLUMNS:
        for model in ours(document):
            labels |= {fold(cell.label): cell.field for cell in model.head if cell.field}
    found: dict[str, tuple[str, str]] = {}
    for row in range(1, headings_at):
        for column in grid.filled(row):
            code = labels.get(fold(grid.text(row, column)), "")
            if code and code not in found:
                after = _next(grid, row, column)
                found[code] = address(row, column), address(row, after)
    return found


def _next(grid: Grid, row: int, column: int) -> int:
    """The first cell to the right that is not covered by this one."""
    after = column + 1
    while grid.covered.get((row, after)) == (row, column):
        after += 1
    return after


def first_rows(grid: Grid, upto: int) -> dict[str, Any]:
    """What is shown of the sheet: the letters of its columns, then its rows with their number."""
    width = min(grid.width, COLUMNS_SHOWN)
    last = min(len(grid.rows), max(ROWS_SHOWN, upto + 4))
    return {
        "letters": [address(1, column)[:-1] for column in range(1, width + 1)],
        "rows": [
            {
                "number": row,
                "cells": [text_of(grid.raw(row, column))[:60] for column in range(1, width + 1)],
            }
            for row in range(1, last + 1)
        ],
    }


def words_of(grid: Grid, said: dict[str, Any]) -> dict[str, Any]:
    """The description of a model in the words of tables.toml, from what a person said of a sheet:
    `headings_at`, `heading_rows`, `fields` (column: field), `head` (field: address of its value),
    `axis`, `percent`, `money`, `subtotal`, `total`."""
    row, rows = said["headings_at"], said["heading_rows"]
    labels = guess_head(grid, row)
    columns = []
    spelt: set[str] = set()
    for at, (group, heading) in written_at(grid, row, rows).items():
        one: dict[str, Any] = {"heading": heading[:120]}
        words = fold(group) + fold(heading)
        if code := said["fields"].get(at):
            one["field"] = code
        elif not words or words in spelt:
            continue  # a heading said twice, of a column that nobody reads
        spelt.add(words)
        if group:
            one["group"] = group[:120]
        columns.append(one)
    head = []
    for code, value in said["head"].items():
        place, _ = labels.get(code, ("", ""))
        label = _label_of(grid, place) if place else ""
        head.append({"label": label, "at": place, "field": code, "value": value})
    kept = {name: said[name] for name in ("axis", "percent", "money", "subtotal", "total")}
    return {
        "headings_at": row,
        "heading_rows": rows,
        "columns": columns,
        "head": head,
        **{name: value for name, value in kept.items() if value},
    }


def _label_of(grid: Grid, at: str) -> str:
    row, column = position(at) or (0, 0)
    return grid.text(row, column)[:120]
