"""`parvis rotate_seal_keys`: puts what is sealed under a new key, and forgets the old ones.

Killed half way it loses nothing; run it again. Where PARVIS_SEAL_KEYS gives the keys, put the new
one first there and start the site again before this command; take the old ones away after it.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.vigilance.orientation_resealing import rotate
from parvis.vigilance.sealing import BusyError

LONGEST_PAGE = 30  # seconds that a page may take to write what it sealed


class Command(BaseCommand):
    help = "Scelle à nouveau les orientations sous une clé neuve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait",
            type=int,
            default=LONGEST_PAGE,
            help="secondes laissées aux pages en cours avant d’oublier l’ancienne clé",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate(partial(time.sleep, options["wait"]))
        except BusyError:
            raise CommandError("Les clés sont déjà en train de changer : attendez.") from None
        self.stdout.write(f"{done.rows} orientations scellées sous la nouvelle clé.")
        if done.lost:
            self.stderr.write(
                f"{done.lost} orientations illisibles : la clé qui les a scellées n’est plus là. "
                "Elles restent en place ; une copie de l’ancienne clé les rouvrirait."
            )
        if settings.SEAL_KEYS:
            self.stdout.write(
                "Retirez les anciennes clés de PARVIS_SEAL_KEYS, puis relancez le site."
            )
