"""Renewal projects: who carries them, when, with what money, and what their operations build."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from parvis.partners.models import Agreement, Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.works import project_access as access
from parvis.works.dates import Dated, in_order
from parvis.works.sorting import label_of


def euros(label: str, **more: Any) -> Any:
    """An amount in euros, to the cent."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


class RenewalProjectQuerySet(GuardedQuerySet["RenewalProject"]):
    policy = access.PROJECT


class RenewalProject(models.Model):
    """A project that renews a quartier, of the NPNRU or another programme."""

    code = models.CharField("code", max_length=20, unique=True)
    title = models.CharField("titre", max_length=160)
    programme = models.CharField("programme", max_length=24)  # data/lists.toml
    carrier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="porteur du projet"
    )
    communes = models.ManyToManyField(Commune, related_name="+", verbose_name="communes")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    agreement = models.ForeignKey(
        Agreement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="convention signée",
    )
    summary = models.TextField("présentation pour tous", blank=True, max_length=4000)
    # Which règlement asks for the parts of the projet de gestion: data/management.toml.
    rules = models.CharField("règlement applicable", max_length=24)
    annexed_on = models.DateField("projet de gestion annexé le", null=True, blank=True)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    created_at = models.DateTimeField("écrit le")

    objects = RenewalProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet de renouvellement"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def programme_label(self) -> str:
        """Under which programme, in French."""
        return label_of("programme", self.programme)


class ProjectPartner(models.Model):
    """An organisation that takes part in a project, and what it does there."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="organisation"
    )
    part = models.CharField("ce qu’elle y fait", max_length=200, blank=True)

    class Meta:
        verbose_name = "partenaire d’un projet"
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_partner_stands_once_in_a_project", fields=["project", "organisation"]
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ProjectAmount(models.Model):
    """What one funder brings to a project, in euros, as a source said on a day."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="amounts")
    funder = models.CharField("financeur", max_length=120)
    label = models.CharField("pour quoi", max_length=160, blank=True)
    planned = euros("montant prévu")
    spent = euros("montant versé", null=True, blank=True)
    noted_on = models.DateField("à la date du")
    source = models.CharField("source", max_length=200, blank=True)

    class Meta:
        verbose_name = "montant d’un projet"
        ordering = ["funder", "pk"]
        constraints = [
            models.CheckConstraint(
                name="amounts_of_a_project_are_not_negative",
                condition=Q(planned__gte=0) & (Q(spent=None) | Q(spent__gte=0)),
                violation_error_message="Un montant n’est pas négatif.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.funder} · {self.planned}"


class ProjectPhase(Dated):
    """One phase of a project, as data/lists.toml names it: protocole, conception, convention..."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="phases")
    code = models.CharField("phase", max_length=24)

    class Meta:
        verbose_name = "phase d’un projet"
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_phase_stands_once_in_a_project", fields=["project", "code"]
            ),
            *in_order("phase"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What this phase is called."""
        return label_of("phase", self.code)


class OperationQuerySet(GuardedQuerySet["Operation"]):
    policy = access.OPERATION


class Operation(Dated):
    """What one maître d'ouvrage demolishes, builds or mends within a project."""

    project = models.ForeignKey(RenewalProject, models.PROTECT, related_name="operations")
    kind = models.CharField("nature", max_length=24)  # data/lists.toml
    title = models.CharField("titre", max_length=160)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="maître d’ouvrage"
    )
    residences = models.ManyToManyField(
        Residence, blank=True, related_name="+", verbose_name="résidences concernées"
    )
    dwellings = models.PositiveIntegerField("logements", null=True, blank=True)
    amount = euros("coût prévu", null=True, blank=True)
    summary = models.TextField("présentation pour tous", blank=True, max_length=3000)
    # What obliges to consult tenants before: data/duties.toml.
    changes_rents = models.BooleanField("change les loyers ou les charges", default=False)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = "opération"
        ordering = ["project", "title", "pk"]
        constraints = [
            *in_order("operation"),
            models.CheckConstraint(
                name="an_operation_does_not_cost_less_than_nothing",
                condition=Q(amount=None) | Q(amount__gte=0),
                violation_error_message="Un coût n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """Demolition, construction..., in French."""
        return label_of("operation", self.kind)
