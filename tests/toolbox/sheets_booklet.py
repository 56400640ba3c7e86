"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.toolbox.models import Booklet
from tests.cast import Cast
from tests.pages.sheet import Sheet

SHEETS: list[Sheet] = [
    Sheet("toolbox/booklet.html", "/boite-a-outils/livret/"),
    Sheet("toolbox/booklet_made.html", "/boite-a-outils/livret/{toolbox_booklet_waiting}/"),
    Sheet("toolbox/booklet_made.html", "/boite-a-outils/livret/{toolbox_booklet_failed}/"),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A booklet that is waited for, and one that failed."""
    asked = {"sheets": [sheet.pk], "asked_at": timezone.now()}
    return {
        "toolbox_booklet_waiting": Booklet.objects.create(title="Nos fiches", **asked).token,
        "toolbox_booklet_failed": Booklet.objects.create(
            title="Un livret", state="failed", **asked
        ).token,
    }
