"""Proofs of work, each accepted once."""

from __future__ import annotations

from django.db import models


class SpentChallenge(models.Model):
    """A proof of work that was accepted: it is not taken a second time."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="challenges_by_end", fields=["expires_at"])]

    def __str__(self) -> str:
        return self.digest[:8]
