"""Links between things of any room, and the events that happened to them.

A thing is named by its kind's code and its id ("report", 12): no foreign key crosses rooms here.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from parvis.partners.models import Organisation, User


class Link(models.Model):
    """From what gives rise to what arises; anything "because of" is a link and nothing else."""

    kind = models.CharField(max_length=20, default="gives_rise")
    source_kind = models.CharField(max_length=24)
    source_id = models.BigIntegerField()
    target_kind = models.CharField(max_length=24)
    target_id = models.BigIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="two_things_are_linked_once_in_a_way",
                fields=["source_kind", "source_id", "target_kind", "target_id", "kind"],
            ),
            models.CheckConstraint(
                name="a_thing_does_not_lead_to_itself",
                condition=~models.Q(
                    source_kind=models.F("target_kind"), source_id=models.F("target_id")
                ),
                violation_error_message="Un élément ne peut pas être lié à lui-même.",
            ),
        ]
        indexes = [
            models.Index(
                name="links_backwards",
                fields=["target_kind", "target_id", "source_kind", "source_id"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id} → {self.target_kind} {self.target_id}"


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or to delete what happened."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **values: Any) -> int:
        raise AppendOnlyError("an event is never changed: record another one")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("an event is never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError("an event is never changed: record another one")


class Event(models.Model):
    """What happened to a thing: a code, old and new values, never a personal value. Append-only."""

    thing_kind = models.CharField(max_length=24)
    thing_id = models.BigIntegerField()
    code = models.CharField(max_length=40)
    old = models.CharField(max_length=60, blank=True)
    new = models.CharField(max_length=60, blank=True)
    # The person may be forgotten (their account deleted); what happened stays.
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # Whom the act was done for (the mandate's organisation) and whom it concerns.
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    concerns = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whether anybody who may see the thing may read this event; otherwise partners alone do.
    public = models.BooleanField(default=True)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="events_of_a_thing", fields=["thing_kind", "thing_id", "at"]),
            models.Index(name="events_since", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.thing_kind} {self.thing_id}: {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event; an event that stands is never written again."""
        if not self._state.adding:
            raise AppendOnlyError("an event is never changed: record another one")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: what happened stays."""
        raise AppendOnlyError("an event is never deleted")
