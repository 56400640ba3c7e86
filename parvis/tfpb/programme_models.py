"""Programmes: what a landlord does with the abatement in a commune and a quartier, for a year."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from parvis.actions.models import Action
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.tfpb import programme_access as access
from parvis.tfpb.axes import axis_of, units
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.money import euros, percent
from parvis.tfpb.workflow import WRITTEN, ProgrammeState


class UsualMeansQuerySet(GuardedQuerySet["UsualMeans"]):
    policy = access.USUAL_MEANS


class UsualMeans(models.Model):
    """One row of a landlord's table of droit commun: what it does in and out of the QPV."""

    landlord = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur"
    )
    year = models.PositiveSmallIntegerField("année")
    domain = models.CharField("domaine", max_length=24)  # data/axes.toml
    indicator = models.CharField("indicateur", max_length=200)
    outside = models.DecimalField(
        "valeur hors QPV", max_digits=12, decimal_places=2, null=True, blank=True
    )
    inside = models.DecimalField(
        "valeur en QPV", max_digits=12, decimal_places=2, null=True, blank=True
    )
    outside_cost = euros("coût hors QPV (€/logement/an)", null=True, blank=True)
    inside_cost = euros("coût en QPV (€/logement/an)", null=True, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)

    objects = UsualMeansQuerySet.as_manager()

    class Meta:
        verbose_name = "moyen de droit commun"
        ordering = ["landlord", "year", "domain", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_indicator_stands_once_in_a_year",
                fields=["landlord", "year", "domain", "indicator"],
            ),
            models.CheckConstraint(
                name="usual_costs_are_not_negative",
                condition=(Q(outside_cost=None) | Q(outside_cost__gte=0))
                & (Q(inside_cost=None) | Q(inside_cost__gte=0)),
                violation_error_message="Un coût n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.indicator

    @property
    def gap(self) -> Decimal | None:
        """What a dwelling of the QPV costs more each year, in euros."""
        if self.inside_cost is None or self.outside_cost is None:
            return None
        gap: Decimal = self.inside_cost - self.outside_cost
        return gap


class ProgrammeQuerySet(GuardedQuerySet["Programme"]):
    policy = access.PROGRAMME


class Programme(models.Model):
    """The sheet of a landlord in one commune and one quartier for one tax year."""

    convention = models.ForeignKey(
        Convention,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name="convention",
    )
    landlord = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="+", verbose_name="quartier"
    )
    year = models.PositiveSmallIntegerField("année")
    state = models.CharField(
        "état", max_length=12, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT
    )
    # What the sheet itself announces; the stock's own sum stands beside it.
    dwellings = models.PositiveIntegerField("logements abattus", null=True, blank=True)
    forecast = euros("abattement prévisionnel", null=True, blank=True)
    forecast_on = models.DateField("estimé le", null=True, blank=True)
    forecast_source = models.CharField("d’après", max_length=200, blank=True)
    real = euros("abattement réel", null=True, blank=True)
    real_on = models.DateField("connu le", null=True, blank=True)
    real_source = models.CharField("avis d’imposition", max_length=200, blank=True)
    # Why the table of droit commun is not joined, when it is not.
    without_usual_means = models.CharField(
        "sans tableau de droit commun", max_length=500, blank=True
    )
    # By when the one whose turn it is should answer.
    due_on = models.DateField("attendu pour le", null=True, blank=True)
    moved_at = models.DateTimeField("dernier passage")
    created_at = models.DateTimeField("écrit le")
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # raised by each change of the sheet's head

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "programme d’actions TFPB"
        ordering = ["-year", "landlord__name", "commune__name", "quartier__name"]
        indexes = [
            models.Index(name="programmes_by_place", fields=["quartier", "commune", "year"]),
            models.Index(name="programmes_by_state", fields=["state", "due_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_programme_for_a_place_and_a_year",
                fields=["landlord", "commune", "quartier", "year"],
                violation_error_message=(
                    "Ce bailleur a déjà un programme ici pour cette année : ouvrez-le."
                ),
            ),
            models.CheckConstraint(
                name="an_abatement_is_not_negative",
                condition=(Q(forecast=None) | Q(forecast__gte=0)) & (Q(real=None) | Q(real__gte=0)),
                violation_error_message="Un abattement n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord} · {self.quartier} ({self.commune}) · {self.year}"

    @property
    def written(self) -> bool:
        """Whether its landlord may still write in it."""
        return self.state in WRITTEN

    @property
    def abatement(self) -> Decimal | None:
        """The amount to count with: the tax notice's, or else the forecast."""
        known: Decimal | None = self.forecast if self.real is None else self.real
        return known


class Split(models.Model):
    """An action that several landlords or quartiers share: its whole cost, parted to the cent."""

    class Basis(models.TextChoices):
        DWELLINGS = "dwellings", "au nombre de logements"
        PERCENT = "percent", "en pourcentages"
        AMOUNTS = "amounts", "en montants"

    title = models.CharField("action partagée", max_length=200)
    pilot = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="bailleur pilote"
    )
    year = models.PositiveSmallIntegerField("année")
    total = euros("coût total")
    basis = models.CharField("clé de répartition", max_length=10, choices=Basis.choices)

    class Meta:
        verbose_name = "action partagée"
        ordering = ["-year", "title"]
        constraints = [
            models.CheckConstraint(
                name="a_shared_cost_is_not_negative",
                condition=Q(total__gte=0),
                violation_error_message="Un coût n’est pas négatif.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class LineQuerySet(GuardedQuerySet["Line"]):
    policy = access.LINE


class Line(models.Model):
    """One action of a programme, on one axis. Its key is the same from year to year."""

    class Nature(models.TextChoices):
        REINFORCEMENT = "renforcement", "renforcement"
        SPECIFIC = "specifique", "action spécifique"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="lines")
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    axis = models.CharField("axe", max_length=24)  # data/axes.toml
    nature = models.CharField(
        "nature", max_length=12, choices=Nature.choices, default=Nature.SPECIFIC
    )
    title = models.CharField("action", max_length=200)
    description = models.TextField("descriptif", blank=True, max_length=3000)
    place = models.CharField("localisation", max_length=200, blank=True)
    residences = models.ManyToManyField(
        Residence, blank=True, related_name="+", verbose_name="résidences"
    )
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    quantity = models.DecimalField(
        "quantité", max_digits=12, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField("unité", max_length=16, blank=True)  # data/axes.toml
    unit_cost = euros("coût unitaire", null=True, blank=True)
    # Which part of it is beyond droit commun, in per cent.
    beyond = models.DecimalField(
        "part au-delà du droit commun (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    spending = euros("dépense prévisionnelle", default=Decimal(0))
    own_funding = euros("financement du bailleur", default=Decimal(0))
    other_funding = euros("autre financement", default=Decimal(0))
    other_funder = models.CharField("autres financeurs", max_length=200, blank=True)
    valued = euros("dépense valorisée TFPB", default=Decimal(0))
    usual_means = models.ForeignKey(
        UsualMeans,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="moyen de droit commun renforcé",
    )
    # The action of the plan that this line pays for; reports and decisions lead to it.
    action = models.ForeignKey(
        Action,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tfpb_lines",
        verbose_name="action du plan",
    )
    split = models.ForeignKey(
        Split,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="action partagée",
    )
    split_percent = models.DecimalField(
        "part de l’action partagée (%)", max_digits=7, decimal_places=4, null=True, blank=True
    )
    # The word that a rule of valuation asks for: why this may be counted.
    justification = models.CharField("justification", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de programme TFPB"
        ordering = ["programme", "axis", "position", "pk"]
        indexes = [models.Index(name="lines_by_axis", fields=["axis", "programme"])]
        constraints = [
            models.UniqueConstraint(
                name="a_line_stands_once_in_a_programme", fields=["programme", "key"]
            ),
            models.CheckConstraint(
                name="line_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="amounts_of_a_line_are_not_negative",
                condition=Q(spending__gte=0, own_funding__gte=0, other_funding__gte=0)
                & Q(valued__gte=0)
                & (Q(quantity=None) | Q(quantity__gte=0))
                & (Q(unit_cost=None) | Q(unit_cost__gte=0)),
                violation_error_message="Un montant ou une quantité n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="what_is_beyond_is_a_share",
                condition=Q(beyond=None) | Q(beyond__gte=0, beyond__lte=100),
                violation_error_message="Une part est comprise entre 0 et 100 %.",
            ),
            models.CheckConstraint(
                name="a_shared_line_has_its_share",
                condition=Q(split=None, split_percent=None)
                | Q(split__isnull=False, split_percent__gte=0, split_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rate(self) -> Decimal | None:
        """Taux de valorisation: valued / spending, in per cent."""
        return percent(self.valued, self.spending)

    @property
    def unit_label(self) -> str:
        """What its quantity counts, in words."""
        return units().get(self.unit, self.unit)

    @property
    def axis_label(self) -> str:
        """The axis, in words."""
        return axis_of(self.axis).label


class Transfer(models.Model):
    """Money moved from one line to another during the year, when the convention lets it."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="transfers")
    source = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name="de la ligne")
    target = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name="vers la ligne")
    amount = euros("montant")
    reason = models.CharField("motif", max_length=500, blank=True)
    on = models.DateField("le")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "virement entre lignes"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_transfer_moves_something_elsewhere",
                condition=Q(amount__gt=0) & ~Q(source=F("target")),
                violation_error_message="Choisissez deux lignes et un montant.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"
