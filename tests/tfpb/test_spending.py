"""What lines cost during the year: typed, read from accounts, moved, never capped."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.documents import ods, xlsx
from parvis.tfpb import spending_acts as acts
from parvis.tfpb.models import Bilan, Line, Programme, Spending
from parvis.tfpb.spending_import import Extract, amount_of, plain, read_extract
from parvis.tfpb.spending_periods import period_in_words, period_of
from parvis.tfpb.spending_reading import money_of
from parvis.tfpb.tabling.grids import address
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.bilan_scene import presence, running
from tests.tfpb.scene import spent, this_year

HEADER = ["Ligne", "Période", "Montant", "Référence"]


def euros(text: str) -> Decimal:
    return Decimal(text)


def written(programme: Programme, line: Line, actor: Any, **fields: Any) -> Spending:
    """3 000 € over the first quarter, all valued, unless told otherwise."""
    year = programme.year
    given = {
        "line": line,
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 3, 31),
        "amount": euros("3000.00"),
        "own_funding": euros("3000.00"),
        "other_funding": euros("0.00"),
        "valued": euros("3000.00"),
        "quantity": None,
        "note": "",
        **fields,
    }
    return acts.write_spending(programme, actor=actor, **given)


# --- A cell, without the database -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        (1234.5, "1234.50"),
        (0.1 + 0.2, "0.30"),
        ("12", "12.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: Any, amount: str) -> None:
    assert amount_of(text) == euros(amount)


@pytest.mark.parametrize("text", ["", "environ 30", "12,345", "-5", "nan", "1e400", "30%"])
def test_what_is_no_amount_is_refused_and_never_rounded(text: str) -> None:
    with pytest.raises(ValidationError):
        amount_of(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("T1 2026", (1, 1), (3, 31)),
        ("2e trimestre 2026", (4, 1), (6, 30)),
        ("2026-T4", (10, 1), (12, 31)),
        ("févr. 2026", None, None),
        ("Février 2026", (2, 1), (2, 28)),
        ("03/2026", (3, 1), (3, 31)),
        ("2026-03", (3, 1), (3, 31)),
        (2026.0, (1, 1), (12, 31)),
        ("15/03/2026", (3, 15), (3, 15)),
        ("du 01/01/2026 au 31/03/2026", (1, 1), (3, 31)),
        ("31/02/2026", None, None),
        ("T5 2026", None, None),
    ],
)
def test_a_period_is_read_as_accounts_write_it(text: Any, first: Any, last: Any) -> None:
    if first is None:
        with pytest.raises(ValidationError):
            period_of(text)
    else:
        assert period_of(text) == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((1, 1), (3, 31), "janvier à mars 2026"),
        ((2, 1), (2, 28), "février 2026"),
        ((1, 1), (12, 31), "2026"),
        ((3, 5), (3, 5), "jeudi 5 mars"),
        ((3, 5), (3, 31), "du jeudi 5 mars au mardi 31 mars"),
    ],
)
def test_a_period_is_told_in_few_words(start: Any, end: Any, words: str) -> None:
    told = period_in_words(date(2026, *start), date(2026, *end)).replace("\u00a0", " ")
    assert told.removesuffix(" 2026") == words.removesuffix(" 2026")


def test_a_cell_has_no_control_character_that_a_database_refuses() -> None:
    assert plain("C\x00-\x1b1\u00a0 bis\x9f") == "C-1 bis"


def test_a_cell_is_named_as_spreadsheets_do() -> None:
    assert [address(1, 1), address(7, 26), address(3, 27)] == ["A1", "Z7", "AA3"]


# --- Typed ------------------------------------------------------------------------------------


def test_spending_is_written_corrected_and_removed_while_the_bilan_is_written(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    programme, waste, _ = running(cast)
    one = written(programme, waste, luc)
    written(programme, waste, luc, spending=one, amount=euros("2500.00"), own_funding=None,
            other_funding=euros("500.00"), valued=euros("2000.00"))  # fmt: skip
    one.refresh_from_db()
    assert (one.amount, one.own_funding) == (euros("2500.00"), euros("2000.00"))
    acts.remove_spending(programme, actor=luc, spending=one)
    assert not waste.spendings.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valued": Decimal("3000.01")}, "valued"),
        ({"other_funding": Decimal("1.00")}, "other_funding"),
        ({"ends_on": date(this_year() + 1, 1, 1)}, "ends_on"),
        ({"ends_on": date(this_year(), 1, 1), "starts_on": date(this_year(), 2, 1)}, "__all__"),
    ],
)
def test_a_spending_that_contradicts_itself_says_where(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    programme, waste, _ = running(cast)
    with pytest.raises(ValidationError) as said:
        written(programme, waste, cast.actor(cast.luc), **wrong)
    assert field in said.value.message_dict


def test_nothing_is_spent_before_the_programme_is_annexed_nor_once_the_bilan_is_sent(
    cast: Cast,
) -> None:
    luc = cast.actor(cast.luc)
    programme, waste, _ = running(cast, state="validated")
    with pytest.raises(ValidationError, match="annexé"):
        written(programme, waste, luc)
    Programme.objects.update(state="annexed")
    written(programme, waste, luc)
    Bilan.objects.create(programme=programme, state="sent", moved_at=programme.moved_at)
    with pytest.raises(ValidationError, match="ne changent plus"):
        written(programme, waste, luc)
    assert Spending.objects.count() == 1


def test_more_than_planned_is_shown_and_never_capped(cast: Cast) -> None:
    programme, waste, staff = running(cast)
    spent(waste, "70000.00")
    spent(
        waste, "1000.00", starts_on=date(programme.year, 4, 1), ends_on=date(programme.year, 7, 1)
    )
    money = money_of(programme)
    row = next(row for row in money.rows if row.line == waste)
    assert row.left == euros("-59000.00")
    assert [one.spent for one in row.by_quarter] == [euros("70000.00"), 0, euros("1000.00"), 0]
    assert money.against.utilisation == euros("177.5")
    assert money.total.sums.spent == sum(axis.total.sums.spent for axis in money.axes)
    assert next(row for row in money.rows if row.line == staff).left == euros("20000.00")


# --- Moved ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "reason", "refused"),
    [
        ("allowed", "", ""),
        ("justify", "", "justifier"),
        ("justify", "Le gardien est parti.", ""),
        ("refused", "Le gardien est parti.", "refuse"),
        (None, "", "justifier"),  # data/valuation.toml
    ],
)
def test_the_convention_says_whether_money_moves_between_lines(
    cast: Cast, rule: str | None, reason: str, refused: str
) -> None:
    programme, waste, staff = running(cast)
    if rule:
        convention = programme.convention
        assert convention
        convention.valuation = {"virement": rule}
        convention.save(update_fields=["valuation"])

    def move() -> None:
        acts.transfer(
            programme,
            actor=cast.actor(cast.luc),
            source=staff,
            target=waste,
            amount=euros("5000.00"),
            reason=reason,
        )

    if refused:
        with pytest.raises(ValidationError, match=refused):
            move()
        return
    move()
    planned = {row.line: (row.sums.spending, row.planned) for row in money_of(programme).rows}
    assert planned[waste] == (euros("12000.00"), euros("17000.00"))
    assert planned[staff] == (euros("20000.00"), euros("15000.00"))
    assert money_of(programme).total.moved == 0


def test_a_line_does_not_give_more_than_it_has(cast: Cast) -> None:
    programme, waste, staff = running(cast)
    with pytest.raises(ValidationError, match="Il ne reste"):
        acts.transfer(
            programme, actor=cast.actor(cast.luc), source=waste, target=staff,
            amount=euros("12000.01"), reason="Essai",
        )  # fmt: skip


# --- Read from accounts -----------------------------------------------------------------------


def table(rows: list[list[Any]], form: str = "xlsx") -> SimpleUploadedFile:
    """An extract in one of the three forms."""
    out = io.BytesIO()
    if form == "xlsx":
        xlsx.write(out, rows[0], rows[1:])
    elif form == "ods":
        out.write(b"".join(ods.pieces(rows[0], rows[1:])))
    else:
        out.write("\n".join(";".join(map(str, row)) for row in rows).encode("cp1252"))
    return SimpleUploadedFile(f"extrait.{form}", out.getvalue())


def extract(programme: Programme, rows: list[list[Any]], form: str = "xlsx") -> Extract:
    return read_extract(programme, table(rows, form))


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_an_extract_names_a_line_by_its_number_or_its_title(cast: Cast, form: str) -> None:
    programme, waste, staff = running(cast)
    year = programme.year
    rows = [
        ["Extrait du grand livre", "", "", ""],
        HEADER,
        ["2", f"T1 {year}", "1 234,50 €", "A-1"],
        ["UN GARDIEN EN PLUS", f"mars {year}", "2000", "A-2"],
        ["Total", "", "3 234,50 €", ""],
    ]
    found = extract(programme, rows, form)
    assert not found.faults
    assert [(one.line, one.amount, one.valued) for one in found.entries] == [
        (waste, euros("1234.50"), euros("925.88")),  # 75 % planned, half up
        (staff, euros("2000.00"), euros("2000.00")),
    ]
    assert not Spending.objects.exists()


def test_each_cell_that_is_not_understood_has_its_address(cast: Cast) -> None:
    programme, _, _ = running(cast)
    year = programme.year
    rows = [
        HEADER,
        ["9", f"T1 {year}", "10", "B-1"],
        ["1", "bientôt", "beaucoup", "B-2"],
        ["1", f"T1 {year - 1}", "10", "B-3"],
        ["1", f"T1 {year}", "#VALUE!", "B-4"],
        ["1", f"T1 {year}", "10", "B-5"],
    ]
    found = extract(programme, rows)
    assert [one.address for one in found.faults] == ["A2", "C3", "B3", "B4", "C5"]
    assert [one.reference for one in found.entries] == ["B-5"]


def test_a_table_may_stand_anywhere_on_its_sheet(cast: Cast) -> None:
    programme, _, _ = running(cast)
    rows = [["", *HEADER], ["", "1", f"T1 {programme.year}", "beaucoup", "F-1"]]
    assert [one.address for one in extract(programme, rows).faults] == ["D2"]


def test_the_same_entry_counts_once_however_often_it_is_read(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    programme, waste, _ = running(cast)
    rows = [
        HEADER,
        ["2", f"T1 {programme.year}", 100, "C-1"],
        ["2", f"T2 {programme.year}", 50, ""],
    ]
    first = extract(programme, rows)
    acts.add_spendings(programme, first.entries, actor=luc)
    again = extract(programme, rows)
    assert (again.entries, len(again.known)) == ([], 2)
    acts.add_spendings(programme, first.entries, actor=luc)  # the page sent twice
    assert sum(one.amount for one in waste.spendings.all()) == euros("150.00")
    changed = extract(programme, [HEADER, ["2", f"T1 {programme.year}", 101, "C-1"]])
    assert [one.address for one in changed.faults] == ["C2"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK rien"), ("a.csv", b""), ("a.csv", b"nom;prix\n1;2"), ("a.pdf", b"%PDF-1.7")],
)
def test_a_file_that_is_no_extract_says_why(cast: Cast, name: str, content: bytes) -> None:
    programme, _, _ = running(cast)
    found = read_extract(programme, SimpleUploadedFile(name, content))
    assert len(found.faults) == 1
    assert found.faults[0].reason
    assert not found.entries


# --- The pages --------------------------------------------------------------------------------


def test_an_extract_is_shown_then_kept_once_the_person_agrees(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    client.force_login(cast.luc)
    url = f"/tfpb/programmes/{programme.pk}/depenses/importer/"
    rows = [HEADER, ["2", f"T1 {programme.year}", 100, "D-1"]]
    shown = client.post(url, {"file": table(rows)})
    assert not Spending.objects.exists()
    assert "1\N{NO-BREAK SPACE}écriture lue" in shown.content.decode()
    answer = client.post(url, {"kept": shown.context["kept"]})
    assert answer["Location"] == f"/tfpb/programmes/{programme.pk}/depenses/"
    assert waste.spendings.get().source == "imported"
    assert client.post(url, {"kept": "autre chose"}).status_code == 302
    assert Spending.objects.count() == 1


def test_who_is_a_party_reads_the_year_and_does_not_write_it(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    spent(waste)
    url = f"/tfpb/programmes/{programme.pk}/depenses/"
    for person, wanted in ((cast.karim, 200), (cast.paul, 404), (cast.nadia, 404)):
        client.force_login(person)
        assert client.get(url).status_code == wanted
    client.force_login(cast.karim)
    assert "Saisir une dépense" not in client.get(url).content.decode()
    assert client.post(f"{url}nouvelle/").status_code == 403


def test_luc_types_a_spending_and_moves_money_on_screen(client: Any, cast: Cast) -> None:
    programme, waste, staff = running(cast)
    client.force_login(cast.luc)
    base, year = f"/tfpb/programmes/{programme.pk}", programme.year
    said = {
        "line": waste.pk,
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-03-31",
        "amount": "1 000,50 €",
        "valued": "900",
    }
    assert client.post(f"{base}/depenses/nouvelle/", said).status_code == 302
    one = waste.spendings.get()
    assert (one.amount, one.own_funding) == (euros("1000.50"), euros("1000.50"))
    client.post(f"{base}/depenses/{one.pk}/", {**said, "other_funding": "100"})
    one.refresh_from_db()
    assert one.own_funding == euros("900.50")
    moved = {"source": staff.pk, "target": waste.pk, "amount": "10", "on": f"{year}-05-01"}
    assert client.post(f"{base}/virement/", moved).status_code == 200
    assert client.post(f"{base}/virement/", {**moved, "reason": "Moins cher"}).status_code == 302
    page = client.get(f"{base}/depenses/").content.decode()
    assert "Moins cher" in page
    assert client.post(f"{base}/depenses/{one.pk}/retirer/").status_code == 302
    assert not Spending.objects.exists()


def test_the_page_asks_as_much_for_two_lines_as_for_many(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    spent(waste)
    client.force_login(cast.luc)
    url = f"/tfpb/programmes/{programme.pk}/depenses/"
    with counted() as few:
        client.get(url)
    for number in range(12):
        spent(presence(programme, title=f"Ligne {number}"))
    with counted() as many:
        client.get(url)
    assert len(few) == len(many) <= 18
