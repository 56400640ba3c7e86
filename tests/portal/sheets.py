"""Newer pages of the portal for the walk over every template; older ones are in tests/pages."""

from __future__ import annotations

from typing import Any

from parvis.gatherings import acts
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop
from tests.pages.sheet import Sheet

SHEETS = [
    Sheet("portal/door.html", "/a-ma-porte/"),
    Sheet("portal/door.html", "/a-ma-porte/?q=tilleuls"),
    Sheet(
        "portal/door.html",
        "/a-ma-porte/?residence={residence}",
        pieces=("notices/subscribe_form.html",),
    ),
    Sheet("portal/door.html", "/a-ma-porte/?quartier={faubourg}"),
    Sheet("portal/help.html", "/aide/"),
    Sheet("portal/about.html", "/a-propos/"),
    Sheet("portal/map.html", "/plan-du-site/"),
    Sheet("portal/map.html", "/plan-du-site/", who="claire"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """Two gatherings at the door of the Tilleuls, one of them called off."""
    workshop(cast, title="Bien vivre avec sa ventilation double flux")
    meeting = workshop(
        cast, title="Réunion publique sur le square", kind="reunion_publique", entry="free"
    )
    off = workshop(cast, title="Atelier compost", starts_at=in_days(9), ends_at=in_days(9, 2))
    acts.cancel_gathering(off, actor=cast.actor(cast.sofia), reason="La salle est prise.")
    today = workshop(cast, title="Permanence", starts_at=in_days(0), ends_at=in_days(0, 1))
    return {
        "residence": cast.tilleuls.pk,
        "faubourg": cast.faubourg.pk,
        "meeting": meeting.pk,
        "today": today.pk,
    }
