"""Tables out of the house as csv: streamed, and harmless in a spreadsheet program."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

ROWS_AT_ONCE = 200
_FORMULA_SIGNS = frozenset("=+-@−")


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Stream a table as csv (UTF-8 with its mark, semicolons), whatever its length."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = str(content_disposition_header(True, safe_name(filename)))
    response["Cache-Control"] = "private, no-store"
    return response


def safe_name(filename: str) -> str:
    """A file name without path, control signs or surprises, ending in .csv."""
    stem = re.sub(r"\.csv$", "", filename, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")[:80]
    return f"{stem or 'export'}.csv"


def cell(value: Any) -> str:
    """A value as French spreadsheet programs read it; a text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return (f"{value:f}" if isinstance(value, Decimal) else str(value)).replace(".", ",")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\0", "")
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet program may take this for a formula, hidden behind blanks or not."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    for letter in text:
        # Blanks, control and invisible signs before it do not disarm a formula.
        if unicodedata.category(letter)[0] in "ZC":
            continue
        return unicodedata.normalize("NFKC", letter)[:1] in _FORMULA_SIGNS
    return False


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    some = ["\ufeff", writer.writerow([cell(name) for name in header])]
    for row in rows:
        some.append(writer.writerow([cell(value) for value in row]))
        if len(some) >= ROWS_AT_ONCE:
            yield "".join(some)
            some = []
    if some:
        yield "".join(some)
