"""`parvis sweep_files`: removes what killed processes left half written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from parvis.documents.storage import sweep_drafts

OLD = 24 * 3600.0  # seconds; no upload takes a day


class Command(BaseCommand):
    help = "Enlève les fichiers restés à moitié écrits depuis plus d’un jour."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = sweep_drafts(Path(settings.MEDIA_ROOT), OLD)
        self.stdout.write(f"{gone} fichier(s) inachevé(s) enlevé(s).")
