"""Run by itself, never imported: opens one workbook with little memory, tells it as JSON lines.

First the names of the filled sheets or what is wrong, then the rows of the sheet, numbered, each
with its cells of which the file tells no value (place in the row, name, why); or, given a number of
rows, each sheet from its first cell on with its merged cells.
"""

import datetime
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse
from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

MEMORY = 2 * 1024**3  # bytes
SECONDS = 120  # of processor
CELLS_AT_MOST = 500_000  # told of whole workbooks; or known to have no value
MERGED, UNKEPT = "merged", "formula"


def plain(cell: object) -> object:
    """A cell as JSON holds it; a day as AAAA-MM-JJ."""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell if isinstance(cell, (str, int, float)) else str(cell)


def tell(thing: object) -> None:
    sys.stdout.write(json.dumps(thing) + "\n")


def tell_sheets(sheets: list, rows: int, columns: int) -> None:
    """Each sheet: its name, its merged ranges (corners, from 1), its rows; one row or one column
    more than asked for when it has more, and no row at all once the workbook is too large."""
    told = 0
    for sheet in sheets:
        ranges = sheet.merged_cell_ranges or []
        merged = [[top + 1, left + 1, end + 1, right + 1] for (top, left), (end, right) in ranges]
        cells = sheet.to_python(skip_empty_area=False, nrows=rows + 1)
        told += len(cells) * min(len(cells[0]) if cells else 0, columns)
        if told > CELLS_AT_MOST:
            tell([sheet.name, [], None])
            return
        kept = [[plain(cell) for cell in row[: columns + 1]] for row in cells]
        tell([sheet.name, merged, kept])


class Gaps:
    """The cells of a sheet of which the file tells no value, by row and column from 0."""

    def __init__(self, sheet: Any) -> None:
        self.rows: dict[int, dict[int, str]] = defaultdict(dict)
        self.last_row, self.last_column = sheet.end
        self.left = CELLS_AT_MOST

    def note(self, rows: range, columns: range, why: str) -> None:
        for row in range(rows.start, min(rows.stop, self.last_row + 1)):
            for column in range(columns.start, min(columns.stop, self.last_column + 1)):
                self.left -= 1
                if self.left < 0:
                    return
                self.rows[row][column] = why

    def of(self, number: int, first: int) -> list:
        """Those of one row, numbered from 1: the place after its first column, the name, why."""
        there = sorted(self.rows.get(number - 1, {}).items())
        name = partial(xl_rowcol_to_cell, number - 1)
        return [[one - first, name(one), why] for one, why in there if one >= first]


def gaps_in(path: str, sheet: Any) -> Gaps:
    """What a sheet does not tell: cells that a merged one covers, formulas without a result."""
    gaps = Gaps(sheet)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        gaps.note(range(top, top + 1), range(left + 1, right + 1), MERGED)
        gaps.note(range(top + 1, bottom + 1), range(left, right + 1), MERGED)
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" in archive.namelist():
                read_ods(archive, sheet.name, gaps)
            elif member := xlsx_member(archive, sheet.name):
                read_xlsx(archive, member, gaps)
    except (KeyError, ValueError, ParseError, zipfile.BadZipFile):
        pass  # another kind of workbook, whose cells were told all the same
    return gaps


def holds(archive: zipfile.ZipFile, member: str, marks: re.Pattern) -> bool:
    """Whether a member holds one of these marks: most hold none, and need not be taken apart."""
    before = b""
    with archive.open(member) as file:
        while block := file.read(1024 * 1024):
            if marks.search(before + block):
                return True
            before = block[-100:]
    return False


def elements(archive: zipfile.ZipFile, member: str, *, whole: str = "") -> Iterator:
    """The elements of a member as they begin and end: when, name without prefix, the element. None
    is kept once it ended, except inside an element called `whole`."""
    inside = False
    with archive.open(member) as file:
        for moment, one in iterparse(file, ("start", "end")):
            name = one.tag.rpartition("}")[2]
            yield moment, name, one
            if name == whole:
                inside = moment == "start"
            if moment == "end" and not inside:
                one.clear()


def said(one: Any, wanted: str) -> str:
    """What an element says under a name without prefix; empty when it says nothing."""
    return next((value for key, value in one.items() if key.rpartition("}")[2] == wanted), "")


def read_ods(archive: zipfile.ZipFile, wanted: str, gaps: Gaps) -> None:
    if not holds(archive, "content.xml", re.compile(rb"covered-table-cell|:formula=")):
        return
    here, row, rows, column = False, 0, 1, 0
    for moment, name, one in elements(archive, "content.xml"):
        if moment == "end":
            row += rows if name == "table-row" else 0
        elif name == "table":
            here, row = said(one, "name") == wanted, 0
        elif name == "table-row":
            rows, column = int(said(one, "number-rows-repeated") or 1), 0
        elif name in ("table-cell", "covered-table-cell") and here:
            columns = range(column, column + int(said(one, "number-columns-repeated") or 1))
            column = columns.stop
            if name == "covered-table-cell":
                gaps.note(range(row, row + rows), columns, MERGED)
            elif said(one, "formula") and not said(one, "value-type"):
                gaps.note(range(row, row + rows), columns, UNKEPT)


def xlsx_member(archive: zipfile.ZipFile, wanted: str) -> str:
    """The member of an xlsx that holds this sheet; empty when none is known to."""
    ids = {
        said(one, "name"): said(one, "id")
        for moment, name, one in elements(archive, "xl/workbook.xml")
        if moment == "start" and name == "sheet"
    }
    targets = {
        said(one, "Id"): said(one, "Target")
        for moment, name, one in elements(archive, "xl/_rels/workbook.xml.rels")
        if moment == "start" and name == "Relationship"
    }
    target = targets.get(ids.get(wanted, ""))
    return posixpath.join("/xl", target).lstrip("/") if target else ""


def read_xlsx(archive: zipfile.ZipFile, member: str, gaps: Gaps) -> None:
    if not holds(archive, member, re.compile(rb"[<:]f[\s/>]")):
        return
    for moment, name, one in elements(archive, member, whole="c"):
        if moment != "end" or name != "c" or one.get("t") == "str":
            continue
        parts = {part.tag.rpartition("}")[2]: part.text for part in one}
        place = one.get("r", "")
        if "f" in parts and not parts.get("v") and re.fullmatch("[A-Z]+[0-9]+", place):
            row, column = xl_cell_to_rowcol(place)
            gaps.note(range(row, row + 1), range(column, column + 1), UNKEPT)


def main(path: str, wanted: str, rows: int = 0, columns: int = 0) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = load_workbook(path)
        shown = [one for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        filled = []
        for one in shown:
            sheet = book.get_sheet_by_name(one.name)
            if sheet.start is not None:
                filled.append(sheet)
    except PasswordError:
        tell({"problem": "password"})
        return
    except (CalamineError, MemoryError, OSError, ValueError):
        tell({"problem": "damaged"})
        return
    tell({"sheets": [sheet.name for sheet in filled]})
    if rows:
        tell_sheets(filled, rows, columns)
        return
    chosen = [sheet for sheet in filled if sheet.name == wanted] if wanted else filled
    if len(chosen) != 1:
        return
    _, first = chosen[0].start or (0, 0)
    gaps = gaps_in(path, chosen[0])
    for number, row in enumerate(chosen[0].iter_rows(), 1):  # from the first row, filled or not
        tell([number, [plain(cell) for cell in row], gaps.of(number, first)])


main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
