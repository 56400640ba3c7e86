"""`parvis remind_gatherings`: tells who registered, the day before; erases addresses a month after.

Run again it tells nobody twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.gatherings.events import remind
from parvis.gatherings.models import KEPT_AFTER, Gathering, RegistrationContact

BEFORE = timedelta(hours=30)  # the afternoon before a morning


class Command(BaseCommand):
    help = "Rappelle les rendez-vous du lendemain et efface les coordonnées un mois après."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        near = Gathering.objects.to_come(now).filter(
            starts_at__gt=now, starts_at__lte=now + BEFORE, published_at__isnull=False
        )
        told = sum(remind(gathering) for gathering in near.select_related("organiser"))
        old = RegistrationContact.objects.filter(
            registration__gathering__ends_at__lt=now - KEPT_AFTER
        )
        erased, _ = old.delete()
        self.stdout.write(f"{told} rappels, {erased} coordonnées effacées.")
