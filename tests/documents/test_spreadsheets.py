"""Tables out as xlsx, ods and GeoJSON: read back whole, and never a formula."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from parvis.documents import tables

HEADER = ["quoi", "combien"]
WRITERS = {"xlsx": tables.xlsx_response, "ods": tables.ods_response}
both = pytest.mark.parametrize("form", WRITERS)


def bytes_of(form: str, header: list[str], rows: Any) -> bytes:
    response = WRITERS[form]("liste", header, rows)
    try:
        return b"".join(response.streaming_content)  # type: ignore[arg-type]
    finally:
        response.close()


def read(form: str, rows: Any, header: list[str] | None = None) -> list[list[Any]]:
    file = io.BytesIO(bytes_of(form, header or HEADER, rows))
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


@both
def test_a_table_comes_out_whole(form: str) -> None:
    rows = [["Éclairage <b> & co", 1], ["deux\nlignes", 2.5], ["a  b", Decimal("3.25")]]
    found = read(form, rows)
    assert found[0] == HEADER
    assert [row[1] for row in found[1:]] == [1, 2.5, 3.25]
    assert found[1][0] == "Éclairage <b> & co"
    assert found[2][0] == "deux\nlignes"


@both
def test_days_and_moments_are_dates_in_the_time_of_here(form: str) -> None:
    moment = datetime(2026, 7, 3, 16, 20, tzinfo=UTC)
    assert read(form, [[date(2026, 3, 3), moment]])[1] == [
        date(2026, 3, 3),
        datetime(2026, 7, 3, 18, 20),
    ]


@both
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "http://x.test"]
)
def test_a_text_stays_a_text(form: str, text: str) -> None:
    content = bytes_of(form, HEADER, [[text, 1]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in inside
    assert b"formula" not in inside
    assert read(form, [[text, 1]])[1][0].strip() == text.strip()


@both
def test_signs_that_xml_refuses_are_left_out(form: str) -> None:
    assert read(form, [["a\0b\x0bc\x1bd\ufffee\ud800f", 1]])[1][0] == "abcdef"


@both
def test_numbers_written_as_words_and_empty_values_stay_so(form: str) -> None:
    found = read(form, [["007", None], [True, "x"]])
    assert found[1][0] == "007"
    assert found[1][1] == ""
    assert found[2] == ["oui", "x"]


@both
def test_a_file_has_its_name_and_is_kept_by_no_cache(form: str) -> None:
    response = WRITERS[form]("Été 2026", HEADER, [])
    assert f"%C3%89t%C3%A9-2026.{form}" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    response.close()


def test_an_ods_is_sent_as_its_rows_are_read() -> None:
    so_far: list[int] = []
    rows = ([n, f"{n}" * 99] for n in count() if not so_far.append(n))  # type: ignore[func-returns-value]
    response = tables.ods_response("liste", HEADER, rows)
    pieces = list(islice(response.streaming_content, 1))  # type: ignore[call-overload]
    assert pieces[0].startswith(b"PK")
    assert len(so_far) < 1000


def test_an_ods_says_what_it_is_before_anything_else() -> None:
    content = bytes_of("ods", HEADER, [["a", 1]])
    start = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
    assert content[30 : 30 + len(start)] == start
    assert content[6:8] == b"\0\0"  # no flag: its size stands before it
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"


def test_a_long_ods_is_whole() -> None:
    found = read("ods", ([f"ligne {n}", n] for n in range(3_000)))
    assert len(found) == 3_001
    assert found[-1] == ["ligne 2999", 2999]


def test_rows_come_out_as_points() -> None:
    header = ["nom", "latitude", "longitude", "le"]
    moment = datetime(2026, 7, 3, 16, 20, tzinfo=UTC)
    rows = [["=é", 50.38, 3.51, moment], ["b", None, None, None]]
    response = tables.geojson_response("points", header, rows, latitude="latitude")
    data = json.loads(b"".join(response.streaming_content))  # type: ignore[arg-type]
    assert response["Content-Type"] == "application/geo+json"
    first, second = data["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [3.51, 50.38]}
    assert first["properties"] == {"nom": "=é", "le": "2026-07-03T18:20:00+02:00"}
    assert second["geometry"] is None


def test_no_row_is_no_feature() -> None:
    response = tables.geojson_response("p", ["latitude", "longitude"], [], latitude="latitude")
    data = json.loads(b"".join(response.streaming_content))  # type: ignore[arg-type]
    assert data["features"] == []
