"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.vigilance.models import DwellingSignal, QuarterFigures, UnpaidCount
from parvis.vigilance.quarters import finished
from parvis.vigilance.signal_publishing import tables_of_territory, territories
from tests.cast import Cast
from tests.pages.sheet import Sheet, press

_UNPAID = "/vigilance/impayes/{vigilance_quarter}/"


def _read_a_table(page: Any) -> None:
    words = "résidence;logements;en retard\nLes Tilleuls;60;9\n"
    page.get_by_label("Tableau").set_input_files(
        {"name": "retards.csv", "mimeType": "text/csv", "buffer": words.encode()}
    )
    press("Lire le fichier")(page)


SHEETS: list[Sheet] = [
    Sheet("vigilance/signal_list.html", "/vigilance/signaux/", "ines"),
    Sheet("vigilance/signal_list.html", "/vigilance/signaux/", "yasmine"),
    Sheet("vigilance/signal_form.html", "/vigilance/signaux/nouveau/", "ines"),
    Sheet(
        "vigilance/signal_form.html",
        "/vigilance/signaux/nouveau/",
        "sofia",
        arrive=press("Noter ce constat"),
    ),
    Sheet("vigilance/signal_unpaid.html", _UNPAID, "luc", pieces=("vigilance/_signal_cell.html",)),
    Sheet("vigilance/signal_unpaid.html", _UNPAID, "karim"),
    Sheet(
        "vigilance/signal_unpaid_import.html", f"{_UNPAID}importer/", "luc", arrive=_read_a_table
    ),
    Sheet("vigilance/signal_figures.html", "/vigilance/chiffres/", "claire"),
    Sheet("vigilance/signal_figures.html", "/vigilance/chiffres/", "nadia"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """Damp that the landlord signals, its unpaid charges, and the figures of the last quarter."""
    quarter = finished(timezone.localdate(), 1)[0]
    DwellingSignal.objects.create(
        what="damp",
        commune=cast.anzin,
        quartier=cast.rives,
        organisation=cast.landlord,
        month=timezone.localdate().replace(day=1),
    )
    UnpaidCount.objects.create(
        residence=cast.tilleuls,
        organisation=cast.landlord,
        quarter=quarter.start,
        dwellings=60,
        behind=12,
    )
    QuarterFigures.objects.bulk_create(
        QuarterFigures(
            territory=one.code,
            quarter=quarter.start,
            name=one.name,
            tables=tables_of_territory(one, quarter),
        )
        for one in territories()
    )
    return {"vigilance_quarter": quarter.code}
