"""Figures of a quarter, as they were published once and for all."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.partners.rights import GuardedQuerySet
from parvis.vigilance import access
from parvis.vigilance.models.doors import SupportDoor
from parvis.vigilance.quarters import Quarter


class QuarterFiguresQuerySet(GuardedQuerySet["QuarterFigures"]):
    policy = access.FIGURES


class QuarterFigures(models.Model):
    """What is told of one quarter: of a whole agglomération, or of one door.

    Made once, some days after the quarter's end, small counts hidden; never made again. Were they
    counted anew at each reading, two readings a day apart would tell what happened in between; were
    they cut by filters, two filters would tell what lies between them.
    """

    # The SIREN of an agglomération, or the code of a commune that belongs to none.
    territory = models.CharField(max_length=9, blank=True)
    door = models.ForeignKey(SupportDoor, models.PROTECT, null=True, blank=True, related_name="+")
    quarter = models.DateField("trimestre")  # its first day
    name = models.CharField(max_length=200)  # of the agglomération or the door, as it was
    tables = models.JSONField()  # as `signal_publishing` makes them
    made_at = models.DateTimeField(default=timezone.now)

    objects = QuarterFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = "chiffres d’un trimestre"
        verbose_name_plural = "chiffres de trimestres"
        ordering = ["-quarter", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="figures_are_of_a_territory_or_of_a_door",
                condition=Q(door=None) ^ Q(territory=""),
            ),
            models.UniqueConstraint(
                name="figures_of_a_territory_are_made_once",
                fields=["territory", "quarter"],
                condition=Q(door=None),
            ),
            models.UniqueConstraint(
                name="figures_of_a_door_are_made_once",
                fields=["door", "quarter"],
                condition=Q(territory=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {Quarter(self.quarter).label}"
