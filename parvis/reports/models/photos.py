"""Pictures of a report, before and after."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import word_access as access
from parvis.reports.models.reports import Report
from parvis.reports.models.voices import Voice


class PhotoQuerySet(GuardedQuerySet["Photo"]):
    policy = access.PHOTO


class Photo(models.Model):
    """A cleaned picture: pixels only, no metadata; shown to the public once reviewed."""

    class Moment(models.TextChoices):
        BEFORE = "before", gettext_noop("avant")
        AFTER = "after", gettext_noop("après")

    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    voice = models.ForeignKey(Voice, models.SET_NULL, null=True, blank=True, related_name="photos")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.BEFORE)
    file = models.FileField(upload_to="photos/%Y/%m/")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    at = models.DateTimeField()
    shown = models.BooleanField("montrée", default=False)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)
    # Raised when a part is blacked out: the picture is drawn anew and the old one deleted.
    version = models.PositiveSmallIntegerField(default=1)
    # The photo "before" that this one answers.
    answers = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name="photo d’avant",
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="photo_is_shown_only_once_reviewed",
                condition=Q(shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Une photo n’est montrée qu’après relecture.",
            )
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"

    @property
    def stamp(self) -> str:
        """What its addresses end with, so that no page shows an older picture of it."""
        return f"?v={self.version}"
