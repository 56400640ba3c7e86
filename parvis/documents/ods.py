"""Tables as ods (LibreOffice), streamed: a zip of three members, rows written as they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from parvis.documents.values import plain, typed
from parvis.documents.workbooks import Cell, Sheet, placed

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
ROWS_AT_ONCE = 200
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_START = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:style="{_OASIS}:style:1.0" \
xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0" \
xmlns:number="{_OASIS}:datastyle:1.0" \
xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.2"><office:automatic-styles>\
<number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text>\
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>\
</number:date-style><number:date-style style:name="N2"><number:day number:style="long"/>\
<number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text>\
<number:year number:style="long"/><number:text> </number:text><number:hours number:style="long"/>\
<number:text>:</number:text><number:minutes number:style="long"/></number:date-style>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>\
<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>\
<number:number-style style:name="N3"><number:number number:decimal-places="2" \
number:min-integer-digits="1" number:grouping="true"/></number:number-style>\
<number:percentage-style style:name="N4"><number:number number:decimal-places="2" \
number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>\
<style:style style:name="bold" style:family="table-cell"><style:text-properties \
fo:font-weight="bold"/></style:style>\
<style:style style:name="money" style:family="table-cell" style:data-style-name="N3"/>\
<style:style style:name="boldmoney" style:family="table-cell" style:data-style-name="N3">\
<style:text-properties fo:font-weight="bold"/></style:style>\
<style:style style:name="share" style:family="table-cell" style:data-style-name="N4"/>\
</office:automatic-styles><office:body><office:spreadsheet>"""
_END = "</office:spreadsheet></office:body></office:document-content>"
_SPACES = re.compile("(?<= ) +|^ +")


class _Pipe:
    """A file without a way back: what was written is taken out at once."""

    def __init__(self) -> None:
        self.sent, self.waiting = 0, bytearray()

    def write(self, some: bytes) -> int:
        self.waiting += some
        return len(some)

    def tell(self) -> int:
        return self.sent + len(self.waiting)

    def flush(self) -> None:
        """Nothing is kept behind."""

    def close(self) -> None:
        """Nothing stays open."""

    def take(self) -> bytes:
        some = bytes(self.waiting)
        self.sent += len(some)
        self.waiting.clear()
        return some


def pieces(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The file, piece by piece, as its rows are read. A text never becomes a formula."""
    return book_pieces([Sheet("Liste", chain([header], rows))])


def book_pieces(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """A workbook of several sheets, piece by piece, as their rows are read."""
    pipe = _Pipe()
    first = _mimetype(pipe)
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
        archive.filelist.append(first)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=False) as content:
            content.write(_START.encode())
            for sheet in sheets:
                some = [f"<table:table table:name={quoteattr(plain(sheet.name))}>"]
                for row in placed(sheet.rows):
                    some.append(_row(row))
                    if len(some) >= ROWS_AT_ONCE:
                        content.write("".join(some).encode())
                        some = []
                        yield pipe.take()
                content.write(("".join(some) + "</table:table>").encode())
            content.write(_END.encode())
    yield pipe.take()


def _mimetype(pipe: _Pipe) -> ZipInfo:
    """The first member, as programs want to find it: not compressed, its size before it. Only a
    file with a way back can be given that, so it is made in one."""
    made = BytesIO()
    archive = ZipFile(made, "w", ZIP_STORED)
    archive.writestr("mimetype", MIMETYPE)
    pipe.write(made.getvalue())
    archive.close()
    return archive.filelist[0]


def _row(row: Sequence[Cell | None]) -> str:
    return f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<table:covered-table-cell/>"
    value, more = typed(cell.value), ""
    if cell.across > 1 or cell.down > 1:
        more = (
            f' table:number-columns-spanned="{cell.across}" table:number-rows-spanned="{cell.down}"'
        )
    if value is None or value == "":
        return f"<table:table-cell{more}/>"
    if isinstance(value, date):
        style = "moment" if isinstance(value, datetime) else "day"
        return (
            f'<table:table-cell table:style-name="{style}"{more} office:value-type="date"'
            f' office:date-value="{value.isoformat()}"/>'
        )
    if cell.style:
        more = f' table:style-name="{cell.style.replace(" ", "")}"{more}'
    if isinstance(value, int | float | Decimal):
        kind = "percentage" if cell.style == "share" else "float"
        return f'<table:table-cell{more} office:value-type="{kind}" office:value="{value}"/>'
    lines = "".join(f"<text:p>{_line(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell{more} office:value-type="string">{lines}</table:table-cell>'


def _line(text: str) -> str:
    """One line of a text; spaces in a row would be read as one, tabs as well."""
    text = _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(text))
    return text.replace("\t", "<text:tab/>")
