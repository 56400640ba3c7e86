"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import Sheet, press
from tests.vigilance.scene import a_door, a_receiver

_DESK = "/vigilance/portes/"


def _read_a_table(page: Any) -> None:
    words = "nature;nom;communes;difficultés\nCCAS;Accueil de la mairie;Anzin;dettes et crédits\n"
    page.get_by_label("Tableau").set_input_files(
        {"name": "services.csv", "mimeType": "text/csv", "buffer": words.encode()}
    )
    press("Lire le fichier")(page)


SHEETS: list[Sheet] = [
    Sheet("vigilance/door_bill.html", "/facture-difficile/"),
    Sheet("vigilance/door_bill_commune.html", "/facture-difficile/59014/"),
    Sheet("vigilance/door_bill_commune.html", "/facture-difficile/59014/energie/"),
    Sheet("vigilance/door_list.html", _DESK, "claire", pieces=("vigilance/_door_tabs.html",)),
    Sheet("vigilance/door_list.html", _DESK, "rose"),
    Sheet("vigilance/door.html", f"{_DESK}{{vigilance_door}}/", "karim"),
    Sheet("vigilance/door.html", f"{_DESK}{{vigilance_closed}}/", "claire"),
    Sheet("vigilance/door_form.html", f"{_DESK}nouvelle/", "claire", arrive=press("Enregistrer")),
    Sheet("vigilance/door_form.html", f"{_DESK}nouvelle/", "yasmine"),
    Sheet("vigilance/door_form.html", f"{_DESK}{{vigilance_door}}/modifier/", "karim"),
    Sheet("vigilance/door_import.html", f"{_DESK}importer/", "claire", arrive=_read_a_table),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A door with all that may be told of it, which Sofia opens; one that is closed and that
    nobody has ever checked."""
    door = a_door(
        cast,
        takes=["energie", "loyer"],
        phone="03 53 01 00 01",
        email="accueil@exemple.test",
        website="https://accueil.exemple.test/",
        hours="du lundi au vendredi, de 9 h à 12 h",
        address="1 place de la Mairie",
        to_bring="La facture.",
        conditions="Sur rendez-vous.",
    )
    a_receiver(door, cast.sofia)
    closed = a_door(cast, name="Ancienne permanence", closes_on="2026-01-31")
    return {"vigilance_door": door.pk, "vigilance_closed": closed.pk}
