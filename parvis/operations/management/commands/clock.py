"""`parvis clock`: one of the three processes of `parvis serve`."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from parvis.operations.clock import tick
from parvis.operations.processes import on_stop

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Confie au processus de travail les commandes périodiques, à leur heure."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        on_stop(stop.set)
        last_runs: dict[str, datetime] = {}
        while not stop.is_set():
            try:
                tick(last_runs, timezone.now())
            except DatabaseError:
                # A database that is away comes back; the next round tries again.
                logger.exception("the clock could not reach the database")
                connection.close()
            stop.wait(5)
