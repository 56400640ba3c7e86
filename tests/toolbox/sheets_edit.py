"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.pages.sheet import Sheet
from tests.toolbox.scene import a_sheet

SHEETS: list[Sheet] = [
    Sheet("toolbox/edit_due.html", "/atelier/fiches/", who="claire"),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A sheet whose day of reading is near."""
    day = timezone.localdate() + timedelta(days=9)
    waiting = a_sheet(cast, title="Suivre un chantier depuis la rue", review_on=day)
    return {"toolbox_edit_due": waiting.pk}
