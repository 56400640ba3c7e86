"""`parvis remind_gatherings`: tells who registered or was called, the day before; asks who came
what they thought of it, the day after.

Run again it tells nobody twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.gatherings.evaluating import takes_evaluations
from parvis.gatherings.events import ask_opinions, remind, remind_guests
from parvis.gatherings.models import Gathering

BEFORE = timedelta(hours=30)  # the afternoon before a morning
AFTER = timedelta(hours=12)  # the morning after an evening
ASKED_FOR = timedelta(days=7)  # later, people no longer remember


class Command(BaseCommand):
    help = "Rappelle les rendez-vous, demande leur avis aux présents."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        near = Gathering.objects.to_come(now).filter(starts_at__gt=now, starts_at__lte=now + BEFORE)
        told = 0
        for gathering in near.select_related("organiser"):
            told += remind(gathering) if gathering.published_at else 0
            told += remind_guests(gathering)
        over = Gathering.objects.filter(
            ends_at__gt=now - ASKED_FOR, ends_at__lte=now - AFTER, published_at__isnull=False
        )
        asked = sum(
            ask_opinions(gathering)
            for gathering in over.select_related("organiser")
            if takes_evaluations(gathering, now)
        )
        self.stdout.write(f"{told} rappels, {asked} avis demandés.")
