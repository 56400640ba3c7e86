"""The parts of an action that several landlords or quartiers share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.tfpb import programme_access as access
from parvis.tfpb.money import euros
from parvis.tfpb.programme_models import Line, Split


class SplitPartQuerySet(GuardedQuerySet["SplitPart"]):
    policy = access.SPLIT_PART


class SplitPart(models.Model):
    """What one landlord bears of a shared action; its line, once it stands in a programme."""

    split = models.ForeignKey(Split, models.CASCADE, related_name="parts")
    landlord = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur"
    )
    # Dwellings, per cent or euros, as the split's basis says.
    weight = models.DecimalField("poids", max_digits=14, decimal_places=2)
    percent = models.DecimalField("part (%)", max_digits=5, decimal_places=2)
    amount = euros("montant")
    line = models.OneToOneField(Line, models.SET_NULL, null=True, blank=True, related_name="part")
    declined_on = models.DateField("refusée le", null=True, blank=True)

    objects = SplitPartQuerySet.as_manager()

    class Meta:
        verbose_name = "part d’une action partagée"
        ordering = ["split", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_part_is_not_negative",
                condition=Q(weight__gte=0, amount__gte=0, percent__gte=0, percent__lte=100),
                violation_error_message="Une part est comprise entre 0 et 100 %.",
            ),
            models.CheckConstraint(
                name="a_part_is_taken_or_declined",
                condition=Q(line=None) | Q(declined_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord} : {self.percent} %"
