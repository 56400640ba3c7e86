"""After a course: who came to which date, what was certified, and what people thought of it."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import after_access as access
from parvis.toolbox.models.courses import Course, CourseDate, Enrolment

# Letters and figures that nobody takes for one another on paper.
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


def new_key() -> str:
    """What tells one person from another once nobody knows who they are: drawn, not computed."""
    return secrets.token_urlsafe(12)


def new_code() -> str:
    """The code of a certificate, which nobody finds by trying."""
    return "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))


class TraineeQuerySet(GuardedQuerySet["Trainee"]):
    policy = access.TRAINEE


class Trainee(models.Model):
    """Somebody who came, without their name: what figures count, and what they were asked.

    `key` is the same in all the courses of one person as long as their account, or the address that
    they gave, tells that it is the same one.
    """

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, primary_key=True, related_name="trainee"
    )
    key = models.CharField(max_length=24, default=new_key)
    # Whether their opinion was given, at the end and three months later; which one, nothing tells.
    evaluated = models.BooleanField("avis donné", default=False)
    followed = models.BooleanField("suite racontée", default=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = "personne formée"
        indexes = [models.Index(name="trainees_by_key", fields=["key"])]

    def __str__(self) -> str:
        return str(self.enrolment_id)


class Presence(models.Model):
    """Whether one enrolled person came to one date."""

    class By(models.TextChoices):
        ORGANISER = "organiser", "noté par l’organisateur"
        SELF = "self", "confirmé par la personne"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="presences")
    date = models.ForeignKey(CourseDate, models.CASCADE, related_name="presences")
    came = models.BooleanField("présent")
    by = models.CharField("comment", max_length=10, choices=By.choices)
    at = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "présence"
        ordering = ["date", "enrolment"]
        indexes = [models.Index(name="presences_of_a_date", fields=["date", "came"])]
        constraints = [
            models.UniqueConstraint(name="a_presence_is_noted_once", fields=["enrolment", "date"]),
            models.CheckConstraint(
                name="nobody_confirms_an_absence",
                condition=~Q(by="self") | Q(came=True),
                violation_error_message="Une personne ne confirme que sa présence.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, {self.date_id}"


class CertificateQuerySet(GuardedQuerySet["Certificate"]):
    policy = access.CERTIFICATE

    def standing(self) -> CertificateQuerySet:
        """Those that were not taken back."""
        return self.filter(revoked_at=None)


class Certificate(models.Model):
    """That somebody followed a course: what the paper says, but for the name, which is that of the
    enrolment as long as it is kept."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="certificates")
    code = models.CharField("code de vérification", max_length=12, unique=True, default=new_code)
    days = models.JSONField("dates suivies")  # ISO days, in order
    dates = models.PositiveSmallIntegerField("dates de la formation")
    hours = models.DecimalField("heures suivies", max_digits=5, decimal_places=2)
    issued_at = models.DateTimeField("délivrée le")
    # Taken back when the presences that it rests upon are corrected; another one may follow.
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_certificate_stands_for_an_enrolment",
                fields=["enrolment"],
                condition=Q(revoked_at=None),
            ),
            models.CheckConstraint(
                name="a_certificate_is_for_some_hours",
                condition=Q(hours__gt=0),
                violation_error_message="Une attestation porte sur une durée.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """« 2026-00042 »."""
        return f"{timezone.localtime(self.issued_at).year}-{self.pk:05d}"

    @property
    def shown_code(self) -> str:
        """The code in two halves, easier to copy from paper."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]}-{self.code[half:]}"

    @property
    def followed_on(self) -> list[date]:
        """The days on which the person came."""
        return [date.fromisoformat(day) for day in self.days]


class CourseEvaluation(models.Model):
    """What one person thought of a course, or made of it later. No name, no enrolment, no hour:
    nothing tells who."""

    class Moment(models.TextChoices):
        END = "end", "à la fin"
        LATER = "later", "trois mois après"

    course = models.ForeignKey(Course, models.CASCADE, related_name="evaluations")
    moment = models.CharField("moment", max_length=5, choices=Moment.choices)
    # By the code of the question, from 1 (no) to 4 (yes, entirely): see after_questions.py.
    answers = models.JSONField("réponses", default=dict, blank=True)
    words = models.TextField("en quelques mots", blank=True, max_length=1000)
    on = models.DateField("donné le")

    class Meta:
        verbose_name = "avis sur une formation"
        ordering = ["pk"]
        indexes = [models.Index(name="evaluations_of_a_course", fields=["course", "moment"])]
        constraints = [
            models.CheckConstraint(
                name="a_course_evaluation_says_something",
                condition=~Q(answers={}) | ~Q(words=""),
                violation_error_message="Répondez à une question au moins.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id}, {self.on:%d/%m/%Y}"
