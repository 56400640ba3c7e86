"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet

from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import OrientationSecret, SpokenAgreement
from tests.cast import Cast
from tests.pages.sheet import Sheet, press
from tests.vigilance.scene import a_door, a_receiver, an_orientation

CHOSEN = "commune={orienting_commune}&need=energie"
SHEETS: list[Sheet] = [
    Sheet("vigilance/orientations.html", "/orientations/", "ines"),
    Sheet("vigilance/orientations.html", "/orientations/", "luc"),
    Sheet("vigilance/orientations_received.html", "/orientations/recues/", "sofia"),
    Sheet("vigilance/orientations_received.html", "/orientations/recues/", "ines"),
    Sheet("vigilance/orientation_not_yours.html", "/orientations/nouvelle/", "yasmine"),
    Sheet("vigilance/orientation_where.html", "/orientations/nouvelle/", "ines"),
    Sheet("vigilance/orientation_door.html", "/orientations/nouvelle/?" + CHOSEN, "ines"),
    Sheet(
        "vigilance/orientation_write.html",
        "/orientations/nouvelle/?" + CHOSEN + "&door={orienting_door}",
        "ines",
    ),
    Sheet(
        "vigilance/orientation_write.html",
        "/orientations/nouvelle/?" + CHOSEN + "&door={orienting_door}",
        "ines",
        arrive=press("Envoyer"),
    ),
    Sheet("vigilance/orientation.html", "/orientations/{orientation_draft}/", "ines"),
    Sheet(
        "vigilance/orientation_write.html",
        "/orientations/{orientation_draft}/",
        "ines",
        arrive=press("Compléter et envoyer"),
    ),
    Sheet("vigilance/orientation.html", "/orientations/{orientation_sent}/", "ines"),
    Sheet("vigilance/orientation.html", "/orientations/{orientation_sent}/", "sofia"),
    Sheet("vigilance/orientation.html", "/orientations/{orientation_sent}/", "karim"),
    Sheet("vigilance/orientation.html", "/orientations/{orientation_taken}/", "sofia"),
    Sheet(
        "vigilance/orientation_read.html",
        "/orientations/{orientation_sent}/",
        "sofia",
        arrive=press("Lire"),
    ),
    Sheet(
        "vigilance/orientation_lost.html",
        "/orientations/{orientation_lost}/",
        "sofia",
        arrive=press("Lire"),
    ),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    door = a_door(
        cast,
        name="Accueil social de la mairie",
        phone="03 53 01 00 11",
        conditions="Sur rendez-vous, au guichet ou chez vous.",
    )
    a_receiver(door, cast.sofia)
    other = a_door(cast, cast.association, name="Point conseil budget des Voisins", kind="pcb")
    cast.rose.mandates.update(role="contributeur")
    a_receiver(other, cast.rose)
    cast.rose.mandates.update(role="lecteur")
    a_door(
        cast,
        cast.association,
        name="Permanence logement",
        kind="association",
        phone="03 53 01 00 22",
        hours="le mardi de 9 h à 12 h",
        address="1 place du Marché",
        to_bring="les trois dernières factures",
    )
    sofia = cast.actor(cast.sofia)
    sent = an_orientation(cast, door)
    taken = an_orientation(cast, door, need="loyer")
    SpokenAgreement.objects.filter(orientation=taken).update(may_be_redirected=True)
    door.takes = ["energie", "loyer"]
    door.save(update_fields=["takes"])
    acts.accept(taken, actor=sofia)
    lost = an_orientation(cast, door)
    closed_by_another = Fernet(Fernet.generate_key()).encrypt(b"{}")
    OrientationSecret.objects.filter(orientation=lost).update(sealed=closed_by_another)
    return {
        "orienting_commune": cast.anzin.pk,
        "orienting_door": door.pk,
        "orientation_sent": sent.pk,
        "orientation_taken": taken.pk,
        "orientation_draft": an_orientation(cast, door, state="draft").pk,
        "orientation_lost": lost.pk,
    }
