"""Send receipts, tell organisations of new parts, index new reports."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports.followup import greet_voices, tell_organisations


class Command(BaseCommand):
    help = "Send receipts, tell organisations of new parts, index new reports."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Accusés de réception : {greet_voices()}. "
            f"Organisations prévenues : {tell_organisations()}."
        )
