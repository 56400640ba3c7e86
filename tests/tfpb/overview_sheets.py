"""Pages of the part `overview`, for the walk over every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.tfpb.scene import a_line, a_programme, spent, this_year

CELLS = ("tfpb/_overview_cells.html",)
SHEETS: list[Sheet] = [
    Sheet("tfpb/overview.html", "/tfpb/", COORDINATION, CELLS),
    Sheet("tfpb/overview.html", "/tfpb/?cut=axis&year={tfpb_old_year}", COORDINATION, CELLS),
    Sheet("tfpb/overview.html", "/tfpb/?cut=family&year=licorne"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """What these pages show."""
    year = this_year() + 4  # nobody else's
    old = a_programme(cast, year=year, state="closed", real=Decimal("39218.40"))
    spent(a_line(old), "41000.00")
    spent(a_line(old, axis="presence", title="Un gardien en plus"), "2900.00")
    return {"tfpb_old_year": year}
