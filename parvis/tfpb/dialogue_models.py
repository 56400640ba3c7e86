"""What is said of a programme: versions sent, passages, opinions, remarks, consultations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.meetings.models import Decision
from parvis.partners.models import Organisation, User
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.workflow import ProgrammeState


class SentVersion(models.Model):
    """A programme, or its bilan, as it was sent: read and compared, never changed."""

    class Of(models.TextChoices):
        PROGRAMME = "programme", "programme"
        BILAN = "bilan", "bilan"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sent")
    of = models.CharField(max_length=10, choices=Of.choices)
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField()
    sent_at = models.DateTimeField("transmise le")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version transmise"
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_version_is_sent_once", fields=["programme", "of", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_of_display()}, version {self.number}"


class Passage(models.Model):
    """A programme passed from one state to another: who, for whom, and on which decision."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="passages")
    old = models.CharField(max_length=12, choices=ProgrammeState.choices)
    new = models.CharField(max_length=12, choices=ProgrammeState.choices)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("motif", max_length=1000, blank=True)
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décision",
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = "passage d’un programme"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class Opinion(models.Model):
    """What a party thinks of a programme as it was sent; another opinion replaces nothing."""

    class Verdict(models.TextChoices):
        FOR = "for", "favorable"
        RESERVED = "reserved", "favorable avec réserves"
        CHANGE = "change", "demande une modification"
        AGAINST = "against", "défavorable"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("version lue")
    verdict = models.CharField("avis", max_length=10, choices=Verdict.choices)
    text = models.TextField("motifs", blank=True, max_length=3000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "avis d’une partie"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_opinion_says_why",
                condition=Q(verdict="for") | ~Q(text=""),
                violation_error_message="Dites pourquoi : le bailleur le lira.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} : {self.get_verdict_display()}"


class Remark(models.Model):
    """A word of a party about a programme or one of its lines."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="remarks")
    line = models.ForeignKey(Line, models.CASCADE, null=True, blank=True, related_name="remarks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField("remarque", max_length=2000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "remarque sur un programme"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Consultation(models.Model):
    """Tenants or residents consulted about a programme: what they asked, what was kept and why."""

    class Body(models.TextChoices):
        TENANTS = "tenants", "association de locataires"
        COUNCIL = "council", "conseil de concertation locative"
        CITIZENS = "citizens", "conseil citoyen"
        RESIDENTS = "residents", "habitants"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="consultations")
    body = models.CharField("qui", max_length=10, choices=Body.choices)
    name = models.CharField("nom de l’instance ou de l’association", max_length=160)
    held_on = models.DateField("le")
    # Organisations and numbers, never names of people.
    present = models.CharField("qui était là", max_length=300, blank=True)
    asked = models.TextField("ce qui a été demandé", max_length=3000)
    kept = models.TextField("ce qui en a été retenu, et pourquoi", blank=True, max_length=3000)

    class Meta:
        verbose_name = "consultation sur un programme"
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.held_on}"
