"""Tables out as csv: readable, whole, and never a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice

import pytest

from parvis.documents.tables import cell, csv_response, safe_name


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_table_comes_out_whole():
    rows = [["Éclairage", 1], ["a;b", 2], ['dit "oui"', 3], ["deux\nlignes", 4]]
    assert read(csv_response("liste", ["Quoi", "Combien"], rows)) == [
        ["Quoi", "Combien"],
        ["Éclairage", "1"],
        ["a;b", "2"],
        ['dit "oui"', "3"],
        ["deux\nlignes", "4"],
    ]


def test_spreadsheet_programs_are_told_that_it_is_utf8():
    response = csv_response("liste", ["Été"], [])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(response.streaming_content) == "\ufeffÉté\r\n".encode()


def test_an_export_is_kept_by_no_cache():
    assert "no-store" in csv_response("liste", ["a"], [])["Cache-Control"]


def test_rows_are_read_as_they_are_sent():
    read_so_far = []
    rows = ([n] for n in count() if not read_so_far.append(n))
    response = csv_response("liste", ["n"], rows)
    assert not read_so_far
    assert b"0\r\n1\r\n" in b"".join(islice(response.streaming_content, 1))
    assert len(read_so_far) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        " =1",
        "\u00a0=1",
        "\u202f=1",
        "\u200b=1",
        "\ufeff=1",
        "\x1f=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        "﹣1",
        "−1",
        "\0=1",
        '=HYPERLINK("http://x")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_text_never_becomes_a_formula(text):
    assert cell(text) == "'" + text.replace("\0", "")
    [[_], [shown]] = read(csv_response("liste", ["a"], [[text]]))
    assert shown.startswith("'")


def test_a_header_never_becomes_a_formula():
    [[name]] = read(csv_response("liste", ["=1+1"], []))
    assert name == "'=1+1"


@pytest.mark.parametrize("text", ["Rue de la Paix", "1 = 1", "a-b", "c@d.fr", "12+3", "", "é", "'"])
def test_an_ordinary_text_stays_as_it_is(text):
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (-3, "-3"),
        (Decimal("-12.50"), "-12,50"),
        (Decimal("0E-10"), "0,0000000000"),
        (50.35, "50,35"),
        (date(2026, 3, 3), "2026-03-03"),
        (datetime(2026, 7, 3, 16, 20, tzinfo=UTC), "2026-07-03 18:20"),
        (datetime(2026, 12, 3, 16, 20, tzinfo=UTC), "2026-12-03 17:20"),
    ],
)
def test_values_are_written_as_french_programs_read_them(value, shown):
    assert cell(value) == shown


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("signalements", "signalements.csv"),
        ("signalements.csv", "signalements.csv"),
        ("Été 2026", "Été-2026.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ("a\r\nSet-Cookie: b=1", "a-Set-Cookie-b-1.csv"),
        ('a"; filename="b.exe', "a-filename-b-exe.csv"),
        ("", "export.csv"),
        ("...", "export.csv"),
        ("x" * 500, "x" * 80 + ".csv"),
    ],
)
def test_file_names_are_safe(name, safe):
    assert safe_name(name) == safe
    disposition = csv_response(name, ["a"], [])["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.count(";") == 1
