"""Tables as ods (LibreOffice), streamed: a zip of three members, rows written as they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from parvis.documents.values import typed

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
xmlns:number="{_OASIS}:datastyle:1.0" office:version="1.2"><office:automatic-styles>\
<number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text>\
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>\
</number:date-style><number:date-style style:name="N2"><number:day number:style="long"/>\
<number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text>\
<number:year number:style="long"/><number:text> </number:text><number:hours number:style="long"/>\
<number:text>:</number:text><number:minutes number:style="long"/></number:date-style>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>\
<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>\
</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Liste">"""
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
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
    pipe = _Pipe()
    first = _mimetype(pipe)
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
        archive.filelist.append(first)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=False) as content:
            content.write((_START + _row(header)).encode())
            some: list[str] = []
            for row in rows:
                some.append(_row(row))
                if len(some) == ROWS_AT_ONCE:
                    content.write("".join(some).encode())
                    some = []
                    yield pipe.take()
            content.write(("".join(some) + _END).encode())
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


def _row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"


def _cell(value: Any) -> str:
    value = typed(value)
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float | Decimal):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if isinstance(value, date):
        style = "moment" if isinstance(value, datetime) else "day"
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="date"'
            f' office:date-value="{value.isoformat()}"/>'
        )
    lines = "".join(f"<text:p>{_line(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _line(text: str) -> str:
    """One line of a text; spaces in a row would be read as one, tabs as well."""
    text = _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(text))
    return text.replace("\t", "<text:tab/>")
