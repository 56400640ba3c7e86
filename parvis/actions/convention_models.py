"""Conventions de GUP: what each partner pledges, on which ground, and how it is kept.

Signatories, dates, avenants and the perimeter of action are those of the agreement.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.actions import convention_access as access
from parvis.partners.models import Agreement, Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.upkeep.models import ManagedArea


class ConventionQuerySet(GuardedQuerySet["Convention"]):
    policy = access.CONVENTION


class Convention(models.Model):
    """What an agreement says when it is a convention, or a charte, de GUP."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, related_name="+", verbose_name="convention"
    )
    # Where the renewal is; the agreement's own quartiers are the wider perimeter of action.
    project_quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="périmètre du projet"
    )
    project_note = models.CharField("limites du projet", max_length=300, blank=True)
    context = models.TextField("contexte et diagnostic", blank=True, max_length=6000)
    means = models.TextField("moyens", blank=True, max_length=4000)
    steering = models.TextField("pilotage et évaluation", blank=True, max_length=4000)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention de GUP"
        ordering = ["-agreement__starts_on", "pk"]

    def __str__(self) -> str:
        return self.agreement.title


class Ground(models.Model):
    """A ground that a convention names: who owns it and who keeps it up, as was signed."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="grounds")
    name = models.CharField("espace", max_length=160)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="propriétaire",
    )
    manager = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="gestionnaire"
    )
    # The same ground as it stands in « qui gère quoi », so that a difference shows.
    area = models.ForeignKey(
        ManagedArea,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="espace de « qui gère quoi »",
    )

    class Meta:
        verbose_name = "espace d’une convention"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_ground_stands_once_in_a_convention", fields=["convention", "name"]
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def differs(self) -> bool:
        """Whether somebody else manages it today than was signed; read with `area`."""
        return self.area is not None and self.area.manager_id != self.manager_id


class PledgeQuerySet(GuardedQuerySet["Pledge"]):
    policy = access.PLEDGE

    def running(self, on: date) -> PledgeQuerySet:
        """Pledges that are not over on that day."""
        return self.filter(Q(until=None) | Q(until__gte=on))


class Pledge(models.Model):
    """What one signatory commits to: which task, where, how often, until when."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "pas encore vérifié"
        KEPT = "kept", "tenu"
        LATE = "late", "en retard"
        UNKEPT = "unkept", "non tenu"

    class Frequency(models.TextChoices):
        ONCE = "once", "une fois"
        DAILY = "daily", "chaque jour"
        WEEKLY = "weekly", "chaque semaine"
        MONTHLY = "monthly", "chaque mois"
        QUARTERLY = "quarterly", "chaque trimestre"
        YEARLY = "yearly", "chaque année"
        NEEDED = "needed", "selon les besoins"

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="pledges")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="qui s’engage"
    )
    number = models.PositiveSmallIntegerField("numéro")
    task = models.CharField("engagement", max_length=300)
    place = models.CharField("où", max_length=200, blank=True)
    frequency = models.CharField(
        "rythme", max_length=10, choices=Frequency.choices, default=Frequency.NEEDED
    )
    until = models.DateField("jusqu’au", null=True, blank=True)
    means = models.CharField("avec quels moyens", max_length=300, blank=True)
    # What the last check said, and when the next one is due.
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.UNCHECKED)
    checked_on = models.DateField("vérifié le", null=True, blank=True)
    next_check_on = models.DateField("à vérifier le", null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement"
        ordering = ["convention", "number"]
        indexes = [
            models.Index(name="pledges_of_an_organisation", fields=["organisation", "state"]),
            models.Index(name="pledges_to_check", fields=["next_check_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_pledge_has_its_number", fields=["convention", "number"]
            ),
            models.CheckConstraint(
                name="a_pledge_that_was_judged_was_checked",
                condition=Q(state="unchecked", checked_on=None)
                | (~Q(state="unchecked") & Q(checked_on__isnull=False)),
                violation_error_message="Dites quand l’engagement a été vérifié.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.task}"


# What a check may find: every state but the one before any check.
FOUND = [(code, label) for code, label in Pledge.State.choices if code != "unchecked"]


class PledgeCheck(models.Model):
    """How a pledge was found on a day, and on what evidence. Never changed: another is added."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="checks")
    checked_on = models.DateField("vérifié le")
    result = models.CharField("constat", max_length=10, choices=FOUND)
    evidence = models.CharField("sur quelle preuve", max_length=500)
    next_check_on = models.DateField("prochaine vérification", null=True, blank=True)
    by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="vérifié par"
    )

    class Meta:
        verbose_name = "vérification"
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_check_has_its_evidence",
                condition=~Q(evidence=""),
                violation_error_message="Dites sur quoi repose le constat.",
            ),
            models.CheckConstraint(
                name="the_next_check_comes_after",
                condition=Q(next_check_on=None) | Q(next_check_on__gt=F("checked_on")),
                violation_error_message="La prochaine vérification vient après celle-ci.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.checked_on}"
