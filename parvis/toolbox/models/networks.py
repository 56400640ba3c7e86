"""The directory of the network: what a structure does, and who agreed to be found in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.notices.consents import current
from parvis.partners.models import Mandate, Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Quartier
from parvis.search.words import words_of
from parvis.toolbox import network_access as access
from parvis.toolbox.models.sheets import Label
from parvis.upkeep.models import Theme


class Findable(models.Model):
    """Something found by its words: they stand folded beside it, and go away with it."""

    words = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def keep_words(self, *texts: str) -> None:
        """Keep these texts as they are looked for: each word once, without accents or case."""
        self.words = " ".join(sorted(set(words_of(" ".join(texts)))))


def holding(asked: str) -> Q:
    """The rows that hold every one of these words, by its beginning or its middle."""
    found = Q()
    for word in words_of(asked)[:8]:
        found &= Q(words__contains=word)
    return found


class StructureCardQuerySet(GuardedQuerySet["StructureCard"]):
    policy = access.STRUCTURE


class StructureCard(Findable):
    """What an organisation does in GUP, for whom and where. How to reach its service is written
    on the organisation itself."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="structure_card", editable=False
    )
    doing = models.CharField("ce que fait la structure", max_length=300)
    presentation = models.TextField("présentation", blank=True, max_length=3000)
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thèmes")
    publics = models.ManyToManyField(Label, blank=True, related_name="+", verbose_name="publics")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    changed_at = models.DateTimeField("modifiée le")

    objects = StructureCardQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche d’une structure"
        constraints = [
            models.CheckConstraint(
                name="a_structure_says_what_it_does",
                condition=~Q(doing=""),
                violation_error_message="Dites en une phrase ce que fait la structure.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class DirectoryEntryQuerySet(GuardedQuerySet["DirectoryEntry"]):
    policy = access.ENTRY

    def past(self, before: datetime) -> Any:
        """Those whose mandate or organisation ended before that moment, or whose person closed
        their account."""
        day = timezone.localdate(before)
        ended = Q(mandate__ends_on__lt=day) | Q(mandate__cut_short_at__lt=before)
        closed = Q(mandate__organisation__closed_on__lt=day)
        return self.filter(ended | closed | Q(mandate__person__is_active=False))


def directory_text() -> int:
    """The version of the text that is shown today to who is asked."""
    return current("toolbox", "directory").version


class DirectoryEntry(Findable):
    """A person who agreed to be found, for one mandate. It shows as long as the mandate runs; its
    row is erased some days after."""

    class Shown(models.TextChoices):
        PARTNERS = "partners", "aux partenaires du réseau"
        EVERYBODY = "everybody", "à tout le monde"

    mandate = models.OneToOneField(Mandate, models.CASCADE, related_name="+", editable=False)
    # The agglomération whose network it is.
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    shown = models.CharField("montrée", max_length=10, choices=Shown.choices)
    function = models.CharField("fonction", max_length=120)
    help = models.TextField("peut aider pour", blank=True, max_length=600)
    email = models.EmailField("adresse professionnelle", blank=True)
    phone = models.CharField("téléphone professionnel", max_length=20, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thèmes")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    agreed_at = models.DateTimeField("accord donné le")
    consent_version = models.PositiveSmallIntegerField("texte accepté", default=directory_text)

    objects = DirectoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à l’annuaire"
        constraints = [
            models.CheckConstraint(
                name="who_is_found_says_their_function",
                condition=~Q(function=""),
                violation_error_message="Dites quelle est votre fonction.",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
