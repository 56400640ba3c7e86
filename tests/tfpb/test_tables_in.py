"""Tables come in as people write them; what is not understood is told cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.tfpb.models import Line, LineReview, Programme, Spending, Split, UsualMeans
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling import values
from parvis.tfpb.tabling.choosing import plan_from
from parvis.tfpb.tabling.entries import entry_of
from parvis.tfpb.tabling.grids import grids_of
from parvis.tfpb.tabling.mapping import shipped
from parvis.tfpb.tabling.planning import CHANGED, NEW, Plan
from parvis.tfpb.tabling.values import NotUnderstood
from parvis.thread.models import Event
from tests.cast import Cast
from tests.tfpb import damage
from tests.tfpb.scene import a_line, a_programme, spent
from tests.tfpb.test_lines import renewed
from tests.tfpb.test_tables_out import furnished, one, told, usual, workbook

PROGRAMME = [model for model in shipped() if model.document == f.PROGRAMME]


def plan_for(programme: Programme, file: Any, document: str = f.PROGRAMME) -> Plan:
    models = [model for model in shipped() if model.document == document]
    return plan_from(grids_of(file), models, document, programme)


# --- Values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50\xa0€", "1234.50"),
        ("1.234.567,8", "1234567.80"),
        ("1,234,567.89", "1234567.89"),
        ("1 200 euros", "1200.00"),
        ("12.5", "12.50"),
        (12.345, "12.35"),
        ("0", "0.00"),
        ("néant", None),
        ("–", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: Any, amount: str | None) -> None:
    found, _ = values.amount(written, "euros")
    assert found == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("written", "share"),
    [("30%", "30.00"), ("30 %", "30.00"), (30.0, "30.00"), ("33,33 %", "33.33"), ("0,5 %", "0.50")],
)
def test_a_percentage_too(written: Any, share: str) -> None:
    assert values.percent(written, "points")[0] == Decimal(share)
    assert values.percent("0,3", "share")[0] == values.percent(0.3, "share")[0] == Decimal(30)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("03/03/2026", date(2026, 3, 3), date(2026, 3, 3)),
        ("3.3.26", date(2026, 3, 3), date(2026, 3, 3)),
        ("1er février 2026", date(2026, 2, 1), date(2026, 2, 1)),
        ("FÉVRIER 2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("juil. 2026", date(2026, 7, 1), date(2026, 7, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_in_french_is_a_day(written: str, first: date, last: date) -> None:
    assert (values.day(written), values.day(written, last=True)) == (first, last)


@pytest.mark.parametrize(
    "written",
    ["3", 3.0, "Axe 3", "AXE N°3", "Sur-entretien", "SUR ENTRETIEN", "3 - Sur-entretien",
     "Axe 3 : Sur-entretien", "axe 3. SURENTRETIEN", "sur_entretien"],
)  # fmt: skip
def test_an_axis_is_known_however_it_is_written(written: Any) -> None:
    assert values.axis(written, 2026, PROGRAMME[0]) == "sur_entretien"


def test_an_axis_is_known_by_most_of_its_words_and_by_no_fewer() -> None:
    words = "GESTION DES DECHETS ET ENCOMBRANTS / EPAVES"
    assert values.axis(words, 2026, PROGRAMME[0]) == "dechets"
    with pytest.raises(NotUnderstood):
        values.axis("Gestion du personnel", 2026, PROGRAMME[0])


# --- Files -------------------------------------------------------------------------------------


def real_life(book: Any, sheet: Any) -> None:
    """As it comes: a title block, merged cells, lone axes, subtotals, words for numbers, notes."""
    bold = book.add_format({"bold": True})
    sheet.merge_range("A1:H1", "PROGRAMME D’ACTIONS", bold)
    sheet.write("A2", "Quartier")
    sheet.write("B2", "RIVES DE L’ESCAUT")
    for column, words in enumerate(
        ["AXES", "INTITULÉ DE L’ACTION", "LIEU", "DATE DE DEBUT", "FIN", "DEPENSE PREVUE (en €)",
         "Part bailleur", "Cofinancement", "VALORISATION TFPB", "Observations"]
    ):  # fmt: skip
        sheet.write(6, column, words)
    sheet.merge_range("A9:A10", "Axe 3 – Sur-entretien")
    lines = [
        ("Halls nettoyés deux fois", "Les Tilleuls", "01/01/2026", "déc. 2026", "1 234,50 €",
         "1 234,50", "", "1000", "à voir"),
        ("Tags effacés", "", "mars 2026", "", 500.0, 500, None, "500,00", ""),
    ]  # fmt: skip
    for row, line in enumerate(lines, 8):
        for column, value in enumerate(line, 1):
            sheet.write(row, column, value)
    sheet.write("A11", "SOUS-TOTAL AXE 3")
    sheet.write("F11", 1734.5)
    sheet.write("I11", "1 500,00 €")
    sheet.write("A13", "TRANQUILLITÉ RÉSIDENTIELLE")
    sheet.write("B14", "Rondes du soir")
    sheet.write("F14", "2000")
    sheet.write("I14", "2000")
    sheet.write("A15", "TOTAL GÉNÉRAL")
    sheet.write("F15", 3734.5)
    sheet.write("I15", 3400)
    sheet.write("A17", "* Montants hors taxes, sous réserve de validation.")


def test_a_real_file_is_read_through_its_merged_cells_and_its_notes(cast: Cast) -> None:
    programme = a_programme(cast)
    plan = plan_for(programme, damage.drawn(real_life))
    assert plan.parsed.faults == []
    read = {one.title: one.values for one in plan.of_kind(NEW)}
    assert [one["axis"] for one in read.values()] == ["sur_entretien"] * 2 + ["tranquillite"]
    halls = read["Halls nettoyés deux fois"]
    assert (halls["spending"], halls["valued"]) == (Decimal("1234.50"), Decimal("1000.00"))
    assert (halls["starts_on"], halls["ends_on"]) == (date(2026, 1, 1), date(2026, 12, 31))
    [wrong] = plan.parsed.differences
    assert (wrong.address, wrong.told, wrong.summed) == ("I15", Decimal(3400), Decimal(3500))
    assert any("Observations" in words for words in plan.parsed.remarks)
    assert any("notes laissées de côté : 1" in words for words in plan.parsed.remarks)


def test_thirty_damaged_files_say_what_is_wrong_and_leave_all_as_it_was(
    cast: Cast, client: Client
) -> None:
    programme = furnished(cast)
    client.force_login(cast.luc)
    rows, before = damage.base(programme), told(programme)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    files = [
        (
            f"{place} {value!s:.20}",
            damage.as_file(damage.with_cell(rows, place, value)),
            place,
            words,
        )
        for place, value, words in damage.CELLS
    ]
    files += [(name, file, "", words) for name, file, words in damage.refused(rows)]
    under = with_row(rows, 10, rows[6][:17])
    lone = with_row(rows, 6, ["", "", "", "sous réserve"])
    twice = damage.with_cell(rows, "R7", rows[5][17])
    files += [
        ("merged", damage.merged_amount(rows), "L7", "fusionnée avec L6"),
        ("under the total", damage.as_file(under), "A11", "ligne sous le total"),
        ("a lone word", damage.as_file(lone), "D7", "ni une ligne, ni un axe"),
        ("a reference twice", damage.as_file(twice), "R7", "plus haut"),
    ]
    assert len(files) >= 30
    wrong = []
    for name, file, place, words in files:
        page = client.post(url, {"file": file}).content.decode()
        if words not in page or f"<b>{place}</b>" not in page + "<b></b>":
            wrong.append(name)
        if 'name="jeton"' in page:
            wrong.append(f"{name} may be saved")
    assert wrong == []
    assert told(programme) == before


def with_row(rows: list[list[Any]], at: int, row: list[Any]) -> list[list[Any]]:
    """The same table with one row more."""
    return [*rows[:at], row, *rows[at:]]


# --- From the file to the programme ------------------------------------------------------------


def token_in(page: str) -> str:
    return page.split('name="jeton" value="')[1].split('"')[0] if 'name="jeton"' in page else ""


def changed_file(programme: Programme) -> SimpleUploadedFile:
    """The amount of the second line raised by hand, and a third line written."""
    rows = damage.base(programme)
    rows = damage.with_cell(rows, "L7", "15 000,00 €")
    return damage.as_file(
        with_row(rows, 7, ["Axe 6", "AS", "Tri expliqué aux locataires", *[""] * 8, 900])
    )


def two_lines(cast: Cast) -> Programme:
    programme = a_programme(cast)
    a_line(programme, axis="sur_entretien", title="Halls")
    a_line(programme)
    return programme


def test_nothing_is_saved_before_the_person_agrees_and_then_once(
    cast: Cast, client: Client
) -> None:
    programme = two_lines(cast)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    page = client.post(url, {"file": changed_file(programme)}).content.decode()
    assert "1\xa0ligne nouvelle, 1\xa0ligne modifiée, 1\xa0ligne inchangée" in page
    assert "les lignes font 27" in page  # the total of the file is not theirs any more
    assert programme.lines.count() == 2
    token = token_in(page)
    client.post(url, {"jeton": token})
    assert {(one.title, one.spending) for one in programme.lines.all()} == {
        ("Halls", Decimal("12000.00")),
        ("Enlèvement des encombrants en plus", Decimal("15000.00")),
        ("Tri expliqué aux locataires", Decimal("900.00")),
    }
    assert Event.objects.filter(code="written", thing_id=programme.pk).count() == 1
    again = client.post(url, {"jeton": token}, follow=True)
    assert "a déjà servi" in again.content.decode()


def test_what_another_read_is_not_mine_to_save(cast: Cast, client: Client) -> None:
    programme = two_lines(cast)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    client.force_login(cast.luc)
    token = token_in(client.post(url, {"file": changed_file(programme)}).content.decode())
    client.force_login(cast.ines)
    client.post(url, {"jeton": token})
    assert programme.lines.count() == 2


def test_what_changed_since_the_reading_is_shown_again(cast: Cast, client: Client) -> None:
    programme = two_lines(cast)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    token = token_in(client.post(url, {"file": changed_file(programme)}).content.decode())
    Line.objects.filter(title="Halls").update(spending=1)
    page = client.post(url, {"jeton": token}).content.decode()
    assert "Quelqu’un a écrit pendant votre lecture" in page
    assert programme.lines.count() == 2
    client.post(url, {"jeton": token_in(page)})
    assert programme.lines.count() == 3


def test_lines_that_the_file_has_not_go_only_when_asked(cast: Cast, client: Client) -> None:
    programme = two_lines(cast)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    rows = damage.base(programme)
    shorter = [*rows[:5], *rows[6:]]  # "Halls" is gone
    for asked, left in (({}, 2), ({"retirer": "on"}, 1)):
        page = client.post(url, {"file": damage.as_file(shorter)}).content.decode()
        client.post(url, {"jeton": token_in(page), **asked})
        assert programme.lines.count() == left


def test_a_programme_that_was_sent_takes_no_table(cast: Cast, client: Client) -> None:
    programme = two_lines(cast)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    token = token_in(client.post(url, {"file": changed_file(programme)}).content.decode())
    Programme.objects.filter(pk=programme.pk).update(state="sent")
    page = client.post(url, {"jeton": token}, follow=True).content.decode()
    assert "il ne change plus" in page
    assert programme.lines.count() == 2


def test_an_axis_that_a_rule_keeps_out_of_the_quartier_comes_in_by_no_table(
    cast: Cast, client: Client
) -> None:
    programme = two_lines(cast)
    renewed(cast, cast.rives)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_programme", args=[programme.pk])
    row = ["Axe 8", "AS", "Lampes des caves", *[""] * 8, 900]
    file = damage.as_file(with_row(damage.base(programme), 7, row))
    token = token_in(client.post(url, {"file": file}).content.decode())
    page = client.post(url, {"jeton": token}, follow=True).content.decode()
    assert "Lampes des caves » : L’axe 8 est réservé aux quartiers hors NPNRU" in page
    assert programme.lines.count() == 2


def test_a_part_of_a_shared_action_is_not_changed_by_a_table(cast: Cast) -> None:
    programme = two_lines(cast)
    split = Split.objects.create(
        title="Régie", pilot=cast.landlord, year=programme.year, total=24000, basis="percent"
    )
    programme.lines.update(split=split, split_percent=50)
    plan = plan_for(programme, changed_file(programme))
    assert [fault.address for fault in plan.parsed.faults] == ["L7"]
    assert not plan.of_kind(CHANGED)


def test_a_bilan_adds_what_was_spent_beyond_what_is_known(cast: Cast, client: Client) -> None:
    programme = a_programme(cast, state="running")
    line = a_line(programme)
    spent(line, "3000.00")
    model = next(one for one in shipped() if one.document == f.BILAN)
    file = workbook(f.BILAN, one(programme), model, "xlsx")
    rows = [
        *(list(row) for row in grids_of(file)[0].rows),
    ]
    for place, value in (
        ("D6", "4 500 €"),
        ("E6", 4500),
        ("G6", 4000),
        ("J6", "partielle"),
        ("K6", "Retard."),
    ):
        rows = damage.with_cell(rows, place, value)
    client.force_login(cast.luc)
    url = reverse("tfpb:import_bilan", args=[programme.pk])
    client.post(
        url, {"jeton": token_in(client.post(url, {"file": damage.as_file(rows)}).content.decode())}
    )
    amounts = list(Spending.objects.order_by("pk").values_list("amount", "valued"))
    assert amounts == [(Decimal(3000), Decimal(3000)), (Decimal(1500), Decimal(1000))]
    assert LineReview.objects.get().done == "partly"
    lower = damage.with_cell(rows, "D6", "100")
    page = client.post(url, {"file": damage.as_file(lower)}).content.decode()
    assert "moins que ce qui est déjà saisi" in page


@pytest.mark.parametrize(
    ("cells", "place", "words"),
    [
        ({"D6": 200}, "F6", "font ensemble la dépense"),  # and who paid is left as it stood
        ({"D6": 200, "E6": 200, "G6": 5000}, "G6", "On ne valorise pas plus"),
        ({"G6": 150}, "G6", "On ne valorise pas plus"),
        ({"J6": "reportée"}, "K6", "dites pourquoi"),
    ],
)
def test_a_table_of_bilan_breaks_no_rule_of_what_is_typed(
    cast: Cast, cells: dict[str, Any], place: str, words: str
) -> None:
    programme = a_programme(cast, state="running")
    spent(a_line(programme), "100.00")
    model = next(one for one in shipped() if one.document == f.BILAN)
    file = workbook(f.BILAN, one(programme), model, "xlsx")
    rows = [list(row) for row in grids_of(file)[0].rows]
    for cell, value in cells.items():
        rows = damage.with_cell(rows, cell, value)
    plan = plan_for(programme, damage.as_file(rows), f.BILAN)
    [fault] = plan.parsed.faults
    assert (fault.address, words in fault.reason, plan.changes) == (place, True, [])


def test_without_a_column_for_it_the_landlord_paid_what_others_did_not(cast: Cast) -> None:
    line = a_line(a_programme(cast, state="running"))
    before = {"spent": Decimal(100), "spent_other": Decimal(0)}
    entry = entry_of(line, before, {"spent": Decimal(200), "spent_other": Decimal(30)})
    assert entry
    assert (entry.amount, entry.own_funding, entry.other_funding) == (100, 70, 30)


def test_the_table_of_droit_commun_comes_in_as_well(cast: Cast) -> None:
    programme = a_programme(cast)
    usual(cast, programme)
    model = next(one for one in shipped() if (one.document, one.code) == (f.USUAL_MEANS, "liste"))
    rows = [
        list(row) for row in grids_of(workbook(f.USUAL_MEANS, one(programme), model, "ods"))[0].rows
    ]
    rows = damage.with_cell(rows, "I2", "270,00 €")
    rows.append([programme.year, "", "", "Déchets", "Tournées par semaine", "2", "3"])
    plan = plan_for(programme, damage.as_file(rows), f.USUAL_MEANS)
    assert [one.differing() for one in plan.of_kind(CHANGED)] == [{"inside_cost": Decimal(270)}]
    assert [one.title for one in plan.of_kind(NEW)] == ["Tournées par semaine"]
    assert UsualMeans.objects.count() == 2


def test_droit_commun_that_another_programme_was_sent_with_comes_in_by_no_table(
    cast: Cast, client: Client
) -> None:
    programme = a_programme(cast)
    usual(cast, programme)
    sent = a_programme(cast, commune=cast.valenciennes, state="sent")
    means = UsualMeans.objects.get(domain="gardiennage")
    a_line(sent, nature="renforcement", usual_means=means)
    model = next(one for one in shipped() if (one.document, one.code) == (f.USUAL_MEANS, "liste"))
    book = workbook(f.USUAL_MEANS, one(programme), model, "ods")
    rows = [list(row) for row in grids_of(book)[0].rows]
    new = [*rows, [programme.year, "", "", "Déchets", "Tournées par semaine", "2", "3"]]
    client.force_login(cast.luc)
    url = reverse("tfpb:import_usual_means", args=[programme.pk])

    def saved(rows: list[list[Any]]) -> str:
        read = client.post(url, {"file": damage.as_file(rows)}).content.decode()
        return client.post(url, {"jeton": token_in(read)}, follow=True).content.decode()

    page = saved(damage.with_cell(new, "I2", "270,00 €"))
    assert "renforce « Logements par gardien » : son programme est transmis" in page
    assert UsualMeans.objects.count() == 2  # the new row of that file neither
    assert "1\xa0ligne nouvelle" in saved(new)
    assert UsualMeans.objects.count() == 3
