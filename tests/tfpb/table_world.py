"""Objects of the part `table` for the walk over every URL."""

from __future__ import annotations

from typing import Any

from parvis.tfpb.models import TableModel
from parvis.tfpb.tabling.mapping import shipped
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "tfpb.tablemodel": lambda side: {"pk": side.tfpb_table_model.pk},
}
OBJECTS: dict[str, str] = {"tfpb.tablemodel": "tfpb_table_model"}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """Our landlord's model of table, or the neighbour's."""
    model = TableModel.objects.create(
        organisation=cast.landlord if ours else cast.other_landlord,
        name="Publié" if public else "Brouillon",
        document="programme",
        mapping=shipped()[0].words(),
    )
    return {"tfpb_table_model": model}
