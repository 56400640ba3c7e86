"""What is counted without naming anybody: dwellings said cold or damp, unpaid charges."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.vigilance import access

FEWEST_DWELLINGS = 20  # below, a count would point at households


class DwellingSignalQuerySet(GuardedQuerySet["DwellingSignal"]):
    policy = access.SIGNAL


class DwellingSignal(models.Model):
    """Somebody at work noticed that dwellings of a place are cold or damp; none is named."""

    class What(models.TextChoices):
        HEATING = "heating", "chauffage insuffisant ou coupé"
        DAMP = "damp", "humidité, moisissures"

    what = models.CharField("constat", max_length=8, choices=What.choices)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True, blank=True, related_name="+")
    residence = models.ForeignKey(
        Residence, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.DateField("mois")  # its first day: the day itself would tell too much
    given_at = models.DateTimeField(default=timezone.now)

    objects = DwellingSignalQuerySet.as_manager()

    class Meta:
        verbose_name = "signal"
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_signal_keeps_its_month_alone", condition=Q(month__day=1)
            ),
            # Somebody who says it ten times counts once. Three constraints, because two empty
            # places are never equal in a database.
            models.UniqueConstraint(
                name="a_residence_is_signalled_once_a_month",
                fields=["organisation", "what", "month", "residence"],
                condition=Q(residence__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_quartier_is_signalled_once_a_month",
                fields=["organisation", "what", "month", "commune", "quartier"],
                condition=Q(residence=None, quartier__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_commune_is_signalled_once_a_month",
                fields=["organisation", "what", "month", "commune"],
                condition=Q(residence=None, quartier=None),
            ),
        ]
        indexes = [
            models.Index(name="signals_of_a_commune", fields=["commune", "month"]),
            models.Index(name="signals_of_an_organisation", fields=["organisation", "-month"]),
        ]

    def __str__(self) -> str:
        return f"{self.what} · {self.month:%m/%Y}"


class UnpaidCountQuerySet(GuardedQuerySet["UnpaidCount"]):
    policy = access.UNPAID


class UnpaidCount(models.Model):
    """How many dwellings of a residence are behind with their charges at the end of a quarter, as
    its landlord counts them."""

    residence = models.ForeignKey(Residence, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    quarter = models.DateField("trimestre")  # its first day
    dwellings = models.PositiveIntegerField("logements de la résidence")
    behind = models.PositiveIntegerField("logements en retard de charges")
    given_at = models.DateTimeField(default=timezone.now)

    objects = UnpaidCountQuerySet.as_manager()

    class Meta:
        verbose_name = "impayés d’une résidence"
        ordering = ["-quarter", "residence", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="unpaid_charges_are_counted_once_a_quarter",
                fields=["residence", "organisation", "quarter"],
                violation_error_message="Ce trimestre est déjà compté pour cette résidence.",
            ),
            models.CheckConstraint(
                name="unpaid_charges_are_counted_from_twenty_dwellings_on",
                condition=Q(dwellings__gte=FEWEST_DWELLINGS),
                violation_error_message=(
                    "En dessous de 20 logements, un compte désignerait des ménages."
                ),
            ),
            models.CheckConstraint(
                name="no_more_dwellings_behind_than_there_are",
                condition=Q(behind__lte=F("dwellings")),
                violation_error_message="Il y a plus de retards que de logements.",
            ),
            models.CheckConstraint(
                name="a_quarter_begins_on_its_first_day",
                condition=Q(quarter__day=1, quarter__month__in=(1, 4, 7, 10)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.residence_id} · {self.quarter:%m/%Y}"
