"""Instances, who sits there, their sittings, agendas and decisions."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.meetings import access
from parvis.meetings.kinds import InstanceKind, kind_of
from parvis.meetings.workflow import DecisionState
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier


class InstanceQuerySet(GuardedQuerySet["Instance"]):
    policy = access.INSTANCE


class Instance(models.Model):
    """A body that meets: a COPIL, a COTECH, a comité de site."""

    class Cadence(models.TextChoices):
        MONTHLY = "monthly", "chaque mois"
        TWO_MONTHLY = "two_monthly", "tous les deux mois"
        QUARTERLY = "quarterly", "chaque trimestre"
        HALF_YEARLY = "half_yearly", "deux fois par an"
        YEARLY = "yearly", "chaque année"
        NEEDED = "needed", "selon les besoins"

    kind = models.CharField("nature", max_length=24)
    name = models.CharField("nom", max_length=160)
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="instances", verbose_name="organisée par"
    )
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    # What it steers, of any kind that may be: a renewal project.
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    cadence = models.CharField(
        "rythme", max_length=12, choices=Cadence.choices, default=Cadence.NEEDED
    )
    # What its rules ask for beside the relevé de décisions.
    minutes = models.BooleanField("compte rendu complet", default=False)
    approval = models.BooleanField("relevé soumis à approbation", default=False)
    quorum = models.PositiveSmallIntegerField("quorum", null=True, blank=True)
    closed_on = models.DateField("ne se réunit plus depuis le", null=True, blank=True)

    objects = InstanceQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quorum_is_somebody_or_nothing",
                condition=Q(quorum=None) | Q(quorum__gt=0),
                violation_error_message="Laissez le quorum vide si le règlement n’en demande pas.",
            ),
            models.CheckConstraint(
                name="what_an_instance_steers_is_named_whole",
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> tuple[str, int] | None:
        """What it steers, as the thread names things."""
        return (self.subject_kind, self.subject_id) if self.subject_id is not None else None

    @property
    def nature(self) -> InstanceKind:
        """What it is, with its words."""
        return kind_of(self.kind)


class Seat(models.Model):
    """An organisation, or a body of participation, that sits in an instance."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    chair = models.BooleanField("préside", default=False)

    class Meta:
        verbose_name = "siège"
        ordering = ["-chair", "organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_has_one_seat", fields=["instance", "organisation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.instance})"


class SittingQuerySet(GuardedQuerySet["Sitting"]):
    policy = access.SITTING


class Sitting(models.Model):
    """One meeting of an instance. When and where is said by its gathering."""

    instance = models.ForeignKey(Instance, models.PROTECT, related_name="sittings")
    gathering = models.OneToOneField(Gathering, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)
    minutes = models.TextField("compte rendu", blank=True, max_length=20000)
    # The relevé as it was sent: what was told is not told differently later.
    releve = models.JSONField(null=True, blank=True)
    sent_at = models.DateTimeField("relevé envoyé le", null=True, blank=True)
    approved_at = models.DateTimeField("relevé approuvé le", null=True, blank=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["-gathering__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_releve_that_was_sent_is_kept",
                condition=Q(sent_at=None) | Q(releve__isnull=False),
            ),
            models.CheckConstraint(
                name="a_releve_is_approved_once_sent",
                condition=Q(approved_at=None) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}, {timezone.localdate(self.gathering.starts_at):%d/%m/%Y}"

    @property
    def state(self) -> str:
        """cancelled, approved, sent, held (over, relevé to send), convened or prepared."""
        if self.gathering.cancelled_at:
            return "cancelled"
        if self.sent_at:
            return "approved" if self.approved_at else "sent"
        if self.gathering.ends_at < timezone.now():
            return "held"
        return "convened" if self.convened_at else "prepared"


class AgendaItem(models.Model):
    """One point of an agenda: a thing of the thread, or words of its own."""

    class Asked(models.TextChoices):
        DECISION = "decision", "pour décision"
        OPINION = "opinion", "pour avis"
        NEWS = "news", "pour information"

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField("point", max_length=200)
    note = models.TextField("ce qu’il faut savoir", blank=True, max_length=2000)
    asked = models.CharField(
        "présenté", max_length=10, choices=Asked.choices, default=Asked.DECISION
    )
    thing_kind = models.CharField(max_length=24, blank=True)
    thing_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_agenda_holds_a_thing_once",
                fields=["sitting", "thing_kind", "thing_id"],
                condition=Q(thing_id__isnull=False),
            ),
            models.CheckConstraint(
                name="a_point_names_a_whole_thing_or_none",
                condition=Q(thing_id=None, thing_kind="")
                | (Q(thing_id__isnull=False) & ~Q(thing_kind="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def thing(self) -> tuple[str, int] | None:
        """The thing of the thread that it is about."""
        return None if self.thing_id is None else (self.thing_kind, self.thing_id)


class DecisionQuerySet(GuardedQuerySet["Decision"]):
    policy = access.DECISION


class Decision(models.Model):
    """What was decided, who does it and by when, what each side said, and why it was decided."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    text = models.CharField("décision", max_length=300)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="qui s’en charge",
    )
    due_on = models.DateField("pour le", null=True, blank=True)
    usage = models.TextField("ce que disent les habitants", blank=True, max_length=2000)
    technique = models.TextField("ce que disent les services", blank=True, max_length=2000)
    politique = models.TextField("ce que disent les élus", blank=True, max_length=2000)
    reason = models.TextField("ce qui a emporté la décision", blank=True, max_length=2000)
    state = models.CharField(
        "état", max_length=8, choices=DecisionState.choices, default=DecisionState.TO_DO
    )
    outcome = models.CharField("ce qu’il en est", max_length=500, blank=True)
    taken_at = models.DateTimeField("prise le")
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = ["taken_at", "pk"]
        indexes = [
            models.Index(name="decisions_to_do", fields=["state", "due_on"]),
            models.Index(name="decisions_of_an_organisation", fields=["organisation", "due_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_decision_is_closed_on_a_day",
                condition=Q(state=DecisionState.TO_DO, closed_at=None)
                | (~Q(state=DecisionState.TO_DO) & Q(closed_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def late(self) -> bool:
        """Whether its day is over and it is still to do."""
        return (
            self.state == DecisionState.TO_DO
            and self.due_on is not None
            and self.due_on < timezone.localdate()
        )


def document_path(document: Any, filename: str) -> str:
    """Where a file is kept: under a name that tells nothing."""
    return f"meetings/{uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class DocumentQuerySet(GuardedQuerySet["Document"]):
    policy = access.DOCUMENT


class Document(models.Model):
    """A file given with a sitting: it goes with the convocation."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="documents")
    title = models.CharField("titre", max_length=160)
    file = models.FileField("fichier", upload_to=document_path)
    size = models.PositiveIntegerField("taille")  # in bytes
    at = models.DateTimeField("déposé le")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une séance"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.title


class FeedKey(models.Model):
    """What makes the address of a person's calendar impossible to guess; a new one closes the
    old address."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    nonce = models.CharField(max_length=32)

    class Meta:
        verbose_name = "adresse d’agenda d’une personne"

    def __str__(self) -> str:
        return str(self.person_id)
