"""`parvis requeue_stuck_tasks`: gives back to the queue what a killed worker left at work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django_tasks_db.models import DBTaskResult


class Command(BaseCommand):
    help = "Remet en file les tâches restées « en cours » depuis trop longtemps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--minutes", type=int, default=30)

    def handle(self, *args: Any, **options: Any) -> None:
        limit = timezone.now() - timedelta(minutes=options["minutes"])
        # Tasks are idempotent, so running one again is safe; losing one is not.
        count = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=limit).update(
            status="READY", started_at=None
        )
        self.stdout.write(f"{count} tâche(s) remise(s) en file.")
