"""The directory of doors: who helps, where, with what, and who opens what is sent there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.partners.models import Mandate, Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune
from parvis.vigilance import access
from parvis.vigilance.catalogue import door_kinds, needs


def check_needs(codes: Any) -> None:
    """Codes of the list of needs, each once; ValidationError otherwise."""
    if not isinstance(codes, list) or len(set(codes)) != len(codes) or set(codes) - set(needs()):
        raise ValidationError("Choisissez dans la liste ce que ce service prend en charge.")


def _acting(day: date) -> Any:
    """Mandates in force that day, of organisations that have not closed."""
    there = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=day)
    return Mandate.objects.in_force(day).filter(there)


class SupportDoorQuerySet(GuardedQuerySet["SupportDoor"]):
    policy = access.DOOR

    def open_on(self, day: date) -> SupportDoorQuerySet:
        """Doors that are open to people that day."""
        return self.filter(
            Q(opens_on=None) | Q(opens_on__lte=day), Q(closes_on=None) | Q(closes_on__gte=day)
        )

    def serving(self, commune_id: int) -> SupportDoorQuerySet:
        """Doors to which those who live in this commune may turn."""
        served = SupportDoor.communes.through.objects.filter(
            supportdoor_id=models.OuterRef("pk"), commune_id=commune_id
        )
        return self.filter(models.Exists(served))

    def receiving(self, day: date) -> SupportDoorQuerySet:
        """Doors where somebody opens what is sent through this site."""
        in_force = _acting(day).filter(organisation_id=models.OuterRef("door__organisation_id"))
        named = Receiver.objects.filter(
            models.Exists(in_force.filter(pk=models.OuterRef("mandate_id"))),
            door_id=models.OuterRef("pk"),
            ended_at=None,
        )
        return self.filter(models.Exists(named))


class SupportDoor(models.Model):
    """A service to which a household may turn, free and without obligation."""

    kind = models.CharField(
        "nature", max_length=20, choices=[(one.code, one.label) for one in door_kinds().values()]
    )
    name = models.CharField("nom", max_length=160)
    # The organisation that keeps it: it corrects its lines and names who opens orientations.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="support_doors"
    )
    communes = models.ManyToManyField(
        Commune, related_name="support_doors", verbose_name="communes"
    )
    takes = models.JSONField("prend en charge", default=list, validators=[check_needs])
    what = models.TextField("ce qu’il fait", max_length=600, blank=True)
    hours = models.CharField("horaires", max_length=300, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse du service", blank=True)
    website = models.URLField("site", blank=True)
    to_bring = models.TextField("ce qu’il faut apporter", max_length=400, blank=True)
    conditions = models.TextField("à savoir", max_length=400, blank=True)
    # Days in which the service answers, by its own word; a reminder leaves after them.
    answers_within_days = models.PositiveSmallIntegerField("répond sous (jours)", default=7)
    kept_for_days = models.PositiveSmallIntegerField(
        "conserve après le dernier contact (jours)", default=730
    )
    opens_on = models.DateField("ouvre le", null=True, blank=True)
    closes_on = models.DateField("ferme le", null=True, blank=True)
    checked_on = models.DateField("vérifié le", null=True, blank=True)

    objects = SupportDoorQuerySet.as_manager()

    class Meta:
        verbose_name = "porte"
        verbose_name_plural = "portes"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_door_closes_after_it_opens",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                violation_error_message="La fermeture précède l’ouverture.",
            ),
            models.CheckConstraint(
                name="a_door_keeps_two_years_at_most",
                condition=Q(kept_for_days__gte=30, kept_for_days__lte=730),
                violation_error_message=(
                    "La durée de conservation va de 30 jours à deux ans (730 jours)."
                ),
            ),
            models.CheckConstraint(
                name="a_door_answers_within_two_months",
                condition=Q(answers_within_days__gte=1, answers_within_days__lte=60),
                violation_error_message="Le délai de réponse va de 1 à 60 jours.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def does(self) -> str:
        """What it does, in its own words or those of its kind."""
        kind = door_kinds().get(self.kind)
        return self.what or (kind.does if kind else "")


class ReceiverQuerySet(GuardedQuerySet["Receiver"]):
    policy = access.RECEIVER

    def in_force(self, day: date) -> ReceiverQuerySet:
        """Named, not ended, and whose mandate in the organisation of the door runs that day."""
        running = _acting(day).filter(
            pk=models.OuterRef("mandate_id"),
            organisation_id=models.OuterRef("door__organisation_id"),
        )
        return self.filter(models.Exists(running), ended_at=None)


class Receiver(models.Model):
    """A person who opens what is sent to a door, by a mandate of hers in its organisation."""

    door = models.ForeignKey(SupportDoor, models.CASCADE, related_name="receivers")
    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="+")
    named_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReceiverQuerySet.as_manager()

    class Meta:
        verbose_name = "destinataire"
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_mandate_receives_once_at_a_door",
                fields=["door", "mandate"],
                condition=Q(ended_at=None),
                violation_error_message="Cette personne reçoit déjà les orientations ici.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.door_id} · {self.mandate_id}"
