"""How those who spoke are told, where they live, and whom to call.

Personal data (`Contact`, `PrivatePlace`) live in tables of their own, without history; reports may
be kept and counted after they are erased.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.notices.consents import current
from parvis.partners.models import User
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import contact_access as access
from parvis.reports.models.reports import Report
from parvis.reports.models.voices import Voice


class ContactQuerySet(GuardedQuerySet["Contact"]):
    policy = access.CONTACT


def contact_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("reports", "contact").version


class Contact(models.Model):
    """How to tell a person. Personal: erased on request, or a set time after closing."""

    voice = models.OneToOneField(Voice, models.CASCADE, primary_key=True, related_name="contact")
    report = models.ForeignKey(Report, models.CASCADE, related_name="contacts")
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    language = models.CharField(
        "langue", max_length=8, default="fr"
    )  # in which they are written to
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=contact_text)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "coordonnées"
        constraints = [
            models.CheckConstraint(
                name="contact_has_an_address",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            )
        ]
        indexes = [
            # Who writes a text message is known by its number.
            models.Index(name="contacts_by_phone", fields=["phone"], condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return f"coordonnées {self.pk}"


class PrivatePlaceQuerySet(GuardedQuerySet["PrivatePlace"]):
    policy = access.CONTACT


class PrivatePlace(models.Model):
    """The dwelling that a report concerns. Personal, erased with the contacts."""

    report = models.OneToOneField(
        Report, models.CASCADE, primary_key=True, related_name="private_place"
    )
    dwelling = models.CharField("numéro de logement", max_length=40)

    objects = PrivatePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "logement"

    def __str__(self) -> str:
        return f"logement {self.pk}"


class CallbackQuerySet(GuardedQuerySet["Callback"]):
    policy = access.CALLBACK


class Callback(models.Model):
    """A person who left a phone only and must be called (or written to): the list "à rappeler"."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="callbacks")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="callbacks")
    why = models.CharField(max_length=40)  # code of the event they must be told
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à passer"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_person_is_called_once_at_a_time",
                fields=["voice"],
                condition=Q(done_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"appel {self.pk}"
