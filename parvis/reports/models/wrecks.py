"""Abandoned vehicles; their plates stand apart, because they name an owner."""

from __future__ import annotations

from django.db import models

from parvis.partners.rights import GuardedQuerySet
from parvis.reports import contact_access as access
from parvis.reports.models.reports import Report
from parvis.reports.workflow import Ground, WreckStep


class Wreck(models.Model):
    """An abandoned vehicle: on whose ground it stands, and at which step its removal is."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="wreck")
    ground = models.CharField("terrain", max_length=12, choices=Ground.choices, blank=True)
    step = models.CharField(
        "étape", max_length=12, choices=WreckStep.choices, default=WreckStep.SEEN
    )
    step_on = models.DateField("depuis le")

    class Meta:
        verbose_name = "épave"

    def __str__(self) -> str:
        return f"épave {self.pk}"


class WreckPlateQuerySet(GuardedQuerySet["WreckPlate"]):
    policy = access.CONTACT


class WreckPlate(models.Model):
    """The number plate of a wreck. Personal: it names an owner."""

    report = models.OneToOneField(
        Report, models.CASCADE, primary_key=True, related_name="wreck_plate"
    )
    number = models.CharField("immatriculation", max_length=20)

    objects = WreckPlateQuerySet.as_manager()

    class Meta:
        verbose_name = "immatriculation"

    def __str__(self) -> str:
        return f"immatriculation {self.pk}"
