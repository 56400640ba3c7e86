"""Courses and workshops: a programme held on one or several dates, and who enrolled in it.

Each date is a gathering of its own; one enrolment is for all the dates of its course.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.gatherings.models import Gathering, new_nonce
from parvis.notices.consents import current
from parvis.partners.leaving import is_forgotten
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.toolbox import course_access as access
from parvis.toolbox.labels import axis_choices
from parvis.toolbox.models.files import Paper
from parvis.toolbox.models.sheets import Sheet
from parvis.upkeep.models import Theme

# After the last date: reminders, certificates and the questions of three months later want them.
KEPT_AFTER = timedelta(days=120)


class CourseQuerySet(GuardedQuerySet["Course"]):
    policy = access.COURSE

    def to_come(self, now: datetime) -> CourseQuerySet:
        """Those that are not over, and were not called off."""
        return self.filter(ends_at__gte=now, cancelled_at=None)


class Course(models.Model):
    """A course for field actors or a workshop for residents: what is learned, with whom, when."""

    class Nature(models.TextChoices):
        TRAINING = "training", "formation"
        WORKSHOP = "workshop", "atelier"

    class Audience(models.TextChoices):
        FIELD = "field", "acteurs de terrain"
        RESIDENTS = "residents", "habitants"
        CONSEILS = "conseils", "membres des conseils citoyens"

    nature = models.CharField("nature", max_length=8, choices=Nature.choices)
    audience = models.CharField("pour qui", max_length=10, choices=Audience.choices)
    title = models.CharField("titre", max_length=140)
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    objectives = models.TextField("ce que l’on saura faire", blank=True, max_length=2000)
    programme = models.TextField("programme", blank=True, max_length=6000)
    # Organisations and functions, one a line; people only as staff of theirs.
    trainers = models.TextField("intervenants", blank=True, max_length=600)
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="courses", verbose_name="organisateur"
    )
    # The agglomération whose coordination follows what was learned on its territory.
    coordination = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", editable=False
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thèmes")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    # The axis of use of the abatement that it answers to, when it is paid so.
    axis = models.SlugField("axe de l’abattement", max_length=30, blank=True, choices=axis_choices)
    contact = models.CharField("renseignements", max_length=160, blank=True)
    hours = models.DecimalField(
        "durée (heures)",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25"))],
    )
    # How much of its dates one must have followed for a certificate, in percent.
    share = models.PositiveSmallIntegerField(
        "part à suivre pour l’attestation (%)",
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)
    opens_at = models.DateTimeField("inscriptions à partir du", null=True, blank=True)
    closes_at = models.DateTimeField("inscriptions jusqu’au", null=True, blank=True)
    sheets = models.ManyToManyField(Sheet, blank=True, related_name="+", verbose_name="fiches")
    papers = models.ManyToManyField(Paper, blank=True, related_name="+", verbose_name="documents")
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    changed_at = models.DateTimeField("modifiée le")
    # Of its dates, so that lists need not read them.
    starts_at = models.DateTimeField("début", null=True, editable=False)
    ends_at = models.DateTimeField("fin", null=True, editable=False)
    # How many ranks of enrolments were given: the next one is one more.
    ranks = models.PositiveIntegerField(default=0)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = "formation ou atelier"
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(name="courses_by_day", fields=["starts_at"]),
            models.Index(name="courses_to_come", fields=["ends_at", "starts_at"]),
            models.Index(name="courses_of_an_organiser", fields=["organiser", "starts_at"]),
            models.Index(name="courses_of_a_coordination", fields=["coordination", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="course_has_a_seat_or_no_limit",
                condition=Q(seats=None) | Q(seats__gt=0),
                violation_error_message="Donnez au moins une place, ou laissez vide.",
            ),
            models.CheckConstraint(
                name="course_opens_before_it_closes",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                violation_error_message="Les inscriptions se ferment après leur ouverture.",
            ),
            models.CheckConstraint(
                name="course_lasts_some_time",
                condition=Q(hours__gt=0),
                violation_error_message="Donnez une durée en heures.",
            ),
            models.CheckConstraint(
                name="course_asks_for_a_share_of_its_dates",
                condition=Q(share__gte=1, share__lte=100),
                violation_error_message="La part à suivre va de 1 à 100 %.",
            ),
            models.CheckConstraint(
                name="a_cancelled_course_says_why",
                condition=Q(cancelled_at=None) | ~Q(reason=""),
                violation_error_message="Dites pourquoi : les personnes inscrites le liront.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """cancelled, past, public, or draft (seen by its organiser and its coordination)."""
        if self.cancelled_at:
            return "cancelled"
        if self.ends_at is not None and self.ends_at < timezone.now():
            return "past"
        return "public" if self.published_at else "draft"

    def takes_enrolments(self, now: datetime) -> bool:
        """Whether somebody may still enrol; on a waiting list when seats are taken."""
        if self.cancelled_at or not self.published_at or self.starts_at is None:
            return False
        if self.opens_at is not None and now < self.opens_at:
            return False
        if self.ends_at is not None and now >= self.ends_at:
            return False  # whatever its organiser had said: its dates may have moved since
        return now < (self.closes_at or self.starts_at)


class CourseDate(models.Model):
    """One date of a course; where and when is the gathering's."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="dates")
    gathering = models.OneToOneField(Gathering, models.CASCADE, related_name="course_date")
    number = models.PositiveSmallIntegerField("numéro")  # in the order of the days

    class Meta:
        verbose_name = "date d’une formation"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="a_date_has_its_number_in_a_course", fields=["course", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} · {self.number}"


class EnrolmentQuerySet(GuardedQuerySet["Enrolment"]):
    policy = access.ENROLMENT

    def standing(self) -> EnrolmentQuerySet:
        """Those that were not withdrawn."""
        return self.exclude(state=Enrolment.State.WITHDRAWN)

    def seated(self) -> EnrolmentQuerySet:
        """Those that have a seat."""
        return self.filter(state=Enrolment.State.SEATED)


class Enrolment(models.Model):
    """A seat in a course, or a place on its waiting list, for all its dates.

    `person` is somebody who signs in: their name and address are those of their account. For
    everybody else these are in a row of their own (`EnrolmentContact`).
    """

    class State(models.TextChoices):
        SEATED = "seated", "inscrit"
        WAITING = "waiting", "en attente"
        WITHDRAWN = "withdrawn", "retiré"

    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    state = models.CharField("état", max_length=10, choices=State.choices)
    rank = models.PositiveIntegerField("rang")  # in the order in which people came
    at = models.DateTimeField("inscrit le")
    nonce = models.CharField(max_length=24, default=new_nonce)
    # For whom they came, and it stays so: what an organisation has trained does not move with
    # the people who leave it. Empty for residents.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à une formation"
        ordering = ["rank"]
        indexes = [
            models.Index(name="enrolments_in_order", fields=["course", "state", "rank"]),
            models.Index(name="enrolments_of_an_organisation", fields=["organisation", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_rank_is_given_once_in_a_course", fields=["course", "rank"]
            ),
            models.UniqueConstraint(
                name="a_person_enrols_once_in_a_course",
                fields=["course", "person"],
                condition=~Q(state="withdrawn"),
                violation_error_message="Cette personne est déjà inscrite.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} · {self.rank}"

    @property
    def name(self) -> str:
        """Who it is; once the contact was erased, nobody knows. Select `contact` and `person`."""
        contact = getattr(self, "contact", None)
        if contact is not None:
            return str(contact.name)
        return self.person.name if self.person is not None else "Personne inscrite"

    @property
    def email(self) -> str:
        """Where to write to them, if anywhere."""
        contact = getattr(self, "contact", None)
        if contact is not None:
            return str(contact.email)
        if self.person is None or is_forgotten(self.person):
            return ""
        return self.person.email


def enrolment_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("toolbox", "enrolment").version


class EnrolmentContact(models.Model):
    """How to reach somebody who enrolled without an account; erased some months after."""

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, primary_key=True, related_name="contact"
    )
    name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=enrolment_text)

    class Meta:
        verbose_name = "coordonnées d’une personne inscrite à une formation"
        constraints = [
            models.CheckConstraint(
                name="an_enrolment_can_be_answered",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            )
        ]

    def __str__(self) -> str:
        return str(self.enrolment_id)
