"""Erasing how to reach who registered, a month after the gathering."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.gatherings.events import forget_person
from parvis.gatherings.models import KEPT_AFTER, RegistrationContact
from parvis.notices.keeping import Due, Retention, due_among


def _old(now: datetime) -> Any:
    return RegistrationContact.objects.filter(registration__gathering__ends_at__lt=now - KEPT_AFTER)


def _due(now: datetime) -> Due:
    return due_among(_old(now), "registration__gathering__ends_at")


def erase_registrations(now: datetime) -> int:
    """Erase them, and what still waits in the outbox for them; how many people."""
    with transaction.atomic():
        old = list(_old(now).select_related("registration"))
        for contact in old:
            forget_person(contact.registration)
        RegistrationContact.objects.filter(pk__in=[contact.pk for contact in old]).delete()
    return len(old)


RETENTIONS = (
    Retention(
        "registrations", "coordonnées d’inscrits à des rendez-vous", _due, erase_registrations
    ),
)
