"""Those who spoke on a report."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from parvis.reports.models.reports import Report


class Voice(models.Model):
    """One person who spoke on a report: its author, or one who said "moi aussi"."""

    class Kind(models.TextChoices):
        AUTHOR = "author", "a signalé"
        ALSO = "also", "moi aussi"

    class Says(models.TextChoices):
        SETTLED = "settled", gettext_noop("c’est réglé")
        NOT_YET = "not_yet", gettext_noop("pas encore")

    report = models.ForeignKey(Report, models.CASCADE, related_name="voices")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.AUTHOR)
    nonce = models.CharField(max_length=22)  # links and codes are made from it and the secret key
    at = models.DateTimeField()
    says = models.CharField(max_length=8, choices=Says.choices, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # When the receipt was put in the outbox; empty: the next follow-up does it.
    greeted_at = models.DateTimeField(null=True, blank=True)
    # Made by the browser: the same sending, come twice, is one voice.
    sent_as = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = "voix"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(name="voices_to_greet", fields=["at"], condition=Q(greeted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.get_kind_display()}"
