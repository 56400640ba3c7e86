"""`parvis doctor`: what may be wrong with this installation, and what to do about it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from parvis.operations.doctor import Verdict, examine


class Command(BaseCommand):
    help = "Examine l’installation ; code 1 quand quelque chose est en panne."
    requires_system_checks: list[str] = []  # it says what is wrong instead of refusing to start

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--backups", type=Path, help="dossier des sauvegardes")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for finding in examine(options["backups"]):
            broken += finding.verdict is Verdict.BROKEN
            self.stdout.write(f"{finding.verdict:<7} {finding.what} : {finding.said}")
        if broken:
            self.stdout.flush()
            self.stderr.write(f"{broken} panne(s).")
            sys.exit(1)
