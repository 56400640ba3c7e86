"""A report, as it was told, and that it was united with another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Building, Commune, Entrance, Inside, Quartier, Residence
from parvis.reports import report_access as access
from parvis.reports.models.categories import Category
from parvis.reports.models.routes import Way
from parvis.reports.workflow import CLOSED, State


class Channel(models.TextChoices):
    """How a report reached us."""

    WEB = "web", "en ligne"
    PHONE = "phone", "par téléphone"
    DESK = "desk", "à l’accueil"
    DOOR = "door", "en porte-à-porte"
    FIELD = "field", "sur le terrain"


class ReportQuerySet(GuardedQuerySet["Report"]):
    policy = access.REPORT


class Report(models.Model):
    reference = models.CharField("référence", max_length=16, unique=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="reports", verbose_name="catégorie"
    )
    text = models.TextField("ce qui se passe", blank=True, max_length=2000)
    answers = models.JSONField("réponses aux questions", default=dict, blank=True)
    at = models.DateTimeField("signalé le")

    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Near an edge, or outside every known outline: a person looks before it is taken for sure.
    place_to_confirm = models.BooleanField("lieu à confirmer", default=False)
    place_label = models.CharField("lieu", max_length=240, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="reports")
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    building = models.ForeignKey(Building, models.SET_NULL, null=True, blank=True, related_name="+")
    entrance = models.ForeignKey(Entrance, models.SET_NULL, null=True, blank=True, related_name="+")
    inside = models.CharField("endroit", max_length=12, choices=Inside.choices, blank=True)
    # H3 cell (resolution 8) of the point, as a signed number: clusters of the city map.
    cell = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField("reçu", max_length=8, choices=Channel.choices, default=Channel.WEB)
    way = models.CharField("circuit", max_length=8, choices=Way.choices, default=Way.HERE)
    # Concerns one dwelling: never public, seen by its author and by those who have a part alone.
    private = models.BooleanField("dans un logement", default=False)
    # United with another report; those who spoke here are told through that one.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="réuni avec",
    )

    # Review: nothing that a person wrote is public before somebody has read it.
    public = models.BooleanField("public", default=False)
    text_shown = models.BooleanField("texte montré", default=False)
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    # Kept beside the parts and voices, in the same transaction, for lists and maps.
    state = models.CharField("état", max_length=12, choices=State.choices, default=State.NEW)
    due_on = models.DateField("attendu pour le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    voice_count = models.PositiveIntegerField("personnes", default=1)
    # Raised each time the report is reopened: each kind of news goes out once in a round.
    round = models.PositiveSmallIntegerField(default=1)
    # Which `CellCount` holds it ("cell/commune/family/state"); empty: none, it is not public.
    counted = models.CharField(max_length=80, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        indexes = [
            models.Index(name="reports_by_age", fields=["-at", "-id"]),
            models.Index(name="reports_by_state", fields=["state", "-at", "-id"]),
            models.Index(name="reports_of_a_commune", fields=["commune", "-at", "-id"]),
            models.Index(name="reports_on_the_map", fields=["latitude", "longitude"]),
            # All that a partner's city map reads, so that it never opens the reports themselves.
            models.Index(
                name="reports_by_cell",
                fields=[
                    "cell",
                    "state",
                    "commune",
                    "private",
                    "public",
                    "withdrawn_at",
                    "merged_into",
                    "id",  # their parts are asked for by it
                ],
            ),
            models.Index(name="reports_by_due_day", fields=["due_on", "-id"]),
            models.Index(name="reports_by_voices", fields=["-voice_count", "-id"]),
            models.Index(
                name="reports_to_review", fields=["commune", "at"], condition=Q(reviewed_at=None)
            ),
            models.Index(
                name="reports_closed",
                fields=["-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_is_public_only_once_reviewed",
                condition=Q(public=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Un signalement n’est public qu’après relecture.",
            ),
            models.CheckConstraint(
                name="report_text_is_shown_only_once_reviewed",
                condition=Q(text_shown=False) | Q(reviewed_at__isnull=False),
                violation_error_message="Un texte n’est montré qu’après relecture.",
            ),
            models.CheckConstraint(
                name="report_of_a_dwelling_is_never_public",
                condition=Q(private=False) | Q(public=False),
                violation_error_message=(
                    "Un signalement qui concerne un logement n’est jamais public."
                ),
            ),
            models.CheckConstraint(
                name="report_is_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("pk")),
                violation_error_message="Un signalement ne se réunit pas avec lui-même.",
            ),
            models.CheckConstraint(
                name="report_is_closed_with_a_date",
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at=None)),
                violation_error_message=(
                    "Un signalement clos porte une date de clôture, un signalement ouvert aucune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def home(self) -> Report:
        """Where it is handled: the report that it was united with, or itself."""
        return self.merged_into or self


class Merging(models.Model):
    """That a report was united with another: what to put back if they are taken apart."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="merging")
    at = models.DateTimeField("réuni le")
    # Ids of what the target took over, states of the parts that were closed; codes and ids only.
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = "réunion de signalements"

    def __str__(self) -> str:
        return f"réunion {self.pk}"
