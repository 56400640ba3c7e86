"""Gatherings, who is asked to come, and who registered. Times are moments, shown in local time."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from parvis.gatherings import access
from parvis.gatherings.kinds import kinds, label_of
from parvis.notices.consents import current
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence


class GatheringQuerySet(GuardedQuerySet["Gathering"]):
    policy = access.GATHERING

    def to_come(self, now: datetime) -> GatheringQuerySet:
        """Those that are not over, and were not called off."""
        return self.filter(ends_at__gte=now, cancelled_at=None)


class Gathering(models.Model):
    """A date with people: a workshop, a public meeting, the séance of an instance."""

    class Entry(models.TextChoices):
        FREE = "free", gettext_noop("entrée libre")
        REGISTERED = "registered", gettext_noop("sur inscription")

    kind = models.CharField("nature", max_length=24)
    title = models.CharField("titre", max_length=160)
    summary = models.TextField("présentation", blank=True, max_length=2000)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place_label = models.CharField("lieu", max_length=200, blank=True)
    online_url = models.URLField("adresse en ligne", blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="gatherings", verbose_name="organisateur"
    )
    contact = models.CharField("renseignements", max_length=160, blank=True)
    entry = models.CharField("entrée", max_length=12, choices=Entry.choices, default=Entry.FREE)
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)
    closes_at = models.DateTimeField("inscriptions jusqu’au", null=True, blank=True)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    changed_at = models.DateTimeField("modifié le")
    # How many ranks of registrations were given: the next one is one more.
    ranks = models.PositiveIntegerField(default=0)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(name="gatherings_by_day", fields=["starts_at"]),
            models.Index(name="gatherings_of_an_organiser", fields=["organiser", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="gathering_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                name="gathering_has_a_seat_or_no_limit",
                condition=Q(seats=None) | Q(seats__gt=0),
                violation_error_message="Donnez au moins une place, ou laissez vide.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """What it is, in French."""
        return label_of(self.kind)

    @property
    def apart(self) -> bool:
        """Whether a room of its own plans it, and changes it."""
        found = kinds().get(self.kind)
        return found is not None and found.apart

    @property
    def of_programme(self) -> bool:
        """Whether one registers for its whole programme, and not for this date."""
        found = kinds().get(self.kind)
        return found is not None and found.programme

    @property
    def state(self) -> str:
        """cancelled, past, public, or draft (seen by partners only)."""
        if self.cancelled_at:
            return "cancelled"
        if self.ends_at < timezone.now():
            return "past"
        return "public" if self.published_at else "draft"

    def takes_registrations(self, now: datetime) -> bool:
        """Whether somebody may still register; on a waiting list when seats are taken."""
        if self.entry != self.Entry.REGISTERED or self.cancelled_at or not self.published_at:
            return False
        return not self.of_programme and now < (self.closes_at or self.starts_at)


class GuestQuerySet(GuardedQuerySet["Guest"]):
    policy = access.GUEST


class Guest(models.Model):
    """An organisation that is asked to come, what it answered, and whether it was there."""

    class Answer(models.TextChoices):
        AWAITED = "awaited", "sans réponse"
        COMING = "coming", "sera présente"
        EXCUSED = "excused", "excusée"

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="guests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    answer = models.CharField(
        "réponse", max_length=8, choices=Answer.choices, default=Answer.AWAITED
    )
    came = models.BooleanField("présente", null=True, blank=True)
    invited_at = models.DateTimeField("convoquée le", null=True, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation conviée"
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_is_asked_once", fields=["gathering", "organisation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_answer_display()}"


def new_nonce() -> str:
    """What makes the link of a registration impossible to guess, beside the key."""
    return secrets.token_urlsafe(12)


class RegistrationQuerySet(GuardedQuerySet["Registration"]):
    policy = access.REGISTRATION


class Registration(models.Model):
    """Somebody who will come, or waits for a seat. Name and address are in a row of their own."""

    class State(models.TextChoices):
        SEATED = "seated", "inscrit"
        WAITING = "waiting", "en attente"
        WITHDRAWN = "withdrawn", "retiré"

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="registrations")
    state = models.CharField("état", max_length=10, choices=State.choices)
    rank = models.PositiveIntegerField("rang")  # in the order in which people came
    at = models.DateTimeField("inscrit le")
    nonce = models.CharField(max_length=24, default=new_nonce)
    came = models.BooleanField("présent", null=True, blank=True)
    # Whether their opinion was given; which one, nothing tells.
    evaluated = models.BooleanField("avis donné", default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["rank"]
        indexes = [
            models.Index(name="registrations_in_order", fields=["gathering", "state", "rank"])
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_rank_is_given_once_in_a_gathering", fields=["gathering", "rank"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} · {self.rank}"


def registration_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("gatherings", "registration").version


class RegistrationContact(models.Model):
    """How to reach somebody who registered; erased thirty days after the gathering."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, primary_key=True, related_name="contact"
    )
    name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    language = models.CharField(
        "langue", max_length=8, default="fr"
    )  # in which they are written to
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=registration_text)

    class Meta:
        verbose_name = "coordonnées d’un inscrit"
        constraints = [
            models.CheckConstraint(
                name="a_registration_can_be_answered",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            )
        ]

    def __str__(self) -> str:
        return str(self.registration_id)


class Evaluation(models.Model):
    """What one person thought of a gathering. No name, no registration, no hour: nothing
    tells who."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="evaluations")
    # By the code of the question, from 1 (no) to 4 (yes, entirely): see evaluating.py.
    answers = models.JSONField("réponses", default=dict, blank=True)
    words = models.TextField("en quelques mots", blank=True, max_length=1000)
    on = models.DateField("donné le")

    class Meta:
        verbose_name = "avis sur un rendez-vous"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_evaluation_says_something",
                condition=~Q(answers={}) | ~Q(words=""),
                violation_error_message="Répondez à une question au moins.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id}, {self.on:%d/%m/%Y}"


KEPT_AFTER = timedelta(days=30)
