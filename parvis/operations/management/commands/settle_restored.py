"""`parvis settle_restored`: what follows a restoration, run by `parvis restore` itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from parvis.notices.models import Message
from parvis.operations.schedule import SCHEDULE

# How the names of the commands of the schedule begin that take personal data away in their time.
ERASING = ("retention", "erase_", "purge_")


class Command(BaseCommand):
    help = "Met à jour une base restaurée : tables, sessions fermées, effacements échus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=datetime.fromisoformat, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        # Who was signed out, or lost a mandate, since the backup does not come back signed in.
        closed, _ = Session.objects.all().delete()
        # What was at work when the copy was made starts again.
        call_command("requeue_stuck_tasks", minutes=0, stdout=self.stdout)
        self.stdout.write(f"{closed} session(s) fermée(s) : chacun entre à nouveau.")
        for entry in SCHEDULE:
            if entry.command.startswith(ERASING):
                call_command(entry.command, *entry.arguments, stdout=self.stdout)
        waiting = Message.objects.waiting(timezone.now()).count()
        if waiting:
            self.stdout.write(
                f"{waiting} message(s) attendaient lors de la sauvegarde et repartiront, même s’ils"
                " étaient partis depuis."
            )
