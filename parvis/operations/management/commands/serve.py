"""`parvis serve`: the web server, one worker and the clock, in one command."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.operations.processes import on_stop, parvis, run_together


class Command(BaseCommand):
    help = "Sert Parvis : le web, un processus de travail et l’horloge."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=1, help="processus web")
        parser.add_argument("--threads", type=int, default=4, help="fils par processus web")

    def handle(self, *args: Any, **options: Any) -> None:
        alone = "locmem" in settings.CACHES["default"]["BACKEND"]
        if options["workers"] > 1 and alone:
            # Limits and forms sent once are counted in the cache: each process would count alone.
            raise CommandError(
                "Plusieurs processus web demandent un cache partagé : donnez PARVIS_CACHE_URL."
            )
        web = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", options["host"], "--port", str(options["port"])),
            *("--workers", str(options["workers"]), "--blocking-threads", str(options["threads"])),
            *("--respawn-failed-workers", "--log-level", "warning"),
            "parvis.wsgi:application",
        ]
        stop = threading.Event()
        on_stop(stop.set)
        # A passkey refuses an IP address, so the address to type is the one by name.
        self.stdout.write(f"Parvis : {settings.SITE_URL}  (Ctrl-C pour arrêter)")
        self.stdout.flush()
        code = run_together(
            {
                "web": web,
                "travail": parvis("db_worker", "--no-reload"),
                "horloge": parvis("clock"),
            },
            stop=stop,
            say=lambda line: self.stderr.write(line),
        )
        if code:
            sys.exit(code)
