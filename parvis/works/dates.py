"""Planned and real dates: what state follows from them, and what contradicts itself in them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.ui.words import day_in_words


class State(models.TextChoices):
    UNDATED = "undated", "sans date"
    PLANNED = "planned", "à venir"
    RUNNING = "running", "en cours"
    ENDED = "ended", "terminé"


class Dated(models.Model):
    """Something planned between two days, that really began and ended on others.

    Real dates speak first; where there is none, the planned ones do.
    """

    starts_on = models.DateField("début prévu", null=True, blank=True)
    ends_on = models.DateField("fin prévue", null=True, blank=True)
    began_on = models.DateField("commencé le", null=True, blank=True)
    ended_on = models.DateField("terminé le", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def first_day(self) -> date | None:
        """The day it began, or else is to begin."""
        return self.began_on or self.starts_on

    @property
    def last_day(self) -> date | None:
        """The day it ended, or else is to end."""
        return self.ended_on or self.ends_on

    def state_on(self, day: date) -> State:
        """Its state that day, which follows from its dates alone."""
        if self.ended_on is not None and self.ended_on < day:
            return State.ENDED
        if self.began_on is not None:
            return State.PLANNED if day < self.began_on else State.RUNNING
        if self.starts_on is None:
            return State.UNDATED
        if day < self.starts_on:
            return State.PLANNED
        return State.ENDED if self.ends_on is not None and self.ends_on < day else State.RUNNING

    def contradictions_on(self, day: date) -> list[str]:
        """What its own dates leave unsaid or say against each other, as French sentences."""
        found = []
        late = self.ends_on is not None and self.ends_on < day and self.ended_on is None
        if late and self.ends_on is not None:
            found.append(f"Fin prévue le {day_in_words(self.ends_on)}, pas encore constatée.")
        passed = self.starts_on is not None and self.starts_on < day
        if passed and self.began_on is None and not late and self.starts_on is not None:
            found.append(f"Début prévu le {day_in_words(self.starts_on)}, pas encore constaté.")
        if self.ended_on is not None and self.began_on is None:
            found.append("La fin est constatée, mais pas le début.")
        if self.began_on is not None and self.began_on > day:
            found.append("Le début est constaté à une date qui n’est pas encore passée.")
        if self.ended_on is not None and self.ended_on > day:
            found.append("La fin est constatée à une date qui n’est pas encore passée.")
        return found


def in_order(name: str) -> list[models.BaseConstraint]:
    """The constraints of a dated thing, under names that begin with its own."""
    return [
        models.CheckConstraint(
            name=f"{name}_is_planned_to_end_after_it_starts",
            condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            violation_error_message="La fin prévue précède le début.",
        ),
        models.CheckConstraint(
            name=f"{name}_ended_after_it_began",
            condition=Q(began_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
            violation_error_message="La fin constatée précède le début.",
        ),
    ]


def touching(start: date, end: date) -> Q:
    """What is under way, or planned, at some time between these days (both included)."""
    first: Q = Q(began_on__lte=end) | Q(began_on=None, starts_on__lte=end)
    last: Q = (
        Q(ended_on__gte=start)
        | Q(ended_on=None, ends_on__gte=start)
        # Begun, late or without a planned end, and not over.
        | Q(ended_on=None, began_on__isnull=False)
        | Q(ended_on=None, ends_on=None)
    )
    return first & last


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
