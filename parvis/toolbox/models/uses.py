"""What organisations made of a sheet, and whether residents found it useful."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import sheet_access as access
from parvis.toolbox.models.sheets import Sheet


class UseQuerySet(GuardedQuerySet["Use"]):
    policy = access.USE


class Use(models.Model):
    """That an organisation used a sheet. Nobody is named: the organisation says it."""

    class Useful(models.TextChoices):
        YES = "yes", "oui"
        PARTLY = "partly", "en partie"
        NO = "no", "non"

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="uses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField("jour", default=timezone.localdate)
    useful = models.CharField("utile", max_length=8, choices=Useful.choices)
    what_for = models.CharField("ce que vous en avez fait", max_length=300, blank=True)
    # What it was used for, on the thread: ("walk", 12).
    thing_kind = models.CharField(max_length=24, blank=True)
    thing_id = models.PositiveBigIntegerField(null=True, blank=True)

    objects: ClassVar = UseQuerySet.as_manager()

    class Meta:
        verbose_name = "utilisation d’une fiche"
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_uses_a_sheet_once_a_day",
                fields=["sheet", "organisation", "on"],
                violation_error_message="Votre organisation l’a déjà dit aujourd’hui.",
            ),
            models.CheckConstraint(
                name="a_use_names_a_whole_thing",
                condition=Q(thing_kind="", thing_id=None)
                | (~Q(thing_kind="") & Q(thing_id__isnull=False)),
                violation_error_message="Dites à quoi la fiche a servi, ou rien.",
            ),
        ]
        indexes = [models.Index(name="uses_of_a_sheet", fields=["sheet", "-on", "-id"])]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.organisation_id} {self.on}"


class Verdict(models.Model):
    """How many residents found a sheet useful or not: two counters, and nothing about anybody."""

    sheet = models.OneToOneField(Sheet, models.CASCADE, primary_key=True, related_name="verdict")
    useful = models.PositiveIntegerField("utile", default=0)
    useless = models.PositiveIntegerField("pas utile", default=0)

    class Meta:
        verbose_name = "avis des habitants sur une fiche"

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.useful} / {self.useless}"
