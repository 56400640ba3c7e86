"""Erase pictures and notes of walks a set time after them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.walks.retention import erase_old


class Command(BaseCommand):
    help = "Erase pictures and notes of walks a set time after them."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_old()
        self.stdout.write(
            f"Effacé : {erased.pictures} photos de diagnostics, {erased.notes} notes non montrées."
        )
