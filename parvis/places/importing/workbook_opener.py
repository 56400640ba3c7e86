"""Run by itself, never imported: opens one workbook with little memory, tells it as JSON lines.

First the names of the filled sheets or what is wrong, then the rows of the sheet, numbered; or,
given a number of rows, each sheet from its first cell on with its merged cells.
"""

import datetime
import json
import resource
import sys

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

MEMORY = 2 * 1024**3  # bytes
SECONDS = 120  # of processor
CELLS_AT_MOST = 500_000  # told of whole workbooks


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
    first, _ = chosen[0].start or (0, 0)
    for number, row in enumerate(chosen[0].iter_rows(), first + 1):
        tell([number, [plain(cell) for cell in row]])


main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
