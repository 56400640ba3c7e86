"""Tables out of the house, one function for each format: harmless in a spreadsheet program."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, TypeVar

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from parvis.documents import ods, xlsx
from parvis.documents.workbooks import Sheet

ROWS_AT_ONCE = 200
R = TypeVar("R", bound=HttpResponseBase)
_FORMULA_SIGNS = frozenset("=+-@−")


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Stream a table as csv (UTF-8 with its mark, semicolons), whatever its length."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    return _as_file(response, filename, "csv")


def ods_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Stream a table as ods, whatever its length."""
    response = StreamingHttpResponse(ods.pieces(header, rows), content_type=ods.MIMETYPE)
    return _as_file(response, filename, "ods")


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """A table as xlsx. It is written whole before it leaves, about 0.2 ms for each row: for long
    tables, offer the others."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    xlsx.write(file, header, rows)
    file.seek(0)
    return _as_file(FileResponse(file, content_type=xlsx.MIMETYPE), filename, "xlsx")


def book_response(filename: str, ending: str, sheets: Iterable[Sheet]) -> HttpResponseBase:
    """A workbook of several sheets as "xlsx" (written whole before it leaves) or "ods" (streamed).

    ValueError for another ending.
    """
    if ending == "ods":
        pieces = StreamingHttpResponse(ods.book_pieces(sheets), content_type=ods.MIMETYPE)
        return _as_file(pieces, filename, ending)
    if ending != "xlsx":
        raise ValueError(f"no workbook is written as {ending}")
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    xlsx.write_book(file, sheets)
    file.seek(0)
    return _as_file(FileResponse(file, content_type=xlsx.MIMETYPE), filename, ending)


def geojson_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, latitude: str
) -> StreamingHttpResponse:
    """Stream a table as GeoJSON: a feature for each row. `latitude` names the column that holds
    it, in degrees; the longitude comes next. Without them, a feature has no geometry."""
    pieces = _features(header, rows, list(header).index(latitude))
    response = StreamingHttpResponse(pieces, content_type="application/geo+json")
    return _as_file(response, filename, "geojson")


def _as_file(response: R, filename: str, ending: str) -> R:
    name = safe_name(filename, ending)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response


def safe_name(filename: str, ending: str = "csv") -> str:
    """A file name without path, control signs or surprises, with that ending."""
    stem = re.sub(rf"\.{ending}$", "", filename, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")[:80]
    return f"{stem or 'export'}.{ending}"


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


def _features(header: Sequence[str], rows: Iterable[Sequence[Any]], place: int) -> Iterator[str]:
    names = [*header[:place], *header[place + 2 :]]
    some, separator = ['{"type":"FeatureCollection","features":['], ""
    for row in rows:
        latitude, longitude = row[place : place + 2]
        known = latitude is not None and longitude is not None
        values = [_in_json(value) for value in (*row[:place], *row[place + 2 :])]
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if known else None,
            "properties": dict(zip(names, values, strict=True)),
        }
        words = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        some.append(separator + words)
        separator = ",\n"
        if len(some) >= ROWS_AT_ONCE:
            yield "".join(some)
            some = []
    yield "".join([*some, "]}"])


def _in_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
