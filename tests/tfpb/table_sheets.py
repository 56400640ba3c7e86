"""Pages of the part `table`, for the walk over every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.tfpb.models import TableModel
from parvis.tfpb.tabling.mapping import shipped
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.tfpb import damage
from tests.tfpb.scene import a_line, a_programme

YEAR = 2023  # of the programmes of these pages, apart from those of other parts


def a_table() -> bytes:
    """A line that is new, one that changes, one that is not understood, and a wrong total."""
    rows = [
        ["Quartier", "Faubourg"],
        ["Axe", "Action", "Descriptif", "Localisation", "Dépense prévue", "Part bailleur", "Visa"],
        ["Axe 4", "Enlèvement des encombrants en plus", "Chaque\nlundi", "", "13 000 €", 9000],
        ["3", "Halls nettoyés deux fois", "", "Les Tilleuls", "1 234,50 €", "1 234,50"],
        ["Axe 12", "Autre chose", "", "", "12 k€", "vingt"],
        ["Total", "", "", "", 20000, ""],
        ["* Montants hors taxes."],
    ]
    content: bytes = damage.as_file(rows).read()
    return content


def _hand_over(page: Any) -> None:
    file = {"name": "tableau.xlsx", "mimeType": "application/zip", "buffer": a_table()}
    page.get_by_label("fichier").set_input_files(file)
    press("Lire le fichier")(page)


def _describe(page: Any) -> None:
    page.get_by_label("Nom du modèle").fill("Un autre tableau")
    _hand_over(page)


SHEETS = [
    Sheet("tfpb/tables.html", "/tfpb/programmes/{tabled}/tableaux/", pieces=("tfpb/_tabs.html",)),
    Sheet("tfpb/tables.html", "/tfpb/programmes/{tabled_draft}/tableaux/", "luc"),
    Sheet(
        "tfpb/table_import.html",
        "/tfpb/programmes/{tabled_draft}/tableaux/importer/programme/",
        "luc",
    ),
    Sheet(
        "tfpb/table_import.html",
        "/tfpb/programmes/{tabled_draft}/tableaux/importer/programme/",
        "luc",
        arrive=_hand_over,
    ),
    Sheet("tfpb/tables_many.html", "/tfpb/tableaux/", "luc"),
    Sheet("tfpb/table_models.html", "/tfpb/modeles/", COORDINATION),
    Sheet("tfpb/table_models.html", "/tfpb/modeles/", "luc"),
    Sheet("tfpb/table_model_new.html", "/tfpb/modeles/nouveau/", "luc"),
    Sheet("tfpb/table_model_describe.html", "/tfpb/modeles/nouveau/", "luc", arrive=_describe),
    Sheet("tfpb/table_model.html", "/tfpb/modeles/{table_model}/", "luc"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A draft with two lines, a published programme, a model of one's own."""
    place = {"commune": cast.valenciennes, "quartier": cast.faubourg}
    public = a_programme(cast, year=YEAR, state="closed", published_at=timezone.now(), **place)
    a_line(public)
    draft = a_programme(cast, year=YEAR + 1, **place)
    a_line(draft)
    a_line(draft, axis="presence", title="Médiation", spending=Decimal(500))
    base = next(one for one in shipped() if (one.document, one.code) == ("programme", "fiche"))
    model = TableModel.objects.create(
        organisation=cast.landlord,
        name="Tableau du département",
        document="programme",
        mapping=base.words(),
    )
    return {"tabled": public.pk, "tabled_draft": draft.pk, "table_model": model.pk}
