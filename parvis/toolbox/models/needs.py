"""What members of the network ask to be trained in, and who asks for it too."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.toolbox import after_access as access
from parvis.upkeep.models import Theme


class NeedQuerySet(GuardedQuerySet["Need"]):
    policy = access.NEED


class Need(models.Model):
    """A subject that organisations ask a course about; each of them is one of its voices."""

    class State(models.TextChoices):
        OPEN = "open", "en attente"
        ANSWERED = "answered", "formation trouvée"
        CLOSED = "closed", "sans suite"

    title = models.CharField("sujet", max_length=140)
    words = models.TextField("ce qui est attendu", blank=True, max_length=2000)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thème"
    )
    # A code of the labels « pour qui » of sheets.
    public = models.SlugField("pour qui", max_length=30, blank=True)
    wanted = models.CharField("quand", max_length=120, blank=True)
    # Who asked first, and the agglomération whose coordination answers.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coordination = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField("raison", max_length=300, blank=True)
    at = models.DateTimeField("demandé le")

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin de formation"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(name="needs_put_to_a_coordination", fields=["coordination", "-at", "-id"])
        ]
        constraints = [
            models.CheckConstraint(
                name="a_need_without_follow_up_says_why",
                condition=Q(state="closed") & ~Q(reason="") | ~Q(state="closed") & Q(reason=""),
                violation_error_message="Dites pourquoi la demande reste sans suite.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class NeedVoice(models.Model):
    """One organisation asks for it, for so many of its people."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="voices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField("personnes concernées")
    words = models.CharField("précision", max_length=300, blank=True)
    # Who is told what becomes of it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("demandé le")

    class Meta:
        verbose_name = "voix pour un besoin"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_asks_once_for_a_need",
                fields=["need", "organisation"],
                violation_error_message="Votre organisation l’a déjà demandé.",
            ),
            models.CheckConstraint(
                name="a_need_concerns_somebody",
                condition=Q(people__gt=0),
                violation_error_message="Donnez au moins une personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.people}"
