"""Erase who took part in participation a set time after it has served."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.councils.retention import erase_people


class Command(BaseCommand):
    help = "Efface qui a participé, quelque temps après que cela a servi."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_people()
        self.stdout.write(
            f"Effacé : {erased.members} membres, {erased.names} noms du carnet de paroles, "
            f"{erased.proposed} auteurs et soutiens de propositions."
        )
