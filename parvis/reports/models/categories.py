"""What a resident may report."""

from __future__ import annotations

from django.db import models


class Category(models.Model):
    """What a resident may report; loaded from data/categories.toml."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("nom", max_length=120)
    hint = models.CharField("précision", max_length=200, blank=True)
    icon = models.CharField("icône", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    theme_code = models.SlugField("thème", max_length=40)
    # [{"code": ..., "label": ..., "choices": [...] or absent for free text, "required": bool}]
    questions = models.JSONField("questions", default=list, blank=True)
    delay_days = models.PositiveSmallIntegerField("délai, en jours ouvrés", default=10)
    may_be_public = models.BooleanField("peut être public", default=True)
    # Code of the "stop" message shown first (danger, gas, fire), in data/stops.toml; empty: none.
    stop = models.CharField("avertissement", max_length=20, blank=True)
    inside_only = models.BooleanField("seulement dans une résidence", default=False)
    # Concerns one dwelling: seen by its landlord alone, or sent to the landlord's own desk.
    in_dwelling = models.BooleanField("dans un logement", default=False)
    wreck = models.BooleanField("épave", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "catégorie"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label
