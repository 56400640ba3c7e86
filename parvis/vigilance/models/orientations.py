"""An orientation, what is secret in it, the agreement it stands on, and its log.

The row itself names nobody: codes, days and organisations. Name, telephone and words lie sealed in
a row of their own, so that erasing is deleting one row. The log is written, never changed.
"""

from __future__ import annotations

import secrets
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier
from parvis.vigilance import access
from parvis.vigilance.catalogue import labels
from parvis.vigilance.models.doors import SupportDoor
from parvis.vigilance.workflow import State

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: read aloud on the telephone


def new_code() -> str:
    """What both services say on the telephone instead of a name: "K7QX-M2RT"."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


class OrientationQuerySet(GuardedQuerySet["Orientation"]):
    policy = access.ORIENTATION

    def to_answer(self) -> OrientationQuerySet:
        """Sent, and neither accepted, refused nor emptied yet."""
        return self.filter(state=State.SENT, erased_at=None)

    def under_way(self) -> OrientationQuerySet:
        """Accepted, with no outcome yet."""
        return self.filter(state=State.ACCEPTED)

    def late(self, on: date) -> OrientationQuerySet:
        """Those that a service should have answered before that day."""
        return self.to_answer().filter(answer_due_on__lt=on)

    def with_content(self) -> OrientationQuerySet:
        """Those whose secret was not erased."""
        kept = OrientationSecret.objects.filter(orientation_id=models.OuterRef("pk"))
        return self.filter(models.Exists(kept))


class Orientation(models.Model):
    """That a household was oriented towards a door. Who and why: `OrientationSecret`."""

    code = models.CharField(max_length=9, unique=True, default=new_code)
    sender = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sender_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    door = models.ForeignKey(SupportDoor, models.PROTECT, related_name="orientations")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True, blank=True, related_name="+")
    need = models.CharField("besoin", max_length=20, choices=labels("need"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    written_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=20, choices=labels("refusal"), blank=True)
    first_contact_on = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=labels("outcome"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Reminders since it was sent to this door: to who receives, then to their organisation.
    chases = models.PositiveSmallIntegerField(default=0)
    chased_at = models.DateTimeField(null=True, blank=True)
    erase_on = models.DateField(null=True, blank=True)  # the last day on which the secret is kept
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = OrientationQuerySet.as_manager()

    class Meta:
        verbose_name = "orientation"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_orientation_is_sent_once_it_left_its_draft",
                condition=Q(state__in=(State.DRAFT, State.WITHDRAWN)) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_closed_orientation_has_an_outcome",
                condition=Q(outcome="") | Q(state=State.CLOSED),
            ),
            models.CheckConstraint(
                name="only_a_refused_orientation_has_a_refusal",
                condition=Q(refusal="") | Q(state=State.REFUSED),
            ),
            models.CheckConstraint(
                name="the_last_contact_follows_the_first",
                condition=Q(last_contact_on=None) | Q(last_contact_on__gte=F("first_contact_on")),
                violation_error_message="Le dernier contact précède le premier.",
            ),
        ]
        indexes = [
            models.Index(name="orientations_of_a_sender", fields=["sender", "-written_at"]),
            models.Index(name="orientations_of_a_door", fields=["door", "state", "-sent_at"]),
            models.Index(name="orientations_counted", fields=["commune", "sent_at"]),
            models.Index(
                name="orientations_to_chase",
                fields=["answer_due_on"],
                condition=Q(state=State.SENT),
            ),
            models.Index(
                name="orientations_to_erase", fields=["erase_on"], condition=Q(erased_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_late(self, on: date) -> bool:
        """Whether the service should have answered by now."""
        due = self.answer_due_on
        waits = self.state == State.SENT and self.erased_at is None
        return waits and due is not None and due < on


class OrientationSecretQuerySet(GuardedQuerySet["OrientationSecret"]):
    policy = access.SECRET


class OrientationSecret(models.Model):
    """Name, telephone, when to call and words of the person, sealed (`sealing.seal`)."""

    orientation = models.OneToOneField(
        Orientation, models.CASCADE, primary_key=True, related_name="secret"
    )
    sealed = models.BinaryField()

    objects = OrientationSecretQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.orientation_id)


class SpokenAgreement(models.Model):
    """How and when the person agreed, to which words; a safeguard, not the legal basis."""

    orientation = models.OneToOneField(
        Orientation, models.CASCADE, primary_key=True, related_name="agreement"
    )
    how = models.CharField("comment", max_length=20, choices=labels("how"))
    given_on = models.DateField("donné le")
    text_version = models.PositiveSmallIntegerField()
    # Whether the service may pass the request on to another door of the list.
    may_be_redirected = models.BooleanField("peut être transmise à un autre service", default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.orientation_id)


class EntryQuerySet(GuardedQuerySet["Entry"]):
    policy = access.ENTRY


class Entry(models.Model):
    """One line of the log of an orientation: what was done, or read, by whom, when, and why."""

    class Code(models.TextChoices):
        WRITTEN = "written", "écrite"
        SENT = "sent", "envoyée"
        READ = "read", "lue"
        GLASS_BROKEN = "glass_broken", "lue en urgence"
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"
        REDIRECTED = "redirected", "transmise à un autre service"
        CONTACTED = "contacted", "contact noté"
        CLOSED = "closed", "terminée"
        CHASED = "chased", "relance envoyée"
        WITHDRAWN = "withdrawn", "accord retiré"
        ERASED = "erased", "contenu effacé"

    orientation = models.ForeignKey(Orientation, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=12, choices=Code.choices)
    at = models.DateTimeField(default=timezone.now)
    # Nobody: it happened by itself. Who left the site keeps their organisation here.
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    door = models.ForeignKey(SupportDoor, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # of a reading out of turn; no name in it

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reading_out_of_turn_has_a_reason",
                condition=~Q(code="glass_broken") | ~Q(reason=""),
                violation_error_message="Dites pourquoi.",
            )
        ]
        indexes = [models.Index(name="entries_of_an_orientation", fields=["orientation", "at"])]

    def __str__(self) -> str:
        return f"{self.orientation_id} · {self.code}"
