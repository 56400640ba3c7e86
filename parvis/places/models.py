"""Communes, quartiers, residences down to the place inside a building, streets and addresses.

No organisation lives here: who owns or keeps up a place is said by a higher room.
Outlines are GeoJSON geometries in WGS84 (longitude, latitude) beside their bounding box.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_noop


class Outlined(models.Model):
    """A surface on the map: GeoJSON Polygon or MultiPolygon in WGS84, and its bounding box."""

    outline = models.JSONField("contour", null=True, blank=True)
    # A schematic outline is drawn from a centre and an area, for demonstrations; pages say so.
    schematic = models.BooleanField("contour schématique", default=False)
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True


class Commune(Outlined):
    code = models.CharField("code INSEE", max_length=5, unique=True)
    name = models.CharField("nom", max_length=120)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    epci_siren = models.CharField("SIREN de l’EPCI", max_length=9, blank=True, db_index=True)
    epci_name = models.CharField("EPCI", max_length=200, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class QuartierQuerySet(models.QuerySet["Quartier"]):
    def in_force(self, on: date) -> QuartierQuerySet:
        """Quartiers valid on that day (both ends included)."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on)
        )

    def told_apart(self) -> Any:
        """With its name and, where another one of today bears the same (« Centre Ville »), a
        commune where it lies, as `label`. No query more."""
        twins = Quartier.objects.in_force(timezone.localdate()).order_by()
        lying = Commune.objects.filter(quartiers=OuterRef("pk")).order_by("name", "code")
        several = Exists(twins.filter(name=OuterRef("name")).exclude(pk=OuterRef("pk")))
        apart = Concat(F("name"), Value(" ("), Subquery(lying.values("name")[:1]), Value(")"))
        return self.annotate(
            label=Case(
                When(several & Exists(lying), then=apart),
                default=F("name"),
                output_field=models.CharField(),
            )
        )


class Quartier(Outlined):
    class Kind(models.TextChoices):
        QPV = "qpv", gettext_noop("quartier prioritaire (QPV)")
        NPNRU = "npnru", gettext_noop("site de renouvellement urbain (NPNRU)")
        LOCAL = "local", gettext_noop("territoire local")

    code = models.CharField("code", max_length=20, unique=True)
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=8, choices=Kind.choices, default=Kind.QPV)
    generation = models.PositiveSmallIntegerField("génération", null=True, blank=True)
    valid_from = models.DateField("valable du", null=True, blank=True)
    valid_until = models.DateField("au", null=True, blank=True)
    communes = models.ManyToManyField(Commune, related_name="quartiers", verbose_name="communes")
    came_from = models.ManyToManyField(
        "self", symmetrical=False, related_name="became", blank=True, verbose_name="issu de"
    )

    objects = QuartierQuerySet.as_manager()

    class Meta:
        verbose_name = "quartier"
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                name="quartier_ends_after_it_starts",
                condition=Q(valid_until=None)
                | Q(valid_from=None)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message="La fin de validité précède son début.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def runs_on(self, day: date) -> bool:
        """Whether this quartier is valid on that day, both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Residence(Outlined):
    code = models.CharField("code", max_length=40, unique=True)
    name = models.CharField("nom", max_length=120)
    address = models.CharField("adresse", max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="residences")
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        verbose_name = "résidence"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    residence = models.ForeignKey(Residence, models.CASCADE, related_name="buildings")
    name = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "bâtiment"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="building_named_once_in_a_residence", fields=["residence", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Entrance(models.Model):
    building = models.ForeignKey(Building, models.CASCADE, related_name="entrances")
    name = models.CharField("nom", max_length=80)
    address = models.CharField("adresse", max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = "entrée"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="entrance_named_once_in_a_building", fields=["building", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Inside(models.TextChoices):
    """Where inside or around a building; a dwelling is never one of them."""

    HALL = "hall", gettext_noop("hall d’entrée")
    STAIRWELL = "stairwell", gettext_noop("cage d’escalier")
    FLOOR = "floor", gettext_noop("palier, étage")
    LIFT = "lift", gettext_noop("ascenseur")
    CELLAR = "cellar", gettext_noop("caves, garages")
    ROOF = "roof", gettext_noop("toit, façade")
    SURROUNDINGS = "surroundings", gettext_noop("abords")


class Street(models.Model):
    """A street of a commune, as the national address base names it."""

    code = models.CharField("code", max_length=80, unique=True)
    name = models.CharField("nom", max_length=160)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="streets")
    # A point on the street itself: that of the address half way along its numbers.
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        verbose_name = "rue"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """One number of a street; 0 stands for a place without one."""

    code = models.CharField("code", max_length=100, unique=True)
    street = models.ForeignKey(
        Street, models.CASCADE, related_name="addresses", db_index=False, verbose_name="rue"
    )
    number = models.PositiveIntegerField("numéro")
    suffix = models.CharField("bis, ter…", max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    # The import that last gave it: tells repeated rows, and addresses that are gone.
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "adresse"
        ordering = ["street", "number", "suffix"]
        indexes = [models.Index(name="addresses_of_a_street", fields=["street", "number"])]

    def __str__(self) -> str:
        return " ".join(filter(None, [str(self.number or ""), self.suffix, str(self.street)]))


class AtlasVersion(models.Model):
    """One row, raised at each import: processes compare it to refresh what they keep in memory."""

    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
