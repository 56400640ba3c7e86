"""The stock as tables: read from real-life files, and out again; nothing is kept before the person
agrees, and one faulty line changes nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from parvis.documents import ods, xlsx
from parvis.places.importing.tables import read_workbook
from parvis.places.models import Residence
from parvis.tfpb.models import Dwellings
from parvis.tfpb.stock_reading import read_table, write_records
from parvis.upkeep.models import Holding
from tests.cast import Cast
from tests.tfpb.scene import some_dwellings, this_year
from tests.tfpb.stock_scene import a_file, a_rate, plain, signed_in

pytestmark = pytest.mark.django_db
HEAD = "RÉSIDENCE;Année;Motif;Logements;dont abattus;Valeur locative;Abattement réel;Avis du;Avis"


def line(cells: str) -> str:
    return f"{HEAD}\n{cells}\n"


def reading(cast: Cast, text: str | bytes, name: str = "patrimoine.csv") -> Any:
    return read_table(cast.actor(cast.luc), a_file(text, name))


def reasons(found: Any) -> str:
    return " / ".join(f"{fault.number} {fault.reason}" for fault in found.faults)


def test_a_real_life_line_is_understood_and_nothing_is_written(cast: Cast) -> None:
    a_rate(cast, tax_year=2026)
    found = reading(
        cast,
        line("LES TILLEULS;2026;Acquis avant 1998 avec une aide de l'État;1 200;180;"
             "300 000,50 €;1.234,50 €;12/10/2026;avis 12\n;;;;;;;;"),
    )  # fmt: skip
    assert not found.faults, reasons(found)
    (change,) = found.changes
    row = change.row
    assert (change.new, row.reason, row.total) == (True, "avant_1998", 1200)
    assert (row.rental_value, row.real) == (Decimal("300000.50"), Decimal("1234.50"))
    assert row.estimate == Decimal("20250.03")
    assert row.real_on == date(2026, 10, 12)
    assert not Dwellings.objects.exists()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("Les Cèdres;2026;avant_1998;3;3;;;;", "« Les Cèdres » inconnue"),
        ("Les Peupliers;2026;avant_1998;3;3;;;;", "inconnue parmi les vôtres"),  # the neighbour's
        ("TIL;26;avant_1998;3;3;;;;", "« 26 » n’est pas une année"),
        ("TIL;2040;avant_1998;3;3;;;;", "Aucune règle n’est connue pour 2040"),
        ("TIL;2026;habitude;3;3;;;;", "n’est pas un motif connu"),
        ("TIL;2026;;3;3;;;;", "dites le motif"),
        ("TIL;2026;avant_1998;trois;3;;;;", "n’est pas un nombre de logements"),
        ("TIL;2026;avant_1998;;3;;;;", "« Logements » est vide"),
        ("TIL;2026;avant_1998;3;4;;;;", "dépassent le total"),
        ("TIL;2026;avant_1998;3;3;mille;;;", "n’est pas un montant"),
        ("TIL;2026;avant_1998;3;3;-5;;;", "n’est pas un montant"),
        ("TIL;2026;avant_1998;3;3;1,005;;;", "deux décimales"),
        ("TIL;2026;avant_1998;3;3;;12;31/02/2026;x", "n’est pas une date"),
        ("TIL;2026;avant_1998;3;3;;12;;", "avis d’imposition"),
        ("TIL;2026;avant_1998;3;3;=1+1;;;", "une formule"),
        ("TIL;2026;avant_1998;3;3", "la ligne est coupée"),
        ("TIL;2026;avant_1998;3;3;;;;\nTIL;2026;avant_1998;3;3;;;;", "déjà à la ligne 2"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_nothing_is_offered(
    cast: Cast, cells: str, words: str
) -> None:
    found = reading(cast, line(cells))
    assert words in reasons(found)
    assert found.faults[-1].number == 1 + len(cells.split("\n"))


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        (b"", "vide.csv", "vide"),
        (
            b"nom;couleur\na;b\n",
            "autre.csv",
            "Il manque des colonnes : résidence, année, logements",
        ),
        (b"PK\x03\x04abc", "abime.xlsx", "abîmé"),
        (b"%PDF-1.7", "plan.pdf", "Donnez un tableau"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(
    cast: Cast, text: bytes, name: str, words: str
) -> None:
    page = signed_in(cast.luc).post(reverse("tfpb:stock_import"), {"file": a_file(text, name)})
    assert words in plain(page.content)
    assert not Dwellings.objects.exists()


def test_a_file_from_a_spreadsheet_of_windows_is_read_and_said(cast: Cast) -> None:
    found = reading(cast, line("TIL;2026;avant_1998;3;3;1 000 €;;;").encode("cp1252"))
    assert not found.faults, reasons(found)
    assert any("Windows" in words for words in found.remarks)


def test_the_person_reads_then_agrees_and_one_faulty_line_changes_nothing(cast: Cast) -> None:
    luc, url = signed_in(cast.luc), reverse("tfpb:stock_import")
    two = "TIL;2026;avant_1998;200;180;;;;\nInconnue;2026;avant_1998;3;3;;;;"
    page = luc.post(url, {"file": a_file(line(two))}).content.decode()
    assert "Rien n’est importé" in page
    assert "Ligne 3" in page
    assert 'name="lignes"' not in page
    page = luc.post(url, {"file": a_file(line(two.split("\n")[0]))}).content.decode()
    assert "1\u00a0résidence nouvelle" in page
    assert not Dwellings.objects.exists()
    found = re.search(r'name="lignes" value="([^"]+)"', page)
    assert found
    # What one person read, another one cannot confirm.
    signed_in(cast.paul).post(url, {"lignes": found[1]})
    assert not Dwellings.objects.exists()
    luc.post(url, {"lignes": found[1]})
    assert Dwellings.objects.get().abated == 180
    assert (
        "1\u00a0ligne inchangée"
        in luc.post(url, {"file": a_file(line(two.split("\n")[0]))}).content.decode()
    )


def test_one_line_that_became_wrong_before_the_person_agrees_holds_back_all(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    lilas = Residence.objects.create(
        code="LIL", name="Les Lilas", commune=cast.anzin, latitude=50.38, longitude=3.511
    )
    holding = Holding.objects.create(residence=lilas, organisation=cast.landlord)
    found = reading(cast, line("TIL;2026;avant_1998;200;180;;;;\nLIL;2026;avant_1998;9;9;;;;"))
    assert len(found.changes) == 2
    holding.delete()
    assert "3 résidence « LIL » inconnue" in reasons(write_records(luc, found.records))
    assert not Dwellings.objects.exists()


def test_a_blank_cell_erases_nothing(cast: Cast) -> None:
    row = some_dwellings(cast, tax_year=2026, vacant=5)
    found = reading(cast, line("TIL;2026;;210;;;;;"))
    write_records(cast.actor(cast.luc), found.records)
    row.refresh_from_db()
    assert (row.total, row.abated, row.vacant) == (210, 180, 5)


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_the_stock_goes_out_and_comes_in_again_unchanged(
    cast: Cast, form: str, tmp_path: Path
) -> None:
    a_rate(cast)
    luc = cast.actor(cast.luc)
    first = reading(cast, line(f"TIL;{this_year()};avant_1998;200;180;300 000,50 €;12,34;"
                               f"12/10/2026;avis 12"))  # fmt: skip
    write_records(luc, first.records)
    response = signed_in(cast.luc).get(reverse("tfpb:stock_export", args=["residences", form]))
    content = b"".join(response.streaming_content)
    again = reading(cast, content, f"patrimoine.{form}")
    assert not again.faults, reasons(again)
    assert (again.same, again.changes) == (1, [])


@pytest.mark.parametrize("writer", ["xlsx", "ods"])
def test_a_workbook_with_numbers_and_days_is_read(cast: Cast, writer: str) -> None:
    head = ["Résidence", "Année", "Motif", "Logements", "Valeur locative", "Fin d’exonération"]
    rows = [["TIL", 2026, "avant_1998", 200, 1234.5, date(2030, 12, 31)]]
    file = BytesIO()
    if writer == "xlsx":
        xlsx.write(file, head, rows)
    else:
        file.write(b"".join(ods.pieces(head, rows)))
    found = reading(cast, file.getvalue(), f"p.{writer}")
    assert not found.faults, reasons(found)
    row = found.changes[0].row
    assert (row.rental_value, row.exempt_until) == (Decimal("1234.50"), date(2030, 12, 31))


def test_the_declaration_lists_the_dwellings_to_abate(cast: Cast, tmp_path: Path) -> None:
    cast.landlord.siren = "123456789"
    cast.landlord.save(update_fields=["siren"])
    some_dwellings(cast)
    empty = Residence.objects.create(
        code="VID", name="Vide", commune=cast.anzin, latitude=50.38, longitude=3.51
    )
    some_dwellings(cast, residence=empty, abated=0)
    response = signed_in(cast.luc).get(reverse("tfpb:stock_declaration", args=["xlsx"]))
    path = tmp_path / "declaration.xlsx"
    path.write_bytes(b"".join(response.streaming_content))
    (row,) = read_workbook(path, "").rows
    assert (row.values["SIREN"], row.values["Résidence"]) == ("123456789", "Les Tilleuls")
    assert row.values["Logements à abattre"] == 180
