"""Newer pages of the portal for the walk over every template; older ones are in tests/pages."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from django.utils import timezone

from parvis.gatherings import acts
from parvis.partners.readings import note_readings
from parvis.portal import my_data, retaining
from parvis.portal.models import DataRequest
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop
from tests.pages.sheet import Sheet, press

VISITOR = "jeanne.visite@exemple.test"


def _follow_the_link(page: Any) -> None:
    """The link of the mail, made here: the mail itself has tests of its own."""
    token = token_urlsafe(32)
    now = timezone.now()
    DataRequest.objects.create(
        email=VISITOR,
        nonce=my_data.digest_of(token),
        asked_at=now,
        expires_at=now + timedelta(hours=1),
    )
    page.goto(page.url.replace("/mes-donnees/", f"/mes-donnees/lien/{token}/"))


def _visit(page: Any) -> None:
    _follow_the_link(page)
    press("Ouvrir mes données")(page)


def _ask_to_erase(page: Any) -> None:
    _visit(page)
    press("Recevoir le code pour effacer")(page)


SHEETS = [
    Sheet("portal/door.html", "/a-ma-porte/"),
    Sheet("portal/door.html", "/a-ma-porte/?q=tilleuls"),
    Sheet(
        "portal/door.html",
        "/a-ma-porte/?residence={residence}",
        pieces=("notices/follow_form.html", "notices/_subscribe_fields.html"),
    ),
    Sheet("portal/door.html", "/a-ma-porte/?quartier={faubourg}"),
    Sheet("portal/help.html", "/aide/"),
    Sheet("portal/about.html", "/a-propos/"),
    Sheet("portal/map.html", "/plan-du-site/"),
    Sheet("portal/map.html", "/plan-du-site/", who="claire"),
    Sheet("portal/my_data.html", "/mes-donnees/"),
    Sheet("portal/my_data.html", "/mes-donnees/", who="claire"),
    Sheet("portal/my_data_asked.html", "/mes-donnees/demande/"),
    Sheet("portal/my_data_closed.html", "/mes-donnees/lien/coupe/", status=404),
    Sheet("portal/my_data_open.html", "/mes-donnees/", arrive=_follow_the_link),
    Sheet("portal/my_data_shown.html", "/mes-donnees/", arrive=_visit),
    Sheet("portal/my_data_confirm.html", "/mes-donnees/", arrive=_ask_to_erase),
    Sheet("portal/retention.html", "/conservation/", who="claire"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """Two gatherings at the door of the Tilleuls, one of them called off."""
    workshop(cast, title="Bien vivre avec sa ventilation double flux")
    meeting = workshop(
        cast, title="Réunion publique sur le square", kind="reunion_publique", entry="free"
    )
    off = workshop(cast, title="Atelier compost", starts_at=in_days(9), ends_at=in_days(9, 2))
    acts.cancel_gathering(off, actor=cast.actor(cast.sofia), reason="La salle est prise.")
    meeting_with_seats = workshop(cast, title="Atelier réparation")
    today = workshop(cast, title="Permanence", starts_at=in_days(0), ends_at=in_days(0, 1))
    registration = acts.register_person(meeting_with_seats, name="Jeanne", email=VISITOR)
    note_readings(cast.actor(cast.sofia), "registration", [(registration.pk, "Atelier")])
    retaining.run_all()
    return {
        "residence": cast.tilleuls.pk,
        "faubourg": cast.faubourg.pk,
        "meeting": meeting.pk,
        "today": today.pk,
    }
