from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports import drafts


class Command(BaseCommand):
    help = "Removes the photos of forms that were never sent, a day after they came in."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = drafts.purge()
        self.stdout.write(f"{gone} fichier(s) de brouillon supprimé(s).")
