"""The shape of somebody's own spreadsheet, described once so that it can be read and written."""

from __future__ import annotations

from django.db import models

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.tfpb import table_access as access


class TableModelQuerySet(GuardedQuerySet["TableModel"]):
    policy = access.TABLE_MODEL


class TableModel(models.Model):
    """A model of table that an organisation described from its real file; ours are in
    data/tables.toml, in the same words."""

    class Document(models.TextChoices):
        PROGRAMME = "programme", "programme"
        BILAN = "bilan", "bilan"
        USUAL_MEANS = "usual_means", "tableau de droit commun"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=80)
    document = models.CharField("document", max_length=12, choices=Document.choices)
    mapping = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TableModelQuerySet.as_manager()

    class Meta:
        verbose_name = "modèle de tableau"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_table_model_has_its_name",
                fields=["organisation", "document", "name"],
                violation_error_message="Votre organisation a déjà un modèle de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name
