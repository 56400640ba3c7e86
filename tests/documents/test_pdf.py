"""A PDF is tagged, titled, in French, and never takes words for markup."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parvis.documents.codes import qr_code
from parvis.documents.pdf import HOUSE, PdfError, _compile
from tests.documents.pdfs import assert_accessible, page_count

ADDRESS = "https://parvis.exemple.test/rendez-vous/3/"
PAGE = """
#import "/house.typ": *
#let d = json("/data.json")
#show: sheet.with(d)
== Ce qui est prévu
#pair("Lieu", d.place)
#figure(table(columns: (1fr, 1fr), heads("Quoi", "Qui"), ..d.rows.flatten()))
#code(d.address)
"""


def page(source: str = PAGE, **words: Any) -> bytes:
    data = {
        "title": "Ordre du jour d’été",
        "brand": "Parvis",
        "place": "Salle",
        "rows": [["Lampe", "Ville"]],
        "address": ADDRESS,
        **words,
    }
    members = {
        "main.typ": source.encode(),
        "data.json": json.dumps(data).encode(),
        "house.typ": HOUSE.read_bytes(),
        "qr.svg": qr_code(ADDRESS),
    }
    return _compile(members)


def test_a_page_is_tagged_and_says_its_language() -> None:
    content = page()
    assert content.startswith(b"%PDF")
    assert_accessible(content)


def test_words_of_people_are_never_markup() -> None:
    hostile = page(place='#panic("non") $x$ *gras* @ref <lab> #read("/etc/passwd")')
    assert hostile.startswith(b"%PDF")


def test_a_long_table_breaks_over_pages() -> None:
    assert page_count(page(rows=[["Lampe", "Ville"]] * 200)) == 5


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(PdfError):
        page(PAGE.replace("#code(d.address)", '#image("/qr.svg")'))
