"""What each organisation owes to a report, and the days that do not count in its delay."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import part_access as access
from parvis.reports.models.commitments import Commitment
from parvis.reports.models.reports import Report
from parvis.reports.workflow import CLOSED, State


class PartQuerySet(GuardedQuerySet["Part"]):
    policy = access.PART


class Part(models.Model):
    """What one organisation owes to a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="parts")
    # Nobody answers for the place yet: the coordination's list "sans gestionnaire".
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="organisation",
    )
    title = models.CharField("sa part", max_length=160, blank=True)
    state = models.CharField("état", max_length=12, choices=State.choices, default=State.NEW)
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="parts")
    due_on = models.DateField("pour le")
    reason = models.CharField("raison", max_length=300, blank=True)
    # The owner's own: claim or work order, and the firm that was called.
    own_number = models.CharField("numéro chez l’organisation", max_length=60, blank=True)
    firm = models.CharField("entreprise appelée", max_length=120, blank=True)
    created_at = models.DateTimeField()
    # Its delay is counted anew from that day: given to another, reopened. Empty: from its creation.
    restarted_on = models.DateField(null=True, blank=True)
    # The published delay that its day was counted with; empty: the category's, or a day chosen.
    commitment = models.ForeignKey(
        Commitment, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    # When the organisation's service was told of this part; empty: the next follow-up tells it.
    told_at = models.DateTimeField(null=True, blank=True)
    chased_on = models.DateField("relancée le", null=True, blank=True)
    # What the last step replaced, for as long as it may be undone.
    moved_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "part"
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                name="parts_of_an_organisation", fields=["organisation", "state", "due_on"]
            ),
            models.Index(name="parts_of_a_report", fields=["report", "organisation"]),
            models.Index(name="parts_due", fields=["due_on"], condition=~Q(state__in=CLOSED)),
            models.Index(name="parts_to_tell", fields=["created_at"], condition=Q(told_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="an_organisation_has_one_open_part",
                fields=["report", "organisation"],
                condition=~Q(state__in=CLOSED),
                violation_error_message=(
                    "Cette organisation a déjà une part ouverte de ce signalement."
                ),
            ),
            models.CheckConstraint(
                name="part_dropped_gives_a_reason",
                condition=~Q(state=State.DROPPED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cette part reste sans suite.",
            ),
            models.CheckConstraint(
                name="part_is_closed_with_a_date",
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at=None)),
                violation_error_message=(
                    "Une part close porte une date de clôture, une part ouverte aucune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.organisation or 'sans gestionnaire'}"


class Pause(models.Model):
    """Days that do not count in a part's delay: the part is due as many working days later."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="pauses")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")  # that day included
    due_before = models.DateField()  # the day that the part was due without this pause
    reason = models.CharField("raison", max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "pause"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin de la pause précède son début.",
            ),
            models.CheckConstraint(
                name="pause_gives_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette part est en pause.",
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"
