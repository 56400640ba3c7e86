"""`parvis retention`: erases, in every room, what has served, and keeps the counts.

Run again it finds nothing. `--dry-run` says what would be erased today, and erases nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.portal.retaining import all_due, run_all


class Command(BaseCommand):
    help = "Efface partout ce qui a servi, selon les durées annoncées, et en garde le compte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="dire ce qui serait effacé, sans rien effacer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for one, due in all_due():
                since = f", depuis le {due.oldest:%d/%m/%Y}" if due.oldest else ""
                self.stdout.write(f"{one.code} ({one.label}) : {due.count} à effacer{since}")
            return
        ran = run_all()
        for done in ran:
            said = f"échec ({done.failed})" if done.failed else f"{done.erased} effacé(s)"
            self.stdout.write(f"{done.retention.code} ({done.retention.label}) : {said}")
        if failed := [done.retention.code for done in ran if done.failed]:
            raise CommandError(f"N’ont pas pu être effacés : {', '.join(failed)}.")
