"""Addresses: the national base comes in, and what people type finds them."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from parvis.places.addresses import AddressFound, find_addresses
from parvis.places.importing import addresses as importing
from parvis.places.models import Address, Commune, Street
from tests.places.conftest import commune, square

pytestmark = pytest.mark.django_db
Run = Callable[..., str]
HEADER = (
    "id",
    "id_fantoir",
    "numero",
    "rep",
    "nom_voie",
    "code_postal",
    "code_insee",
    "nom_commune",
    "x",
    "y",
    "lon",
    "lat",
)
Row = tuple[Any, ...]


def row(
    number: int | str,
    street: str = "Rue des Tilleuls",
    *,
    rep: str = "",
    insee: str = "59014",
    voie: str = "0010",
    lon: float | str = 3.51,
    lat: float | str = 50.38,
) -> Row:
    """A line as the national base writes it."""
    code = f"{insee}_{voie}_{int(number or 0):05}{'_' + rep if rep else ''}"
    town = {"59014": "Anzin", "59606": "Valenciennes", "59350": "Lille"}[insee]
    return (code, "", number, rep, street, "59410", insee, town, 735000, 7031000, lon, lat)


TILLEULS = [row(number, lon=3.51 + number / 10_000) for number in range(1, 22, 2)]
STREETS = [
    *TILLEULS,
    row(12, lon=3.515),
    row(12, rep="bis", lon=3.5151),
    row(3, "Avenue du Général de Gaulle", voie="0020"),
    row(8, "Place Saint-Éloi", voie="0030"),
    row(5, "Rue du 8 Mai 1945", voie="0040"),
    row(8, "Rue du 8 Mai 1945", voie="0040"),
    row(1, "Boulevard de Valenciennes", voie="0050"),
    row(4, "Rue des Tilleuls", insee="59606", voie="0010", lon=3.53),
    row(7, "Rue de l’Œuvre", insee="59606", voie="0060", lon=3.53),
]


@pytest.fixture
def ban(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines as the national base does; gives the path."""

    def write(*rows: Row, name: str = "adresses.csv", header: Row = HEADER) -> Path:
        path = tmp_path / name
        opened: Any = gzip.open if name.endswith(".gz") else open
        with opened(path, "wt", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([header, *rows])
        return path

    return write


@pytest.fixture
def towns() -> list[Commune]:
    return [
        commune("59014", "Anzin", square(3.5, 50.37, 0.02)),
        commune("59606", "Valenciennes", square(3.52, 50.37, 0.02)),
    ]


@pytest.fixture
def loaded(towns: list[Commune], ban: Callable[..., Path], parvis: Run) -> None:
    parvis("import_addresses", ban(*STREETS))


# --- The file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["adresses.csv", "adresses.csv.gz"])
def test_addresses_come_in_with_their_streets(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, name: str
) -> None:
    said = parvis("import_addresses", ban(*STREETS, name=name))
    assert f"Adresses : {len(STREETS)} créées, 0 modifiées, 0 inchangées, 0 écartées." in said
    street = Street.objects.get(code="59014_0010")
    assert (street.name, street.postcode, street.commune) == ("Rue des Tilleuls", "59410", towns[0])
    # The thirteen addresses are 1 to 21, with 12 and 12 bis among them: the middle one is 12.
    assert street.longitude == 3.515
    assert Address.objects.get(code="59014_0010_00012_bis").suffix == "bis"


def test_a_zip_of_the_file_comes_in_too(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(ban(row(1)), "adresses-59.csv")
    assert "1 créées" in parvis("import_addresses", tmp_path / "x.zip")


def test_a_local_base_comes_in_too(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run
) -> None:
    header = (
        "cle_interop", "commune_insee", "commune_nom", "voie_nom", "numero", "suffixe",
        "long", "lat",
    )  # fmt: skip
    line = ("59014_0010_00002", "59014", "Anzin", "Rue des Tilleuls", "2", "", "3.51", "50.38")
    path = ban(line, line, ("", *line[1:4], "99999", *line[5:]), header=header)
    said = parvis("import_addresses", path)
    assert "2 créées" in said
    assert "Lignes qui répètent une adresse : 1. La première compte." in said
    assert Address.objects.filter(number=0).count() == 1


def test_only_communes_known_here_unless_asked(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run
) -> None:
    path = ban(row(1), row(1, insee="59350"))
    assert "Adresses d’autres communes, laissées de côté : 1." in parvis("import_addresses", path)
    assert Address.objects.count() == 1
    assert "Communes créées sans contour : 1." in parvis(
        "import_addresses", path, "--every-commune"
    )
    assert Address.objects.get(street__commune__name="Lille")


def test_a_second_run_changes_nothing_whatever_the_batches(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 4)
    path = ban(*STREETS, row(12))
    said = parvis("import_addresses", path)
    assert f"{len(STREETS)} créées" in said
    assert "répètent une adresse : 1" in said
    streets = list(Street.objects.order_by("pk").values())
    assert f"0 créées, 0 modifiées, {len(STREETS)} inchangées" in parvis("import_addresses", path)
    assert list(Street.objects.order_by("pk").values()) == streets


def test_a_new_edition_changes_what_differs(
    loaded: None, ban: Callable[..., Path], parvis: Run
) -> None:
    said = parvis("import_addresses", ban(row(12, "Rue des Grands Tilleuls", lon=3.516)))
    assert "0 créées, 1 modifiées, 0 inchangées" in said
    assert "absentes du fichier : 17, gardées" in said
    assert Address.objects.get(code="59014_0010_00012").longitude == 3.516
    assert Street.objects.get(code="59014_0010").name == "Rue des Grands Tilleuls"


def test_addresses_that_are_gone_leave_when_asked(
    loaded: None, ban: Callable[..., Path], parvis: Run
) -> None:
    assert "Adresses retirées : 17." in parvis("import_addresses", ban(row(12)), "--remove-missing")
    assert Address.objects.filter(street__commune__code="59014").count() == 1
    assert Street.objects.filter(commune__code="59014").count() == 1
    # The other town was not in the file: nothing of it left.
    assert Address.objects.filter(street__commune__code="59606").count() == 2


def test_nothing_leaves_when_a_row_was_left_aside(
    loaded: None, ban: Callable[..., Path], parvis: Run
) -> None:
    path = ban(row(12), row(13, lat="?"))
    assert "gardées, car des lignes" in parvis("import_addresses", path, "--remove-missing")
    assert Address.objects.count() == len(STREETS)


def test_a_dry_run_keeps_nothing(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run
) -> None:
    assert "rien n’est enregistré" in parvis("import_addresses", ban(row(1)), "--dry-run")
    assert not Street.objects.exists()


@pytest.mark.parametrize(
    ("faulty", "why"),
    [
        (row("12", lat="nord"), "aucune position lisible"),
        (row(12, lon=50.38, lat=3.51), "inversées"),
        (row(12, lon=735_000, lat=7_031_000), "pas en degrés"),
        (row(12, ""), "aucun nom de voie"),
        (row(12, "=1+1"), "une formule"),
        (row(12)[:-3], "la ligne est coupée"),
        ((*row(12)[:2], "douze", *row(12)[3:]), "n’est pas un numéro"),
        ((*row(12)[:6], "Anzin", *row(12)[7:]), "n’est pas un code INSEE"),
        ((*row(12)[:5], "ABCDE", *row(12)[6:]), "n’est pas un code postal"),
    ],
)
def test_a_faulty_row_is_told_and_the_others_come_in(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, faulty: Row, why: str
) -> None:
    said = parvis("import_addresses", ban(row(1), faulty))
    assert why in said
    assert "Ligne 3" in said
    assert "1 créées, 0 modifiées, 0 inchangées, 1 écartées" in said


def test_faults_by_the_thousand_are_counted(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_FAULTS_TOLD", 3)
    said = parvis("import_addresses", ban(row(1), *[row(2, lat="?")] * 5))
    assert "et 2 autres lignes écartées, non détaillées" in said
    assert "5 écartées" in said


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-20])
    return path


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda ban: _cut(ban(*STREETS * 50, name="x.csv.gz")), "abîmé ou coupé"),
        (lambda ban: ban(), "Aucune ligne"),
        (lambda ban: ban(row(1, lat="?")), "Aucune ligne"),
        (lambda ban: ban(row(1, insee="59350")), "Chargez d’abord les communes"),
        (lambda ban: ban(row(1), header=("a", *"bcdefghijkl")), "Aucune colonne ne donne le nom"),
        (lambda ban: ban(row(1), header=(*HEADER[:-1], "lon")), "le même nom : lon"),
    ],
)
def test_a_damaged_file_is_refused(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, damage: Any, why: str
) -> None:
    with pytest.raises(CommandError, match=why) as refused:
        parvis("import_addresses", damage(ban))
    assert refused.value.returncode == 1
    assert not Street.objects.exists()
    assert not Address.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\0" * 3_000_000, b"\x1f\x8b\x08\0garbage", b"\xff" * 9])
def test_junk_is_refused(towns: list[Commune], tmp_path: Path, parvis: Run, content: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(CommandError, match="rien n’a été enregistré"):
        parvis("import_addresses", tmp_path / "x.csv")


def test_a_compressed_line_without_end_is_not_read_whole(
    towns: list[Commune], tmp_path: Path, parvis: Run
) -> None:
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"a" * 30_000_000))
    with pytest.raises(CommandError, match="démesurée"):
        parvis("import_addresses", tmp_path / "x.csv.gz")


def test_a_failure_half_way_keeps_nothing(
    towns: list[Commune], ban: Callable[..., Path], parvis: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 5)
    path = ban(*STREETS, name="x.csv")
    path.write_bytes(path.read_bytes() + b"59014_0010_00099;\xe9")
    with pytest.raises(CommandError, match="UTF-8"):
        parvis("import_addresses", path)
    assert not Address.objects.exists()


# --- The search --------------------------------------------------------------------------------


def first(text: str) -> str:
    found = find_addresses(text)
    return found[0].full if found else ""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("12 rue des tilleuls anzin", "12 Rue des Tilleuls, 59410 Anzin"),
        ("12 RUE DES TILLEULS, 59410 ANZIN", "12 Rue des Tilleuls, 59410 Anzin"),
        ("12bis rue des tilleuls", "12 bis Rue des Tilleuls, 59410 Anzin"),
        ("12 b rue des tilleuls", "12 bis Rue des Tilleuls, 59410 Anzin"),
        ("rue des tilleuls 12", "12 Rue des Tilleuls, 59410 Anzin"),
        ("4 rue des tilleuls", "4 Rue des Tilleuls, 59410 Valenciennes"),
        ("tilleuls valenciennes", "Rue des Tilleuls, 59410 Valenciennes"),
        ("r tilleul anzin", "Rue des Tilleuls, 59410 Anzin"),
        ("3 av gal de gaulle", "3 Avenue du Général de Gaulle, 59410 Anzin"),
        ("avenue general degaule", ""),
        ("av general de gaule", "Avenue du Général de Gaulle, 59410 Anzin"),
        ("pl st eloi", "Place Saint-Éloi, 59410 Anzin"),
        ("8 place saint éloy", "8 Place Saint-Éloi, 59410 Anzin"),
        ("bd de valenciennes", "Boulevard de Valenciennes, 59410 Anzin"),
        ("rue du 8 mai 1945", "Rue du 8 Mai 1945, 59410 Anzin"),
        ("5 rue du 8 mai 1945", "5 Rue du 8 Mai 1945, 59410 Anzin"),
        ("rue de l'oeuvre", "Rue de l’Œuvre, 59410 Valenciennes"),
        ("rue des tileuls", "Rue des Tilleuls, 59410 Anzin"),
        ("rue des tillelus", "Rue des Tilleuls, 59410 Anzin"),
        ("7 rue de l'oeuvre valencienes", "7 Rue de l’Œuvre, 59410 Valenciennes"),
        ("12 rue des tilleuls a", "12 Rue des Tilleuls, 59410 Anzin"),
        ("rue des marronniers", ""),
        ("valenciennes", "Boulevard de Valenciennes, 59410 Anzin"),
        ("anzin", ""),
        ("12", ""),
        ("' OR 1=1 --", ""),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_what_people_type_finds_the_address(loaded: None, typed: str, found: str) -> None:
    assert first(typed) == found


def test_a_number_that_the_street_has_not_leads_to_the_street(loaded: None) -> None:
    found = find_addresses("48 rue des tilleuls anzin")[0]
    assert (found.label, found.missing) == ("Rue des Tilleuls", "48")


def test_the_address_itself_is_given_and_not_the_street(loaded: None) -> None:
    assert find_addresses("12 bis rue des tilleuls")[0] == AddressFound(
        "12 bis Rue des Tilleuls", "59410 Anzin", 50.38, 3.5151
    )


def test_a_new_import_is_found_at_once(loaded: None, ban: Callable[..., Path], parvis: Run) -> None:
    assert first("impasse des lilas") == ""
    parvis("import_addresses", ban(row(2, "Impasse des Lilas", voie="0099")))
    assert first("2 imp. des lilas") == "2 Impasse des Lilas, 59410 Anzin"


@pytest.mark.parametrize("typed", ["rue", "12 rue des tilleuls", "8 rue des tileuls", "rue " * 25])
def test_a_search_costs_one_query_at_most(
    loaded: None, django_assert_max_num_queries: Any, typed: str
) -> None:
    find_addresses("rue")
    with django_assert_max_num_queries(1):
        find_addresses(typed)
