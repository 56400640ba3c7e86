"""`parvis invite_referents`: calls the référents of sittings that come near.

Run again it calls nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.councils.referent_acts import invite_due


class Command(BaseCommand):
    help = "Invite les référents aux séances convoquées qui approchent, avec leurs documents."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{invite_due()} référents invités.")
