"""The register of experiments: a hypothesis, a test, what was measured, what is decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.toolbox import network_access as access
from parvis.toolbox.models.networks import Findable
from parvis.toolbox.network_workflow import Decision, ExperimentState
from parvis.upkeep.models import Theme


class ExperimentQuerySet(GuardedQuerySet["Experiment"]):
    policy = access.EXPERIMENT


class Experiment(Findable):
    """Something that is tried somewhere before it is spread."""

    title = models.CharField("titre", max_length=160)
    hypothesis = models.TextField("hypothèse", max_length=2000)
    test = models.TextField("ce qui est essayé", blank=True, max_length=3000)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    # Who leads it, and the agglomération whose coordination publishes it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name="avec"
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thèmes")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    indicator = models.CharField("ce qui est mesuré", max_length=160, blank=True)
    unit = models.CharField("unité", max_length=40, blank=True)
    before = models.DecimalField("avant", max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("visé", max_digits=12, decimal_places=2, null=True, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=ExperimentState.choices, default=ExperimentState.PREPARED
    )
    written_at = models.DateTimeField("écrite le")
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        verbose_name = "expérimentation"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(name="experiments_newest_first", fields=["-written_at", "-id"]),
            models.Index(
                name="experiments_under_way", fields=["ends_on"], condition=Q(state="running")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_experiment_has_a_hypothesis",
                condition=~Q(title="") & ~Q(hypothesis=""),
                violation_error_message="Donnez un titre et une hypothèse.",
            ),
            models.CheckConstraint(
                name="an_experiment_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                name="what_is_tried_has_its_days",
                condition=Q(state=ExperimentState.PREPARED)
                | Q(starts_on__isnull=False, ends_on__isnull=False),
                violation_error_message="Donnez les dates de l’essai.",
            ),
            models.CheckConstraint(
                name="a_figure_is_a_figure_of_something",
                condition=Q(before=None, target=None) | ~Q(indicator=""),
                violation_error_message="Dites ce que mesurent ces chiffres.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Result(models.Model):
    """What an experiment gave on a day, and what was decided of it. Kept when another follows."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="results")
    on = models.DateField("constaté le")
    after = models.DecimalField("après", max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.TextField("résultat", max_length=3000)
    decision = models.CharField("décision", max_length=6, choices=Decision.choices, blank=True)
    reason = models.TextField("pourquoi", blank=True, max_length=1000)
    decided_on = models.DateField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "résultat d’une expérimentation"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_result_says_something",
                condition=~Q(text=""),
                violation_error_message="Dites ce que l’essai a donné.",
            ),
            models.CheckConstraint(
                name="a_decision_on_an_experiment_says_why",
                condition=Q(decision="", reason="", decided_on=None)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_on__isnull=False)),
                violation_error_message="Dites ce qui est décidé, et pourquoi.",
            ),
            # A new result is written when the one before is decided: one at a time is discussed.
            models.UniqueConstraint(
                name="one_result_is_discussed_at_a_time",
                fields=["experiment"],
                condition=Q(decision=""),
                violation_error_message="Un résultat attend déjà une décision.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id}, {self.on:%d/%m/%Y}"
