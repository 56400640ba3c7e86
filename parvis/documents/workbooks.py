"""Workbooks of several sheets, laid out: titles over several columns, sums in bold, amounts.

A sheet is rows of cells, the same for xlsx and ods; each writer turns them into its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from parvis.documents.values import plain

# How a cell looks: nothing, in bold, an amount to the cent, or a share shown as per cent.
STYLES = ("", "bold", "money", "bold money", "share")
LONGEST_NAME = 31  # the limit of spreadsheet programs, which count a sign beyond U+FFFF as two
_REFUSED_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


class Cell(NamedTuple):
    """A value, its look, and over how many columns and rows it reaches."""

    value: Any
    style: str = ""  # one of STYLES
    across: int = 1
    down: int = 1


@dataclass
class Sheet:
    """A sheet: its name, its rows (values or cells), the widths of its columns in signs, and how
    many rows stay in sight while one scrolls."""

    name: str
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()
    frozen: int = 0


def placed(rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell | None]]:
    """Each row as cells by column; None where a cell from the left or from above reaches."""
    below: dict[int, int] = {}  # column: rows still covered from above
    for row in rows:
        line: list[Cell | None] = []
        reaching: dict[int, int] = {}
        for given in row:
            while below.get(len(line), 0):
                line.append(None)
            one = given if isinstance(given, Cell) else Cell(given)
            for column in range(len(line), len(line) + one.across):
                reaching[column] = one.down - 1
            line += [one, *[None] * (one.across - 1)]
        while below.get(len(line), 0):
            line.append(None)
        below = {column: left - 1 for column, left in below.items() if left > 1}
        below |= {column: left for column, left in reaching.items() if left}
        yield line


def _cut(name: str, longest: int) -> str:
    """A name of at most so many signs as spreadsheet programs count them, none of them halved; it
    ends with no apostrophe, in which they put names."""
    cut = name.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", errors="ignore")
    return cut.rstrip("' ")


def names_of(wanted: Iterable[str]) -> list[str]:
    """Names that every spreadsheet program takes: short, without its signs, each once."""
    found: list[str] = []
    taken: set[str] = set()
    for name in wanted:
        whole = " ".join(_REFUSED_IN_NAMES.sub(" ", plain(name)).split()).strip("' ") or "Feuille"
        number, one = 1, _cut(whole, LONGEST_NAME)
        while one.casefold() in taken:
            number += 1
            ending = f" ({number})"
            one = _cut(whole, LONGEST_NAME - len(ending)) + ending
        taken.add(one.casefold())
        found.append(one)
    return found
