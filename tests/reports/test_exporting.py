"""Exports: every format holds the rows of the page and no more."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from parvis.reports.views import exporting
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import at_point, filed, make_public


def rows_of(client: Client, form: str, query: str = "") -> list[list[Any]]:
    """The lines of a file, the header left out."""
    content = b"".join(client.get(f"/signalements/export.{form}?{query}").streaming_content)
    if form in ("xlsx", "ods"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python()[1:]
    if form == "geojson":
        return [list(one["properties"].values()) for one in json.loads(content)["features"]]
    return [line.split(";") for line in content.decode("utf-8-sig").splitlines()[1:]]


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_every_format_holds_what_its_reader_sees(town: Cast, client: Client, form: str) -> None:
    hidden = filed(text="Texte-secret", email="lea@exemple.test", phone="0612345678").report
    shown = make_public(filed(text="Autre-texte").report)
    away = make_public(filed(at_point(IN_RAISMES)).report)
    strangers = rows_of(client, form)
    assert [row[0] for row in strangers] == [away.reference, shown.reference]
    assert "texte" not in str(strangers).lower()
    client.force_login(town.karim)
    partners = rows_of(client, form)
    assert [row[0] for row in partners] == [shown.reference, hidden.reference]
    assert "Texte-secret" in str(partners)
    assert "Reçu" in str(partners)
    assert "lea@" not in str(partners)
    assert "612345678" not in str(partners)


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_a_format_asks_as_many_queries_for_one_report_as_for_thirty(
    town: Cast, client: Client, form: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        if number in (1, 29):
            with django_assert_max_num_queries(4):
                assert len(rows_of(client, form, "tri=echeance")) == number
        make_public(filed().report)


def test_a_list_too_long_for_xlsx_is_told_so(
    town: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "IN_XLSX", 1)
    for _ in range(2):
        make_public(filed().report)
    answer = client.get("/signalements/export.xlsx?state=open", follow=True)
    assert answer.redirect_chain == [("/signalements/?state=open", 302)]
    assert "trop longue pour un fichier xlsx" in text_of(answer)
    assert len(rows_of(client, "ods")) == 2


def test_there_is_no_other_format(town: Cast, client: Client) -> None:
    assert client.get("/signalements/export.exe").status_code == 404
