"""Five thousand sheets of the toolbox on the desk of one organisation of the demonstration."""

from __future__ import annotations

import os

from parvis.partners.models import Organisation
from parvis.toolbox.office import desk_of
from tests.toolbox.sheet_scene import index_many, make_many, titles

SHEETS = int(os.environ.get("SHEETS", "5000"))


def fill_sheets() -> None:
    """That many published sheets, indexed."""
    towns = Organisation.objects.filter(kind="commune", closed_on=None).exclude(commune=None)
    index_many(make_many(desk_of(towns.order_by("pk")[0]), titles(SHEETS)))
