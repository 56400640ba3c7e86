"""How many public reports each cell of the map holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.places.models import Commune
from parvis.reports.models.categories import Category
from parvis.reports.workflow import State


class CellCount(models.Model):
    """How many public reports a cell of the map holds; kept with the reports, rebuilt by
    `recount_reports`. Cell 0 holds those that have no point."""

    cell = models.BigIntegerField()
    commune = models.ForeignKey(Commune, models.CASCADE, null=True, blank=True, related_name="+")
    family = models.ForeignKey(Category, models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_cell_is_counted_once",
                fields=["cell", "commune", "family", "state"],
            ),
            # A second constraint, because two empty values are never equal in a database.
            models.UniqueConstraint(
                name="a_cell_outside_communes_is_counted_once",
                fields=["cell", "family", "state"],
                condition=Q(commune=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell:x}: {self.count}"

    @property
    def key(self) -> str:
        """Its name on the reports that it counts (`Report.counted`)."""
        return f"{self.cell}/{self.commune_id or 0}/{self.family_id}/{self.state}"
