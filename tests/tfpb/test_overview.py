"""The consolidation: every cut agrees to the cent, within rights, in a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from parvis.tfpb.models import Programme
from parvis.tfpb.overview_forms import CUTS, OverviewForm
from parvis.tfpb.overview_reading import consolidate
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.overview_crowd import crowd
from tests.tfpb.scene import a_line, a_programme, spent, this_year

MOST_QUERIES = 12


def cut_by(actor: Any, code: str, **filters: str) -> Any:
    return consolidate(OverviewForm({"cut": code, **filters}, actor=actor))


def sheet(answer: Any) -> list[list[Any]]:
    """The first sheet of a spreadsheet that was answered."""
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    return rows


def test_every_cut_sums_to_the_same_cent(cast: Cast) -> None:
    crowd(cast, landlords=3, quartiers=2, years=2, lines=9)
    luc = cast.actor(cast.claire)
    totals = {code: cut_by(luc, code).total for code in CUTS}
    whole = totals["landlord"]
    assert whole.sums.spending > whole.sums.spent > 0
    assert whole.announced.sheets == Programme.objects.count() == 12
    for code, total in totals.items():
        assert total.sums == whole.sums, code
        if code not in ("axis", "family"):
            assert (total.announced, total.covered) == (whole.announced, whole.covered), code


def test_a_ratio_leaves_out_sheets_whose_abatement_is_not_known_or_that_told_nothing(
    cast: Cast,
) -> None:
    a_year_over = a_programme(cast, year=this_year() - 1, real=Decimal("36000.00"))
    spent(a_line(a_year_over), "18000.00")
    a_line(a_programme(cast))  # nothing spent yet: 40 000 € of abatement
    unknown = a_programme(cast, commune=cast.valenciennes, forecast=None, forecast_on=None)
    spent(a_line(unknown), "5000.00")
    total = cut_by(cast.actor(cast.luc), "landlord").total
    assert total.sums.spent == Decimal("23000.00")
    assert total.announced.abatement == Decimal("76000.00")
    assert total.announced.unknown == 1
    assert total.utilisation == Decimal("50.0")  # 18 000 / 36 000
    assert total.coverage == Decimal("200.0")
    assert total.used == Decimal("23.7")  # 18 000 valued and planned / 76 000
    # 23 000 € for the 200 dwellings of each of the two sheets that spent.
    assert total.per_dwelling == Decimal("57.50")


def test_the_abatement_is_never_cut_by_axis(cast: Cast, client: Client) -> None:
    a_line(a_programme(cast))
    client.force_login(cast.luc)
    for query in ("cut=axis", "cut=family", "cut=year&axis=dechets"):
        page = client.get(f"/tfpb/?{query}").content.decode()
        assert "il ne se découpe pas par axe" in page
        assert "40 000,00" not in page.replace("\u202f", " ")


def test_a_row_opens_what_it_is_made_of_down_to_the_sheets(cast: Cast, client: Client) -> None:
    found = a_programme(cast)
    a_line(found)
    client.force_login(cast.luc)
    row = client.get("/tfpb/").context["rows"][0]
    assert row.label == "Escaut Habitat"
    below = client.get(f"/tfpb/?{row.query}").context
    assert [one.label for one in below["rows"]] == ["Rives de l’Escaut"]
    assert below["form"].value("landlord") == str(cast.landlord.pk)
    sheets = client.get(f"/tfpb/?{below['rows'][0].query}&commune=59014").context["form"].list_query
    assert f"quartier={cast.rives.pk}" in sheets
    listed = client.get(f"{reverse('tfpb:programmes')}?{sheets}").content.decode()
    assert reverse("tfpb:programme", args=[found.pk]) in listed


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_what_is_shown_is_what_is_exported(cast: Cast, client: Client, form: str) -> None:
    crowd(cast, landlords=2, quartiers=2, years=2, lines=3)
    client.force_login(cast.claire)
    query = "cut=quartier&tri=spent"
    shown = client.get(f"/tfpb/?{query}").context
    header, *rows = sheet(client.get(f"/tfpb/consolidation.{form}?{query}"))
    assert [row[0] for row in rows] == [*(one.label for one in shown["rows"]), "En tout"]
    spending = header.index("Dépense réalisée (€)")
    assert Decimal(str(rows[-1][spending])) == shown["total"].sums.spent


def test_every_visible_line_is_exported_with_what_it_has_cost(cast: Cast, client: Client) -> None:
    line = a_line(a_programme(cast))
    spent(line, "1200.10")
    spent(line, "34.02")
    client.force_login(cast.luc)
    header, *rows = sheet(client.get("/tfpb/lignes.ods"))
    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert row["Axe"] == "4. Gestion des déchets, encombrants et épaves"
    assert row["Dépense réalisée (€)"] == 1234.12
    assert row["État"] == "brouillon"


def test_one_page_asks_twelve_queries_whatever_the_cut_and_the_crowd(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.claire)
    urls = ["/tfpb/", *(f"/tfpb/?cut={code}" for code in CUTS)]
    urls += ["/tfpb/?axis=dechets&tri=spent", "/tfpb/?family=cadre_de_vie&cut=year"]

    def asked() -> list[int]:
        client.get("/tfpb/")
        found = []
        for url in urls:
            with counted() as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    crowd(cast, landlords=1, quartiers=1, years=1, lines=10)
    few = asked()
    crowd(cast, landlords=4, quartiers=5, years=3, lines=20)
    assert asked() == few
    assert max(few) <= MOST_QUERIES
