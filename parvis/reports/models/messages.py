"""Words about a report: those that are exchanged, and the notes that partners keep among them."""

from __future__ import annotations

from django.db import models

from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import word_access as access
from parvis.reports.models.parts import Part
from parvis.reports.models.reports import Report
from parvis.reports.models.voices import Voice


class MessageQuerySet(GuardedQuerySet["Message"]):
    policy = access.MESSAGE


class Message(models.Model):
    """A word between those who spoke and those who answer. An organisation's answer is shown at
    once; what a resident writes is shown to the public once reviewed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="messages")
    voice = models.ForeignKey(
        Voice, models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # The part that this word closed, if it did.
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="messages")
    text = models.TextField("message", max_length=2000)
    at = models.DateTimeField()
    shown = models.BooleanField("montré", default=False)
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class NoteQuerySet(GuardedQuerySet["Note"]):
    policy = access.NOTE


class Note(models.Model):
    """An internal note: partners who share the report read it, nobody else ever does."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField("note", max_length=2000)
    at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note interne"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"
