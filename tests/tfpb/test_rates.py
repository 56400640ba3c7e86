"""Rates of the communes: read from the open file of the region, corrected by the coordination."""

from __future__ import annotations

import os
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from parvis.tfpb.models import CommuneRate
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FILE = "social-housing/tfpb_rates_communes_hauts_de_france.csv"


@pytest.fixture
def open_rates() -> Path:
    """The region's open file, read where it lies and never copied."""
    default = settings.BASE_DIR.parent / "shared" / "data"
    path = Path(os.environ.get("PARVIS_OPEN_DATA", default)) / FILE
    if not path.is_file():
        pytest.skip(f"official files are missing: set PARVIS_OPEN_DATA (looked at {path})")
    return path


def imported(path: Path, *more: str, year: int = 2025) -> str:
    out, err = StringIO(), StringIO()
    call_command("import_tfpb_rates", str(path), "--year", str(year), *more, stdout=out, stderr=err)
    return (out.getvalue() + err.getvalue()).replace("\u202f", " ").replace("\u00a0", " ")


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "taux.csv"
    path.write_text(text, encoding="utf-8")
    return path


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_open_file_gives_the_rates_of_the_communes_known_here(
    cast: Cast, open_rates: Path
) -> None:
    told = imported(open_rates, "--source", "DGFiP, fiscalité locale 2025")
    assert "Taux de 2025 : 3 créés, 0 modifiés, 0 inchangés, 0 écartés." in told
    assert "laissées de côté" in told
    anzin = CommuneRate.objects.get(commune=cast.anzin, tax_year=2025)
    assert (anzin.percent > 20, anzin.source) == (True, "DGFiP, fiscalité locale 2025")
    assert isinstance(anzin.percent, Decimal)
    assert "0 créés, 0 modifiés, 3 inchangés" in imported(open_rates)


def test_the_open_file_says_nothing_of_another_year(cast: Cast, open_rates: Path) -> None:
    with pytest.raises(CommandError, match="Aucune colonne ne donne le taux de 2024"):
        imported(open_rates, year=2024)


def test_a_faulty_line_is_named_and_an_empty_rate_is_not_zero(cast: Cast, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Code commune;Taux TFPB 2026\n59014;49,94 %\n59606;\n59491;cinquante\n5901X;12\n",
    )
    told = imported(path, year=2026)
    assert "Ligne 4 (59491) écartée : « cinquante » n’est pas un taux" in told
    assert "Ligne 5 écartée : « 5901X » n’est pas un code INSEE" in told
    assert "1 commune sans taux dans le fichier." in told
    assert [str(rate.percent) for rate in CommuneRate.objects.all()] == ["49.940"]


def test_a_rate_that_replaces_a_corrected_one_is_told(cast: Cast, tmp_path: Path) -> None:
    CommuneRate.objects.create(
        commune=cast.anzin, tax_year=2026, percent=Decimal("50.1"), source="corrigé en mairie"
    )
    path = table(tmp_path, "insee;taux\n59014;49,94\n")
    assert "49,94 % remplace 50,1 % (source : corrigé en mairie)" in imported(path, year=2026)


def test_the_coordination_corrects_the_rates_of_its_communes_and_no_other(cast: Cast) -> None:
    claire = signed_in(cast.claire)
    fields = {"annee": 2026, "percent": "49,94 %", "source": "État fiscal 1259"}
    assert (
        claire.post("/tfpb/taux/ecrire/", {**fields, "commune": cast.anzin.pk}).status_code == 302
    )
    assert (
        claire.post("/tfpb/taux/ecrire/", {**fields, "commune": cast.raismes.pk}).status_code == 200
    )
    assert list(CommuneRate.objects.values_list("commune__name", "percent", "source")) == [
        ("Anzin", Decimal("49.940"), "État fiscal 1259")
    ]
    # What the form shows of a known rate can be saved as it is.
    form = claire.get(f"/tfpb/taux/ecrire/?commune={cast.anzin.pk}&annee=2026").content.decode()
    assert 'value="49,94"' in form
    page = claire.get("/tfpb/taux/?annee=2026").content.decode()
    assert "49,94\u00a0%" in page.replace("&nbsp;", "\u00a0")
    assert "Valenciennes" in page
    assert "Raismes" not in page
    assert signed_in(cast.karim).get("/tfpb/taux/ecrire/").status_code == 403
