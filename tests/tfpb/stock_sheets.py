"""Pages of the part `stock`, for the walk over every template."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from parvis.tfpb.models import CommuneRate
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.tfpb.scene import a_line, a_programme, some_dwellings, this_year


def _give(table: str) -> Any:
    def given(page: Any) -> None:
        upload = {"name": "patrimoine.csv", "mimeType": "text/csv", "buffer": table.encode()}
        page.locator("input[type=file]").set_input_files(upload)
        press("Lire le fichier")(page)

    return given


STOCK = ("tfpb/_stock_filters.html", "tfpb/_stock_amount.html")
SHEETS: list[Sheet] = [
    Sheet("tfpb/stock.html", "/tfpb/patrimoine/", COORDINATION, STOCK),
    Sheet("tfpb/stock.html", "/tfpb/patrimoine/?annee=", "luc"),
    Sheet("tfpb/stock.html", "/tfpb/patrimoine/", "nadia"),
    Sheet("tfpb/stock_homes.html", "/tfpb/patrimoine/residences/?annee=", "luc"),
    Sheet("tfpb/stock_home.html", "/tfpb/patrimoine/residences/{tfpb_home}/", "luc"),
    Sheet("tfpb/stock_home.html", "/tfpb/patrimoine/residences/{tfpb_rateless}/", "karim"),
    Sheet("tfpb/stock_form.html", "/tfpb/patrimoine/residences/nouvelle/", "luc"),
    Sheet("tfpb/stock_form.html", "/tfpb/patrimoine/residences/{tfpb_home}/modifier/", "luc"),
    Sheet("tfpb/stock_drop.html", "/tfpb/patrimoine/residences/{tfpb_home}/retirer/", "luc"),
    Sheet(
        "tfpb/stock_import.html",
        "/tfpb/patrimoine/importer/",
        "luc",
        arrive=_give("résidence;année;motif;logements\nLes Tilleuls;2031;;200\nInconnue;2026;;3\n"),
    ),
    Sheet(
        "tfpb/stock_import.html",
        "/tfpb/patrimoine/importer/",
        "luc",
        arrive=_give("résidence;année;motif;logements;abattus\nTIL;2023;avant_1998;200;180\n"),
    ),
    Sheet(
        "tfpb/programme_stock.html", "/tfpb/programmes/{tfpb_stocked}/patrimoine/", "luc", STOCK[1:]
    ),
    Sheet("tfpb/rates.html", "/tfpb/taux/", COORDINATION),
    Sheet("tfpb/rate_form.html", "/tfpb/taux/ecrire/", COORDINATION),
    Sheet("tfpb/deliberation.html", "/tfpb/deliberation/", "karim"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A residence estimated and noticed, the same where the rate is not known, a programme that
    stands beside them."""
    year = this_year()
    CommuneRate.objects.create(
        commune=cast.anzin, tax_year=year, percent=Decimal("49.94"), source="État fiscal 1259"
    )
    home = some_dwellings(
        cast,
        exempt=12,
        exempt_until=date(year + 3, 12, 31),
        vacant=8,
        npnru=True,
        rental_value=Decimal("480000.00"),
        rate=Decimal("49.94"),
        estimate=Decimal("35956.80"),
        estimated_on=date(year - 1, 10, 1),
        estimate_source="valeur locative et taux de 49,94 % (État fiscal 1259)",
        real=Decimal("36120.00"),
        real_on=date(year, 10, 12),
        real_source="avis 59014-0457",
    )
    rateless = some_dwellings(cast, tax_year=year - 1, rental_value=Decimal("470000.00"))
    # A place of its own: other parts have sheets of Rives in Anzin, and of Faubourg.
    place = {"commune": cast.raismes}
    some_dwellings(cast, npnru=True, residence=cast.peupliers, **place)
    programme = a_programme(cast, state="to_complete", **place)
    a_line(programme)
    keys = {"tfpb_home": home, "tfpb_rateless": rateless, "tfpb_stocked": programme}
    return {name: one.pk for name, one in keys.items()}
