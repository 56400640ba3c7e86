"""What was built is handed over, made one's own by residents, and looked at again years later."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from parvis.gatherings.models import Gathering
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Residence
from parvis.ui.words import counted
from parvis.works import handover_access as access
from parvis.works.project_models import Operation, euros
from parvis.works.resident_models import GroundChange
from parvis.works.sorting import label_of


class DeliveryQuerySet(GuardedQuerySet["Delivery"]):
    policy = access.DELIVERY


class Delivery(models.Model):
    """A building, space or equipment that an operation delivers, until somebody manages it."""

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="deliveries", verbose_name="opération"
    )
    title = models.CharField("ce qui est livré", max_length=160)
    kind = models.CharField("nature", max_length=24)  # data/lists.toml
    residence = models.ForeignKey(
        Residence,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="résidence",
    )
    planned_on = models.DateField("livraison prévue le", null=True, blank=True)
    delivered_on = models.DateField("livré le", null=True, blank=True)
    planned_use = models.TextField("usage prévu", blank=True, max_length=1000)
    # Who is to manage it, and since when it does, on the strength of which procès-verbal.
    taker = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="qui le reprend en gestion"
    )
    taken_on = models.DateField("remis en gestion le", null=True, blank=True)
    minutes = models.FileField("procès-verbal", upload_to="works/%Y/%m/", blank=True)
    # What the projet de gestion says of this ground; applied when it is handed over.
    ground = models.ForeignKey(
        GroundChange,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name="espace du projet de gestion",
    )
    planned_cost = euros("entretien prévu par an", null=True, blank=True)
    gatherings = models.ManyToManyField(
        Gathering, blank=True, related_name="+", verbose_name="ateliers"
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "livraison"
        ordering = ["-delivered_on", "planned_on", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="nothing_is_taken_over_before_it_is_delivered",
                condition=Q(taken_on=None)
                | Q(delivered_on__isnull=False, taken_on__gte=F("delivered_on")),
                violation_error_message="La remise en gestion vient après la livraison.",
            ),
            models.CheckConstraint(
                name="planned_upkeep_does_not_cost_less_than_nothing",
                condition=Q(planned_cost=None) | Q(planned_cost__gte=0),
                violation_error_message="Un coût n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """Building, space or equipment, in French."""
        return label_of("delivery", self.kind)

    @property
    def planned_upkeep(self) -> Decimal | None:
        """What upkeep is to cost each year: its own figure, or else the projet de gestion's."""
        found: Decimal | None = self.planned_cost
        if found is None and self.ground is not None:
            found = self.ground.cost_after
        return found


class Reserve(models.Model):
    """A fault noted at delivery, until it is lifted."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="reserves")
    text = models.CharField("réserve", max_length=300)
    place = models.CharField("où", max_length=120, blank=True)
    firm = models.CharField("entreprise", max_length=120, blank=True)
    found_on = models.DateField("notée le")
    due_on = models.DateField("à lever avant le", null=True, blank=True)
    lifted_on = models.DateField("levée le", null=True, blank=True)

    class Meta:
        verbose_name = "réserve"
        ordering = ["lifted_on", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_reserve_is_lifted_after_it_was_found",
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("found_on")),
                violation_error_message="Une réserve est levée après avoir été notée.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class EquipmentGuide(models.Model):
    """How to use what is new: a file, or the address of a page."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="guides")
    title = models.CharField("titre", max_length=160)
    file = models.FileField("document", upload_to="works/%Y/%m/", blank=True)
    url = models.URLField("adresse en ligne", blank=True)

    class Meta:
        verbose_name = "mode d’emploi"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_guide_is_a_file_or_an_address",
                condition=~Q(file="") | ~Q(url=""),
                violation_error_message="Joignez un document ou donnez une adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class HomeVisits(models.Model):
    """A round of visits at home: how many were offered and made, and nobody's name."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="home_visits")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    offered = models.PositiveIntegerField("logements proposés")
    made = models.PositiveIntegerField("visites faites", default=0)
    by = models.CharField("par", max_length=160, blank=True)
    note = models.CharField("ce qu’on en retient", max_length=500, blank=True)

    class Meta:
        verbose_name = "visites à domicile"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="no_more_homes_are_visited_than_offered",
                condition=Q(made__lte=F("offered")),
                violation_error_message="Il y a plus de visites faites que proposées.",
            ),
            models.CheckConstraint(
                name="visits_end_after_they_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made}/{self.offered}"


def new_nonce() -> str:
    """What makes the address of a survey impossible to guess, beside the key."""
    return secrets.token_urlsafe(12)


class Survey(models.Model):
    """Residents are asked, some months after a delivery, without a name."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="surveys")
    months = models.PositiveSmallIntegerField("mois après la livraison")
    opens_on = models.DateField("ouverte du")
    closes_on = models.DateField("au")
    nonce = models.CharField(max_length=24, default=new_nonce)
    published_at = models.DateTimeField("résultats publiés le", null=True, blank=True)

    class Meta:
        verbose_name = "enquête auprès des habitants"
        ordering = ["delivery", "months"]
        constraints = [
            models.UniqueConstraint(
                name="residents_are_asked_once_after_so_many_months",
                fields=["delivery", "months"],
            ),
            models.CheckConstraint(
                name="a_survey_closes_after_it_opens",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="La fin précède l’ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} mois · {self.delivery}"

    def state_on(self, day: date) -> str:
        """coming, open, or closed: results are read once nobody answers any more."""
        if day < self.opens_on:
            return "coming"
        return "open" if day <= self.closes_on else "closed"


class SurveyAnswer(models.Model):
    """What one resident answered: marks from 1 to 4 by question, and nothing of who they are."""

    class Channel(models.TextChoices):
        LINK = "link", "en ligne"
        PAPER = "paper", "sur papier"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    marks = models.JSONField("réponses")  # {"confort": 3}
    channel = models.CharField(max_length=6, choices=Channel.choices)
    on = models.DateField("reçue le")
    # What a page gave the one sending that it was opened for: the same twice counts once.
    sent_as = models.CharField(max_length=24, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = "réponse à une enquête"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class DurabilityCheckQuerySet(GuardedQuerySet["DurabilityCheck"]):
    policy = access.DURABILITY_CHECK


class DurabilityCheck(models.Model):
    """A delivered place is looked at again after so many years: what it became, what it costs."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="checks")
    year = models.PositiveSmallIntegerField("années après la livraison")
    due_on = models.DateField("à faire avant le")
    done_on = models.DateField("faite le", null=True, blank=True)
    condition = models.CharField("état", max_length=24, blank=True)  # data/lists.toml
    use = models.CharField("usage", max_length=24, blank=True)  # data/lists.toml
    note = models.TextField("ce qui a été vu", blank=True, max_length=2000)
    damage = models.PositiveIntegerField("dégradations depuis la livraison", null=True, blank=True)
    reports = models.PositiveIntegerField("signalements depuis la livraison", null=True, blank=True)
    cost = euros("entretien réel par an", null=True, blank=True)
    by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    # Worse than the check before, and not found better since: kept by acts.durability.
    worsened = models.BooleanField("s’est dégradé", default=False)

    objects = DurabilityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "vérification dans la durée"
        ordering = ["delivery", "year"]
        indexes = [
            models.Index(name="durability_checks_due", fields=["due_on"], condition=Q(done_on=None))
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_delivery_is_checked_once_at_an_age", fields=["delivery", "year"]
            ),
            models.CheckConstraint(
                name="a_check_that_was_made_says_what_it_found",
                condition=Q(done_on=None) | (~Q(condition="") & ~Q(use="")),
                violation_error_message="Dites l’état et l’usage constatés.",
            ),
            models.CheckConstraint(
                name="real_upkeep_does_not_cost_less_than_nothing",
                condition=Q(cost=None) | Q(cost__gte=0),
                violation_error_message="Un coût n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} ans · {self.delivery}"

    @property
    def age_label(self) -> str:
        """« 1 an », « 5 ans »."""
        return counted(self.year, "an", "ans")

    @property
    def condition_label(self) -> str:
        """How it was found, in French."""
        return label_of("condition", self.condition)

    @property
    def use_label(self) -> str:
        """Whether it is used as planned, in French."""
        return label_of("use", self.use)
