"""`parvis load_lists`: the lists and rules that rooms keep in data files, into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from parvis.partners.rights import rooms_with


class Command(BaseCommand):
    help = "Charge les listes (thèmes, catégories…) ; deux fois ne change rien."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for module in reversed(rooms_with("lists")):
                self.stdout.write(module.load())
