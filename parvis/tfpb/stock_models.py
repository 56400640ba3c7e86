"""The stock: which dwellings of a residence have the abatement in a tax year, and its amount."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.tfpb import stock_access as access
from parvis.tfpb.money import euros


def percent_in_words(percent: Decimal) -> str:
    """« 49,94 % »."""
    return f"{percent.normalize():f}".replace(".", ",") + "\u00a0%"


class CommuneRateQuerySet(GuardedQuerySet["CommuneRate"]):
    policy = access.RATE


class CommuneRate(models.Model):
    """At which rate a commune and its EPCI together tax built property in a year, in per cent."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+")
    tax_year = models.PositiveSmallIntegerField("année d’imposition")
    percent = models.DecimalField("taux (%)", max_digits=6, decimal_places=3)
    source = models.CharField("source", max_length=200)

    objects = CommuneRateQuerySet.as_manager()

    class Meta:
        verbose_name = "taux de TFPB"
        ordering = ["commune__name", "tax_year"]
        constraints = [
            models.UniqueConstraint(
                name="a_commune_has_one_rate_a_year", fields=["commune", "tax_year"]
            ),
            models.CheckConstraint(
                name="a_rate_is_a_share",
                condition=Q(percent__gte=0, percent__lte=200),
                violation_error_message="Un taux est compris entre 0 et 200 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} {self.tax_year} : {self.in_words}"

    @property
    def in_words(self) -> str:
        """« 49,94 % »."""
        return percent_in_words(self.percent)


class DwellingsQuerySet(GuardedQuerySet["Dwellings"]):
    policy = access.DWELLINGS


class Dwellings(models.Model):
    """The dwellings of a residence that a landlord holds in a quartier, for a tax year."""

    landlord = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur"
    )
    residence = models.ForeignKey(
        Residence, models.PROTECT, related_name="+", verbose_name="résidence"
    )
    # That of the residence, kept beside it: rights and money count by commune x quartier.
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="+", verbose_name="quartier"
    )
    tax_year = models.PositiveSmallIntegerField("année d’imposition")
    reason = models.CharField("motif d’éligibilité", max_length=24)  # data/stock.toml
    total = models.PositiveIntegerField("logements")
    abated = models.PositiveIntegerField("dont abattus", default=0)
    exempt = models.PositiveIntegerField("dont encore exonérés", default=0)
    exempt_until = models.DateField("fin de l’exonération", null=True, blank=True)
    vacant = models.PositiveIntegerField("dont vacants avant démolition", default=0)
    npnru = models.BooleanField("dans un projet NPNRU", default=False)
    # Valeur locative cadastrale of the abated dwellings, and the rate used, in per cent.
    rental_value = euros("valeur locative cadastrale", null=True, blank=True)
    rate = models.DecimalField("taux (%)", max_digits=6, decimal_places=3, null=True, blank=True)
    estimate = euros("abattement estimé", null=True, blank=True)
    estimated_on = models.DateField("estimé le", null=True, blank=True)
    estimate_source = models.CharField("d’après", max_length=200, blank=True)
    real = euros("abattement réel", null=True, blank=True)
    real_on = models.DateField("avis d’imposition du", null=True, blank=True)
    real_source = models.CharField("avis d’imposition", max_length=200, blank=True)

    objects = DwellingsQuerySet.as_manager()

    class Meta:
        verbose_name = "patrimoine concerné"
        ordering = ["tax_year", "residence__name", "pk"]
        indexes = [
            models.Index(
                name="dwellings_of_a_programme",
                fields=["landlord", "commune", "quartier", "tax_year"],
            ),
            models.Index(name="dwellings_by_place", fields=["commune", "quartier", "tax_year"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_residence_counts_once_a_year",
                fields=["landlord", "residence", "quartier", "tax_year"],
            ),
            models.CheckConstraint(
                name="dwellings_are_counted_once",
                condition=Q(total__gte=F("abated") + F("exempt") + F("vacant")),
                violation_error_message=(
                    "Les logements abattus, exonérés et vacants dépassent le total."
                ),
            ),
            models.CheckConstraint(
                name="values_of_dwellings_are_not_negative",
                condition=(Q(rental_value=None) | Q(rental_value__gte=0))
                & (Q(rate=None) | Q(rate__gte=0))
                & (Q(estimate=None) | Q(estimate__gte=0))
                & (Q(real=None) | Q(real__gte=0)),
                violation_error_message="Un montant ou un taux n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="an_estimate_says_when_and_from_what",
                condition=Q(estimate=None)
                | (Q(estimated_on__isnull=False) & ~Q(estimate_source="")),
                violation_error_message="Dites de quand date l’estimation et d’où elle vient.",
            ),
            models.CheckConstraint(
                name="a_real_amount_says_when_and_from_what",
                condition=Q(real=None) | (Q(real_on__isnull=False) & ~Q(real_source="")),
                violation_error_message="Dites de quel avis d’imposition vient ce montant.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.residence}, {self.tax_year}"

    @property
    def rate_in_words(self) -> str:
        """The rate used to estimate it; nothing when the estimate was given."""
        return "" if self.rate is None else percent_in_words(self.rate)
