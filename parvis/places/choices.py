"""Quartiers to choose among, in forms."""

from __future__ import annotations

from operator import attrgetter
from typing import Any


def offer_quartiers(field: Any, rows: Any) -> None:
    """Offer these in a field that chooses among rows; two of one name say where they lie."""
    field.label_from_instance = attrgetter("label")
    field.queryset = rows.told_apart()
