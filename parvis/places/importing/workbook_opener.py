"""Run by itself, never imported: opens one workbook with little memory, tells it as JSON lines.

First the names of the filled sheets or what is wrong, then the rows of the sheet, numbered.
"""

import datetime
import json
import resource
import sys

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

MEMORY = 2 * 1024**3  # bytes
SECONDS = 120  # of processor


def plain(cell: object) -> object:
    """A cell as JSON holds it; a day as AAAA-MM-JJ."""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell if isinstance(cell, (str, int, float)) else str(cell)


def tell(thing: object) -> None:
    sys.stdout.write(json.dumps(thing) + "\n")


def main(path: str, wanted: str) -> None:
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
    chosen = [sheet for sheet in filled if sheet.name == wanted] if wanted else filled
    if len(chosen) != 1:
        return
    first, _ = chosen[0].start or (0, 0)
    for number, row in enumerate(chosen[0].iter_rows(), first + 1):
        tell([number, [plain(cell) for cell in row]])


main(sys.argv[1], sys.argv[2])
