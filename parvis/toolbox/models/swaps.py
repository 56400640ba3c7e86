"""Sheets exchanged with other territories: packages received, keys known, feeds followed."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import swap_access as access
from parvis.toolbox.models.sheets import Sheet


def package_name(package: Any, name: str) -> str:
    """A name that nobody gave: what the sender called the file is not kept."""
    return f"packages/{secrets.token_hex(16)}.zip"


class KnownKey(models.Model):
    """The key of another installation, taken as its own by the coordination that confirmed it."""

    coordination = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    key = models.CharField("clé publique", max_length=64)
    name = models.CharField("installation", max_length=200)
    url = models.URLField("adresse", blank=True)
    since = models.DateTimeField("connue depuis le")

    class Meta:
        verbose_name = "clé d’une autre installation"
        constraints = [
            models.UniqueConstraint(
                name="a_coordination_knows_a_key_once", fields=["coordination", "key"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class PackageQuerySet(GuardedQuerySet["Package"]):
    policy = access.PACKAGE


class Package(models.Model):
    """A sheet received from another territory: checked, then made a draft, or erased after a day.

    Once it is a draft only this line stays, which tells when it comes a second time.
    """

    coordination = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    file = models.FileField(upload_to=package_name, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    title = models.CharField("titre", max_length=255)
    url = models.URLField("adresse d’origine", blank=True)
    received_at = models.DateTimeField("reçu le")
    sheet = models.ForeignKey(
        Sheet, models.SET_NULL, null=True, related_name="+", verbose_name="brouillon"
    )
    imported_at = models.DateTimeField("devenu brouillon le", null=True)

    objects: ClassVar = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = "paquet reçu"
        constraints = [
            models.CheckConstraint(
                name="a_package_waits_with_its_file",
                condition=~Q(file="") | Q(imported_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(name="package_by_arrival", fields=["coordination", "-received_at"]),
            models.Index(name="package_by_origin", fields=["coordination", "url"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is read before it becomes a draft."""
        return reverse("toolbox:swap_package", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Take the file away with it."""
        if self.file:
            self.file.delete(save=False)
        return super().delete(*args, **kwargs)


class FeedQuerySet(GuardedQuerySet["Feed"]):
    policy = access.FEED


class Feed(models.Model):
    """The news of another territory's toolbox, read each day."""

    coordination = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField("territoire", max_length=120)
    url = models.URLField("adresse du fil", max_length=300)
    added_at = models.DateTimeField("suivi depuis le")
    read_at = models.DateTimeField("lu le", null=True)
    trouble = models.CharField("ce qui empêche de le lire", max_length=200, blank=True)

    objects: ClassVar = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = "fil suivi"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_coordination_follows_a_feed_once",
                fields=["coordination", "url"],
                violation_error_message="Vous suivez déjà ce fil.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FeedEntry(models.Model):
    """A sheet that another territory announces; only its title and its address are kept."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="entries")
    key = models.CharField("identifiant", max_length=300)
    title = models.CharField("titre", max_length=255)
    url = models.URLField("adresse", max_length=300)
    at = models.DateTimeField("publiée le")

    class Meta:
        verbose_name = "fiche annoncée par un autre territoire"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="a_feed_announces_a_sheet_once", fields=["feed", "key"])
        ]
        indexes = [models.Index(name="feed_entry_by_day", fields=["-at", "-id"])]

    def __str__(self) -> str:
        return self.title
