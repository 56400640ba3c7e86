"""Who read how to reach a resident."""

from __future__ import annotations

from django.db import models

from parvis.partners import access
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet


class PersonalReadingQuerySet(GuardedQuerySet["PersonalReading"]):
    policy = access.READING


class PersonalReading(models.Model):
    """That somebody, for an organisation, had a person's contact shown. It names the thing that
    the contact hangs from, and never the person nor what was read."""

    class How(models.TextChoices):
        PAGE = "page", "à l’écran"
        PRINT = "print", "imprimé"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    # Empty once that person was forgotten: the organisation still answers for the reading.
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=40)  # the code of a `Holding`: "voice"
    thing_id = models.PositiveBigIntegerField()
    about = models.CharField("à propos de", max_length=120)  # "signalement 26-000012"
    how = models.CharField("comment", max_length=8, choices=How.choices, default=How.PAGE)
    at = models.DateTimeField("le")

    objects = PersonalReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture de coordonnées"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(name="readings_of_an_organisation", fields=["organisation", "-at"]),
            models.Index(name="readings_of_a_thing", fields=["kind", "thing_id"]),
            models.Index(name="readings_by_age", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}, {self.at:%d/%m/%Y}"
