"""The delays that organisations have themselves published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import desk_access as access
from parvis.reports.models.categories import Category


class CommitmentQuerySet(GuardedQuerySet["Commitment"]):
    policy = access.COMMITMENT


class Commitment(models.Model):
    """The delay that an organisation has itself published for a category, a family or all."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="commitments")
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )
    days = models.PositiveSmallIntegerField("délai, en jours ouvrés")
    source = models.URLField("où il est publié", blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement de délai"
        ordering = ["organisation", "category__position", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="commitment_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin de l’engagement précède son début.",
            ),
            models.CheckConstraint(
                name="commitment_counts_days",
                condition=Q(days__gte=1, days__lte=365),
                violation_error_message="Un délai compte de 1 à 365 jours ouvrés.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.days} j"
