"""Booklets of sheets that somebody asked for: one file, kept a day."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.urls import reverse

TOKEN = 24  # bytes of chance in the address of a booklet


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN)


class Booklet(models.Model):
    """A choice of published sheets made into one PDF. Nobody is named: who has the address has it,
    and all that is in it may be read by everybody."""

    class State(models.TextChoices):
        WAITING = "waiting", "en préparation"
        MADE = "made", "prêt"
        FAILED = "failed", "pas fait"

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    title = models.CharField("titre", max_length=120)
    sheets = models.JSONField("fiches, dans l’ordre", default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField("demandé le", db_index=True)
    made_at = models.DateTimeField("fait le", null=True)
    held = models.PositiveSmallIntegerField("fiches qu’il contient", default=0)
    file = models.FileField(upload_to="booklets/", blank=True)

    class Meta:
        verbose_name = "livret"
        constraints = [
            models.CheckConstraint(
                name="a_booklet_that_is_made_has_its_file",
                condition=~models.Q(state="made") | ~models.Q(file=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is waited for, then downloaded."""
        return reverse("toolbox:booklet_made", args=[self.token])

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Take the file away with it."""
        if self.file:
            self.file.delete(save=False)
        return super().delete(*args, **kwargs)
