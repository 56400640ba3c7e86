"""A walk, its stops, what is to be checked at each, and who does what. When and where is said by
its gathering; who is called, by the gathering's guests and registrations."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Residence
from parvis.walks import access
from parvis.walks.practice import StopKind, stop_kind


def new_nonce() -> str:
    """What makes the link for telephones impossible to guess; a new one closes the old link."""
    return secrets.token_urlsafe(12)


class WalkQuerySet(GuardedQuerySet["Walk"]):
    policy = access.WALK


class Walk(models.Model):
    """A diagnostic en marchant: people of several sides look at a quartier together."""

    gathering = models.OneToOneField(Gathering, models.PROTECT, related_name="+")
    purpose = models.TextField("ce que l’on veut regarder", blank=True, max_length=2000)
    # The walk whose findings this one looks at again.
    before = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name="diagnostic précédent",
    )
    # The way between the stops, as a GeoJSON LineString in degrees; empty: from stop to stop.
    route = models.JSONField("parcours", null=True, blank=True)
    # The codes of data/practice.toml that are ready.
    ready = models.JSONField("prêt", default=list, blank=True)
    nonce = models.CharField(max_length=24, default=new_nonce)
    convened_at = models.DateTimeField("convoqué le", null=True, blank=True)
    # What the group says together once back: the head of the account.
    summary = models.TextField("synthèse du groupe", blank=True, max_length=4000)
    sent_at = models.DateTimeField("compte rendu envoyé le", null=True, blank=True)
    published_at = models.DateTimeField("compte rendu publié le", null=True, blank=True)

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = "diagnostic en marchant"
        ordering = ["-gathering__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_walk_is_not_its_own_return",
                condition=Q(before=None) | ~Q(before=F("pk")),
                violation_error_message="Un diagnostic ne revient pas sur lui-même.",
            ),
            models.CheckConstraint(
                name="an_account_is_public_once_sent",
                condition=Q(published_at=None) | Q(sent_at__isnull=False),
                violation_error_message="Envoyez d’abord le compte rendu aux participants.",
            ),
        ]

    def __str__(self) -> str:
        return self.gathering.title

    @property
    def state(self) -> str:
        """cancelled, published, sent, walked (over, account owed), convened or prepared."""
        if self.gathering.cancelled_at:
            return "cancelled"
        if self.sent_at:
            return "published" if self.published_at else "sent"
        if self.gathering.ends_at < timezone.now():
            return "walked"
        return "convened" if self.convened_at else "prepared"


class Stop(models.Model):
    """One place where the group stops, with what is to be looked at there."""

    walk = models.ForeignKey(Walk, models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField("type d’arrêt", max_length=24)
    title = models.CharField("arrêt", max_length=120)
    note = models.TextField("à regarder", blank=True, max_length=1000)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    residence = models.ForeignKey(
        Residence,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="résidence",
    )
    # Its grid, taken from its type and changed here: [{"theme": ..., "label": ...}].
    looks = models.JSONField("grille", default=list, blank=True)

    class Meta:
        verbose_name = "arrêt d’un diagnostic"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_stop_has_a_whole_point_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def nature(self) -> StopKind:
        """Its type, with its words."""
        return stop_kind(self.kind)


class Check(models.Model):
    """A thing of the thread that is to be looked at from a stop."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="checks")
    thing_kind = models.CharField(max_length=24)
    thing_id = models.BigIntegerField()
    # For whom it is checked: what was seen returns to the thing in this organisation's name.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "point à vérifier"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_stop_checks_a_thing_once", fields=["stop", "thing_kind", "thing_id"]
            )
        ]
        indexes = [models.Index(name="checks_of_a_thing", fields=["thing_kind", "thing_id"])]

    def __str__(self) -> str:
        return f"{self.thing_kind} {self.thing_id}"

    @property
    def thing(self) -> tuple[str, int]:
        """The thing, as the thread names it."""
        return (self.thing_kind, self.thing_id)


class HeldRole(models.Model):
    """What a participant takes on: an organisation that is called, or somebody who registered."""

    walk = models.ForeignKey(Walk, models.CASCADE, related_name="roles")
    code = models.CharField("rôle", max_length=24)
    guest = models.ForeignKey(
        Guest, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="personne inscrite",
    )

    class Meta:
        verbose_name = "rôle tenu"
        ordering = ["code", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_role_is_held_by_one",
                condition=Q(guest=None, registration__isnull=False)
                | Q(guest__isnull=False, registration=None),
            ),
            models.UniqueConstraint(
                name="an_organisation_holds_a_role_once",
                fields=["walk", "code", "guest"],
                condition=Q(guest__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_person_holds_a_role_once",
                fields=["walk", "code", "registration"],
                condition=Q(registration__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.walk_id} · {self.code}"


class SentAccount(models.Model):
    """The account as it was sent to participants. Never changed: another sending is another row."""

    walk = models.ForeignKey(Walk, models.PROTECT, related_name="sent")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("contenu")
    at = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "compte rendu envoyé"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="an_account_has_one_row_for_each_sending", fields=["walk", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.walk_id}, version {self.number}"
