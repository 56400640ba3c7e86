"""Erasing who learned, who was found in the network, and what was said of sheets, as privacy.toml
promises it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from parvis.notices.keeping import Due, Retention, due_among
from parvis.toolbox.course_seats import forget_contact
from parvis.toolbox.edit_forgetting import forget_remarks, remarks_due
from parvis.toolbox.models import (
    KEPT_AFTER,
    Course,
    CourseEvaluation,
    DirectoryEntry,
    EnrolmentContact,
)
from parvis.toolbox.network_acts import KEPT_AFTER as ENTRY_KEPT_AFTER
from parvis.toolbox.network_acts import erase_past_entries

WORDS_KEPT = timedelta(days=730)


def _contacts(now: datetime) -> Any:
    over = Course.objects.filter(ends_at__lt=now - KEPT_AFTER)
    # A course that lost its dates has no end: its last change counts.
    void = Course.objects.filter(ends_at=None, changed_at__lt=now - KEPT_AFTER)
    return EnrolmentContact.objects.filter(enrolment__course__in=(over | void).values("pk"))


def _contacts_due(now: datetime) -> Due:
    return due_among(_contacts(now), "enrolment__course__changed_at")


def erase_enrolled(now: datetime) -> int:
    """Erase how to reach people some months after their course; how many people."""
    with transaction.atomic():
        old = list(_contacts(now).select_related("enrolment"))
        for contact in old:
            forget_contact(contact.enrolment)
    return len(old)


def _words(now: datetime) -> Any:
    return CourseEvaluation.objects.filter(course__ends_at__lt=now - WORDS_KEPT).exclude(words="")


def _words_due(now: datetime) -> Due:
    return due_among(_words(now), "course__ends_at")


def forget_words(now: datetime) -> int:
    """Empty what was written freely about courses that ended two years ago; how many. An answer
    that was words alone goes whole."""
    with transaction.atomic():
        gone: int = _words(now).filter(answers={}).delete()[0]
        return gone + int(_words(now).update(words=""))


def _entries_due(now: datetime) -> Due:
    # The end of a mandate is in one of several places: how old an entry is, is not said.
    return Due(DirectoryEntry.objects.past(now - ENTRY_KEPT_AFTER).count())


RETENTIONS = (
    Retention(
        "enrolments", "coordonnées d’inscrits à des formations", _contacts_due, erase_enrolled
    ),
    Retention("course_words", "paroles libres sur des formations", _words_due, forget_words),
    Retention(
        "directory", "inscriptions passées à l’annuaire du réseau", _entries_due, erase_past_entries
    ),
    Retention("sheet_remarks", "remarques sur des fiches", remarks_due, forget_remarks),
)
