"""Managed areas, holdings of residences and the list of themes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.places.models import Commune, Outlined, Quartier, Residence


class Theme(models.Model):
    """One theme of one version of the list; every comparison between rooms goes through it."""

    code = models.SlugField("code", max_length=40)
    version = models.PositiveSmallIntegerField("version de la liste")
    label = models.CharField("nom", max_length=120)
    # One of the six domains of GUP; walk grids and TFPB axes map here too, when their rooms come.
    domain = models.CharField("domaine de la GUP", max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["version", "position", "code"]
        constraints = [models.UniqueConstraint(name="theme_stands_once_in_a_version", fields=["code", "version"])]

    def __str__(self) -> str:
        return self.label


class InForce(models.QuerySet):
    def in_force(self, on: date) -> InForce:
        """Rows that run on that day, both ends included."""
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on))


class ManagedArea(Outlined):
    """Ground that somebody owns and somebody keeps up: a drawn surface, or a whole place."""

    name = models.CharField("nom", max_length=160)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="owned_areas")
    manager = models.ForeignKey(Organisation, models.PROTECT, related_name="managed_areas")
    theme_codes = models.JSONField("thèmes", default=list, help_text="Codes des thèmes ; vide : tous.")
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    # A whole place instead of a drawn surface; several may be given, the area is their crossing.
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True, blank=True, related_name="+")
    residence = models.ForeignKey(Residence, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InForce.as_manager()

    class Meta:
        verbose_name = "espace géré"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="managed_area_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="managed_area_lies_somewhere",
                condition=Q(outline__isnull=False)
                | Q(commune__isnull=False)
                | Q(quartier__isnull=False)
                | Q(residence__isnull=False),
                violation_error_message="Dessinez l’espace ou choisissez une commune, un quartier ou une résidence.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A landlord holds a residence between two days."""

    residence = models.ForeignKey(Residence, models.CASCADE, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="holdings")
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = "détention"
        constraints = [
            models.CheckConstraint(
                name="holding_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.residence} · {self.organisation}"
