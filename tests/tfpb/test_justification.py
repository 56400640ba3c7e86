"""The yearly justification file: under the rights of the convention and of each programme."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from parvis.tfpb.justification import LINES, justification_file, sheets_of
from parvis.tfpb.models import Programme
from parvis.tfpb.voucher_acts import ask_voucher
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.bilan_scene import presence, running, sent_bilan
from tests.tfpb.scene import a_convention, a_line, a_programme, this_year


def table(archive: ZipFile, name: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read(name)))
    return book.get_sheet_by_index(0).to_python()


def test_one_click_gives_the_bilans_the_lines_and_the_vouchers(
    client: Any, cast: Cast, tmp_path: Path
) -> None:
    programme, waste, _ = sent_bilan(cast)
    ask_voucher(waste, actor=cast.actor(cast.karim), note="La facture de mars")
    year, convention = this_year(), programme.convention
    assert convention
    client.force_login(cast.karim)
    answer = client.get(f"/tfpb/conventions/{convention.pk}/justification/{year}/")
    assert answer["Content-Type"] == "application/zip"
    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.namelist() == [
        f"bilans-{year}.pdf",
        f"lignes-{year}.xlsx",
        f"justificatifs-{year}.xlsx",
    ]
    header, first, second = table(archive, f"lignes-{year}.xlsx")
    assert header == list(LINES)
    spent = {
        row[header.index("Action")]: row[header.index("Dépense réalisée")]
        for row in (first, second)
    }
    assert spent == {waste.title: 10000.0, "Un gardien en plus": 0.0}
    assert table(archive, f"justificatifs-{year}.xlsx")[1][3] == "La facture de mars"
    paper = tmp_path / "bilans.pdf"
    paper.write_bytes(archive.read(f"bilans-{year}.pdf"))
    if shutil.which("pdftotext"):
        words = subprocess.run(
            ["pdftotext", "-layout", str(paper), "-"], capture_output=True, check=True, text=True
        ).stdout
        assert "deux fois plus souvent" in words
        assert "Effet levier" in words
    assert b"/MarkInfo" in paper.read_bytes() or b"/ObjStm" in paper.read_bytes()


def test_it_holds_only_the_programmes_that_one_sees(client: Any, cast: Cast) -> None:
    convention = a_convention(cast, communes=[cast.anzin, cast.valenciennes])
    mine, _, _ = running(cast, convention=convention)
    other = a_programme(cast, convention=convention, commune=cast.valenciennes, state="running")
    a_line(other)
    draft = a_programme(cast, convention=convention, quartier=cast.faubourg)
    year = this_year()

    def seen_by(person: Any) -> list[Programme]:
        return [one.programme for one in sheets_of(cast.actor(person), convention, year)]

    assert seen_by(cast.karim) == [mine]
    assert seen_by(cast.claire) == [mine, other]
    assert seen_by(cast.luc) == [mine, other]
    assert draft not in seen_by(cast.luc)  # nothing is spent on it yet
    url = f"/tfpb/conventions/{convention.pk}/justification/{year}/"
    for person in (cast.paul, cast.nadia, cast.rose):
        client.force_login(person)
        assert client.get(url).status_code == 404


def test_a_bilan_that_was_not_sent_is_in_its_landlord_s_file_alone(cast: Cast) -> None:
    programme, _, _ = running(cast)
    convention = programme.convention
    assert convention
    (luc,) = sheets_of(cast.actor(cast.luc), convention, this_year())
    (karim,) = sheets_of(cast.actor(cast.karim), convention, this_year())
    assert (luc.content is not None, luc.state) == (True, "en cours d’écriture")
    assert (karim.content, karim.state) == (None, "pas encore transmis")


def test_many_programmes_ask_as_much_as_one(cast: Cast) -> None:
    convention = a_convention(cast, communes=[cast.anzin, cast.valenciennes])
    running(cast, convention=convention)
    luc = cast.actor(cast.luc)
    with counted() as few:
        justification_file(luc, convention, this_year()).close()
    for commune in (cast.valenciennes, cast.raismes):
        presence(a_programme(cast, convention=convention, commune=commune, state="running"))
    with counted() as many:
        justification_file(luc, convention, this_year()).close()
    assert len(few) == len(many)
