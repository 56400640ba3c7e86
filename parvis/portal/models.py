"""What the public door keeps of its own: the visits of people to their data, and what retention
erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from parvis.partners.rights import GuardedQuerySet
from parvis.portal import access

LINK_LASTS = timedelta(hours=1)
VISIT_LASTS = timedelta(minutes=30)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def past(self, now: datetime) -> Any:
        """Those that open nothing any more."""
        return self.filter(expires_at__lte=now)


class DataRequest(models.Model):
    """Somebody asked what is kept at an address: a link that opens once, the visit that it opened,
    and the code that an erasure waits for. The row goes within the day, whatever comes of it."""

    email = models.EmailField("adresse électronique")
    nonce = models.CharField(max_length=43, unique=True)  # digest of what the link carries
    asked_at = models.DateTimeField("demandé le")
    expires_at = models.DateTimeField("valable jusqu’au")
    opened_at = models.DateTimeField("ouvert le", null=True, blank=True)
    # What is to be erased once the code comes back: codes of holdings; and the code, hashed.
    scope = models.JSONField(default=list, blank=True)
    code = models.CharField(max_length=128, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # wrong codes in a row

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "visite de ses données"
        indexes = [models.Index(name="data_requests_by_end", fields=["expires_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_code_waits_in_an_opened_visit",
                condition=Q(code="") | Q(opened_at__isnull=False),
                violation_error_message="Ouvrez d’abord le lien reçu.",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RetentionRunQuerySet(GuardedQuerySet["RetentionRun"]):
    policy = access.RETENTION


class RetentionRun(models.Model):
    """That what had served was erased: when, what, how many rows. No personal value."""

    code = models.CharField("quoi", max_length=40)
    at = models.DateTimeField("le")
    erased = models.PositiveIntegerField("effacé", default=0)  # rows
    failed = models.CharField("échec", max_length=80, blank=True)  # the kind of error alone

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = "passage de la conservation"
        ordering = ["-at", "code"]
        indexes = [models.Index(name="retention_runs_by_code", fields=["code", "-at"])]

    def __str__(self) -> str:
        return f"{self.code}, {self.at:%d/%m/%Y} : {self.erased}"
