"""Read the feeds of other territories that coordinations follow."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.toolbox.models import Feed
from parvis.toolbox.swap_feeds import refresh


class Command(BaseCommand):
    help = "Lit les fils d’autres territoires que les coordinations suivent."

    def handle(self, **options: Any) -> None:
        read = [refresh(feed) for feed in Feed.objects.order_by("pk").iterator()]
        if options["verbosity"]:
            self.stdout.write(f"Fils lus : {sum(read)} sur {len(read)}.")
