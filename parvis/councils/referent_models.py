"""Référents: who carries the words of a quartier into which instance, and with what help."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.councils import aside_access, referent_access
from parvis.councils.body_models import Body, Member, document_path
from parvis.councils.periods import NoOverlap
from parvis.councils.presence_models import Presence
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Document, Instance, Sitting
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.works.models import RenewalProject

# The note is one page and the poster one sheet, however much is written.
NOTE_LENGTH, TOLD_LENGTH, WORD_LENGTH = 500, 1500, 300


class ReferentQuerySet(GuardedQuerySet["Referent"]):
    policy = referent_access.REFERENT

    def on(self, day: date) -> ReferentQuerySet:
        """Designations that run on that day, both ends included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Referent(models.Model):
    """A member designated for a quartier, in an instance or for a renewal project. A project's
    référent is called to every instance that steers it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="designations")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, related_name="+", verbose_name="quartier"
    )
    instance = models.ForeignKey(
        Instance, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="instance"
    )
    project = models.ForeignKey(
        RenewalProject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="projet",
    )
    # The place among the référents of a quartier, from 1; each has one holder and one substitute.
    place = models.PositiveSmallIntegerField("place", default=1)
    substitute = models.BooleanField("suppléant", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    reason = models.CharField("pourquoi", max_length=160, blank=True)

    objects = ReferentQuerySet.as_manager()

    class Meta:
        verbose_name = "référent"
        ordering = ["quartier", "place", "substitute", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="a_referent_is_for_an_instance_or_a_project",
                condition=(Q(instance=None) & Q(project__isnull=False))
                | (Q(instance__isnull=False) & Q(project=None)),
                violation_error_message="Choisissez une instance ou un projet.",
            ),
            models.CheckConstraint(
                name="a_designation_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la désignation précède son début.",
            ),
            NoOverlap(
                name="a_place_in_an_instance_has_one_referent",
                fields=("quartier", "instance", "place", "substitute"),
                violation_error_message="Cette place de référent est déjà tenue à cette date.",
            ),
            NoOverlap(
                name="a_place_for_a_project_has_one_referent",
                fields=("quartier", "project", "place", "substitute"),
                violation_error_message="Cette place de référent est déjà tenue à cette date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} · {self.quartier_id}"


class CalledSittingQuerySet(GuardedQuerySet["CalledSitting"]):
    policy = referent_access.CALLED_SITTING


class CalledSitting(Sitting):
    """A sitting of others, as bodies whose référents are called to it read it."""

    objects = CalledSittingQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = "séance où des référents sont appelés"


class CalledDocumentQuerySet(GuardedQuerySet["CalledDocument"]):
    policy = referent_access.CALLED_DOCUMENT


class CalledDocument(Document):
    """A document of such a sitting, for the bodies whose référents were invited."""

    objects = CalledDocumentQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = "document d’une séance où des référents sont invités"


class CallQuerySet(GuardedQuerySet["Call"]):
    policy = referent_access.CALL


class Call(Presence):
    """The presence of a member who is called to a sitting of others as référent."""

    objects = CallQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = "invitation d’un référent"


class PreparationQuerySet(GuardedQuerySet["Preparation"]):
    policy = aside_access.PREPARATION


class Preparation(models.Model):
    """How a body goes to a sitting of others: meeting before, note in plain words, who goes along,
    and what is told back to the quartier."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="preparations")
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(
        Gathering,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réunion de préparation",
    )
    companion = models.CharField("qui accompagne", max_length=120, blank=True)
    # The note: what is asked of référents, what is decided already, what is still open.
    asked = models.TextField("ce qu’on nous demande", blank=True, max_length=NOTE_LENGTH)
    decided = models.TextField("ce qui est déjà décidé", blank=True, max_length=NOTE_LENGTH)
    still_open = models.TextField("ce qui reste ouvert", blank=True, max_length=NOTE_LENGTH)
    # Told back once the sitting is over.
    said = models.TextField("ce que nous avons dit", blank=True, max_length=TOLD_LENGTH)
    answered = models.TextField("ce qu’on nous a répondu", blank=True, max_length=TOLD_LENGTH)
    told_at = models.DateTimeField("rendu au quartier le", null=True, blank=True)

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = "préparation d’une séance"
        ordering = ["-sitting__gathering__starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_body_prepares_a_sitting_once", fields=["body", "sitting"]
            ),
            models.CheckConstraint(
                name="what_is_told_back_says_something",
                condition=Q(told_at=None) | (~Q(said="") & ~Q(answered="")),
                violation_error_message="Écrivez ce que vous avez dit et ce qui a été répondu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} · {self.sitting_id}"


class ResidentWordQuerySet(GuardedQuerySet["ResidentWord"]):
    policy = aside_access.WORD


class ResidentWord(models.Model):
    """Words of a resident, noted in the body's notebook; no name without written consent."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="words")
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quartier"
    )
    text = models.TextField("ce qui a été dit", max_length=WORD_LENGTH)
    theme_code = models.CharField("thème", max_length=40, blank=True)
    heard_on = models.DateField("entendu le")
    noted_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )
    # The sitting to which these words were carried.
    preparation = models.ForeignKey(
        Preparation, models.SET_NULL, null=True, blank=True, related_name="words"
    )

    objects = ResidentWordQuerySet.as_manager()

    class Meta:
        verbose_name = "parole d’habitant"
        ordering = ["-heard_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.body_id}, {self.heard_on:%d/%m/%Y}"


class WordName(models.Model):
    """The name of who spoke, only with their written consent; erased when they ask, or after two
    years."""

    word = models.OneToOneField(
        ResidentWord, models.CASCADE, primary_key=True, related_name="speaker"
    )
    name = models.CharField("nom", max_length=80)
    consent_on = models.DateField("accord écrit du")
    consent_file = models.FileField("accord écrit", upload_to=document_path)

    class Meta:
        verbose_name = "nom de qui a parlé"
        constraints = [
            models.CheckConstraint(
                name="a_name_comes_with_written_consent",
                condition=~Q(consent_file=""),
                violation_error_message="Joignez l’accord écrit de la personne.",
            )
        ]

    def __str__(self) -> str:
        return str(self.word_id)
