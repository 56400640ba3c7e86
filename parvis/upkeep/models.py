"""Managed areas, holdings of residences and the list of themes.

Nothing that ran is overwritten: a change ends a row and starts another (`acts.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Outlined, Quartier, Residence
from parvis.upkeep import access


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
        constraints = [
            models.UniqueConstraint(
                name="theme_stands_once_in_a_version", fields=["code", "version"]
            )
        ]

    def __str__(self) -> str:
        return self.label


class InForce(GuardedQuerySet):
    def in_force(self, on: date) -> Any:
        """Rows that run on that day, both ends included."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on)
        )

    def current_or_to_come(self, on: date) -> Any:
        """Rows that are not over on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))


class ManagedAreaQuerySet(InForce):
    policy = access.MANAGED_AREA


class HoldingQuerySet(InForce):
    policy = access.HOLDING


class ManagedArea(Outlined):
    """Ground that somebody owns and somebody keeps up: a drawn surface, or a whole place."""

    name = models.CharField("nom", max_length=160)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_areas",
        verbose_name="propriétaire",
    )
    manager = models.ForeignKey(
        Organisation, models.PROTECT, related_name="managed_areas", verbose_name="gestionnaire"
    )
    theme_codes = models.JSONField(
        "thèmes", default=list, blank=True, help_text="Codes des thèmes ; vide : tous."
    )
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    # A whole place, or what a drawn surface is cut down to: the area is the crossing of all given.
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    residence = models.ForeignKey(
        Residence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="résidence"
    )
    # The row that this one took over from, so that a past answer can be explained.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = ManagedAreaQuerySet.as_manager()

    class Meta:
        verbose_name = "espace géré"
        ordering = ["name", "pk"]
        indexes = [models.Index(name="areas_by_box", fields=["west", "east", "south", "north"])]
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
                violation_error_message=(
                    "Dessinez l’espace ou choisissez une commune, un quartier ou une résidence."
                ),
            ),
            models.CheckConstraint(
                name="managed_area_outline_has_its_box",
                condition=Q(outline__isnull=True)
                | Q(
                    west__isnull=False,
                    south__isnull=False,
                    east__isnull=False,
                    north__isnull=False,
                ),
                violation_error_message="Le contour n’a pas de rectangle englobant.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A landlord holds a residence between two days."""

    residence = models.ForeignKey(
        Residence, models.CASCADE, related_name="holdings", verbose_name="résidence"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="holdings", verbose_name="bailleur"
    )
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

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
