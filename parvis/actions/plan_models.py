"""Plans and their actions: who does what, with whose money, towards which figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.actions import access
from parvis.actions.sorting import label_of
from parvis.actions.workflow import OPEN, ActionState
from parvis.partners.models import Objective, Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier, Residence


def euros(label: str, **more: Any) -> Any:
    """An amount in euros, to the cent."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, **more)


class PlanQuerySet(GuardedQuerySet["Plan"]):
    policy = access.PLAN


class Plan(models.Model):
    """The actions of one or several quartiers over a period."""

    title = models.CharField("titre", max_length=160)
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="plans", verbose_name="animé par"
    )
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    # How many references were given: the next one is one more.
    references = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "plan d’actions"
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du plan précède son début.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ActionQuerySet(GuardedQuerySet["Action"]):
    policy = access.ACTION


class Action(models.Model):
    """A fiche action."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    reference = models.CharField("référence", max_length=20)
    title = models.CharField("titre", max_length=160)
    domain = models.CharField("domaine", max_length=24, blank=True)
    moment = models.CharField("moment", max_length=12, blank=True)
    # Codes of the list that reports, walks and this plan share.
    themes = models.JSONField("thèmes", default=list, blank=True)
    finding = models.TextField("constat", blank=True, max_length=3000)
    objective = models.TextField("objectif", blank=True, max_length=3000)
    audience = models.CharField("public", max_length=200, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="actions_led", verbose_name="pilote"
    )
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    residences = models.ManyToManyField(
        Residence, blank=True, related_name="+", verbose_name="résidences"
    )
    objectives = models.ManyToManyField(
        Objective, blank=True, related_name="+", verbose_name="objectifs du contrat de ville"
    )
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    budget = euros("budget", null=True, blank=True)
    experiment = models.BooleanField("expérimentation", default=False)
    state = models.CharField(
        "état", max_length=10, choices=ActionState.choices, default=ActionState.IDEA
    )
    reason = models.CharField("raison", max_length=500, blank=True)
    worked = models.TextField("ce qui a marché", blank=True, max_length=3000)
    failed = models.TextField("ce qui n’a pas marché", blank=True, max_length=3000)
    again = models.BooleanField("à refaire", null=True, blank=True)
    # What residents read, and whether they read what it cost.
    summary = models.TextField("résumé pour tous", blank=True, max_length=2000)
    cost_public = models.BooleanField("coût public", default=False)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    created_at = models.DateTimeField("écrite le")
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    # Raised by each change: who writes on an older one is shown the difference.
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche action"
        ordering = ["plan", "reference"]
        indexes = [
            models.Index(name="actions_of_an_organisation", fields=["lead", "state"]),
            models.Index(name="actions_by_end", fields=["state", "ends_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_reference_stands_once_in_a_plan", fields=["plan", "reference"]
            ),
            models.CheckConstraint(
                name="action_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de l’action précède son début.",
            ),
            models.CheckConstraint(
                name="a_budget_is_not_negative",
                condition=Q(budget=None) | Q(budget__gte=0),
                violation_error_message="Un budget n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="an_action_is_closed_on_a_day",
                condition=Q(state__in=OPEN, closed_at=None)
                | (~Q(state__in=OPEN) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_dropped_action_says_why",
                condition=~Q(state=ActionState.DROPPED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi l’action est abandonnée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"

    @property
    def domain_label(self) -> str:
        """Its domain, in words; what a decision has just made has none yet."""
        return label_of("domain", self.domain) if self.domain else "domaine à préciser"

    @property
    def moment_label(self) -> str:
        """Before, during or after the works, in words."""
        return label_of("moment", self.moment) if self.moment else ""

    @property
    def late(self) -> bool:
        """Whether its end is over and it is still open."""
        ends_on = self.ends_on
        return self.state in OPEN and ends_on is not None and ends_on < timezone.localdate()


class PartnerShare(models.Model):
    """An organisation that takes part in an action, and what it does there."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    does = models.CharField("ce qu’elle fait", max_length=200, blank=True)

    class Meta:
        verbose_name = "partenaire d’une action"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_takes_part_once", fields=["action", "organisation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} : {self.does}"


class Step(models.Model):
    """A dated step of an action, carried by an organisation."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="steps")
    title = models.CharField("étape", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "étape d’une action"
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        indexes = [models.Index(name="steps_by_day", fields=["done_on", "due_on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def late(self) -> bool:
        """Whether its day is over and it is not done."""
        return (
            self.done_on is None and self.due_on is not None and self.due_on < timezone.localdate()
        )


class Funding(models.Model):
    """One line of the funding plan: asked, granted, spent by one funder under one scheme."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="fundings")
    funder = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="financeur"
    )
    scheme = models.CharField("dispositif", max_length=24)
    asked = euros("demandé", default=Decimal(0))
    granted = euros("accordé", default=Decimal(0))
    spent = euros("dépensé", default=Decimal(0))
    file_number = models.CharField("numéro de dossier", max_length=60, blank=True)
    asked_on = models.DateField("demandé le", null=True, blank=True)
    granted_on = models.DateField("accordé le", null=True, blank=True)

    class Meta:
        verbose_name = "financement d’une action"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="money_is_not_negative",
                condition=Q(asked__gte=0, granted__gte=0, spent__gte=0),
                violation_error_message="Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} ({self.scheme_label})"

    @property
    def scheme_label(self) -> str:
        """The scheme under which it pays, in words."""
        return label_of("scheme", self.scheme)


class Insertion(models.Model):
    """Hours of work for residents of the quartiers: promised, then worked."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="insertions")
    kind = models.CharField("forme", max_length=12)
    # All the hours of the works or of the contract: what the share is counted on.
    total = models.PositiveIntegerField("heures du chantier ou du marché", default=0)
    promised = models.PositiveIntegerField("heures prévues", default=0)
    worked = models.PositiveIntegerField("heures travaillées", default=0)
    people = models.PositiveIntegerField("personnes", default=0)

    class Meta:
        verbose_name = "insertion par une action"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_action_counts_a_way_of_insertion_once", fields=["action", "kind"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} : {self.worked} h"

    @property
    def share(self) -> Decimal | None:
        """How many per cent of all the hours residents of the quartiers have worked."""
        return Decimal(100 * self.worked) / self.total if self.total else None

    @property
    def kind_label(self) -> str:
        """By which way, in words."""
        return label_of("insertion", self.kind)


class Indicator(models.Model):
    """What will show that it changed something: set when the action is designed."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="indicators")
    label = models.CharField("indicateur", max_length=200)
    unit = models.CharField("unité", max_length=40, blank=True)
    baseline = models.DecimalField(
        "au départ", max_digits=12, decimal_places=2, null=True, blank=True
    )
    target = models.DecimalField("visé", max_digits=12, decimal_places=2)
    due_on = models.DateField("pour le", null=True, blank=True)

    class Meta:
        verbose_name = "indicateur d’une action"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class Measure(models.Model):
    """What an indicator showed on a day."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measures")
    on = models.DateField("mesuré le")
    value = models.DecimalField("valeur", max_digits=12, decimal_places=2)
    source = models.CharField("source", max_length=200, blank=True)

    class Meta:
        verbose_name = "mesure d’un indicateur"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_indicator_is_measured_once_a_day", fields=["indicator", "on"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} le {self.on:%d/%m/%Y}"


class PictureQuerySet(GuardedQuerySet["Picture"]):
    policy = access.PICTURE


class Picture(models.Model):
    """A cleaned picture of the place before or after the action, without anybody in it."""

    class Moment(models.TextChoices):
        BEFORE = "before", "avant"
        AFTER = "after", "après"

    action = models.ForeignKey(Action, models.CASCADE, related_name="pictures")
    moment = models.CharField("moment", max_length=8, choices=Moment.choices)
    caption = models.CharField("ce qu’on y voit", max_length=160)
    file = models.FileField(upload_to="actions/%Y/%m/")
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "photo d’une action"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.caption


class Change(models.Model):
    """One writing on an action's line: what stood there before and after. It serves to undo, and
    to show who wrote at the same time what the other wrote."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()  # the version that it made
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "modification d’une action"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(name="a_version_is_made_once", fields=["action", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.version}"
