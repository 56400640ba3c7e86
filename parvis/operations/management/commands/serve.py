"""`parvis serve`: the web server, one worker and the clock, in one command."""

from __future__ import annotations

import os
import resource
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.operations.processes import (
    LEAN,
    LOCK,
    holding,
    on_stop,
    parvis,
    run_together,
    web,
)

FILES = 16_384  # open files that this takes, with room to spare


def _open_many_files() -> None:
    """Raise the limit of open files, which children inherit: a visitor who waits is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Command(BaseCommand):
    help = "Sert Parvis : le web, un processus de travail et l’horloge."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=1, help="processus web")
        parser.add_argument(
            "--threads", type=int, default=settings.THREADS, help="fils par processus web"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        alone = "locmem" in settings.CACHES["default"]["BACKEND"]
        if options["workers"] > 1 and alone:
            # Limits and forms sent once are counted in the cache: each process would count alone.
            raise CommandError(
                "Plusieurs processus web demandent un cache partagé : donnez PARVIS_CACHE_URL."
            )
        # Read by the web processes.
        os.environ.update({**LEAN, **os.environ, "PARVIS_THREADS": str(options["threads"])})
        _open_many_files()
        stop = threading.Event()
        on_stop(stop.set)
        # A passkey refuses an IP address, so the address to type is the one by name.
        self.stdout.write(f"Parvis : {settings.SITE_URL}  (Ctrl-C pour arrêter)")
        self.stdout.flush()
        # `parvis restore` asks for the same lock alone: nothing is put back under a site that runs.
        with holding(settings.VAR_DIR / LOCK, alone=False) as lock:
            if lock is None:
                raise CommandError(
                    "Une restauration est en cours dans ce dossier : attendez sa fin."
                )
            code = run_together(
                {
                    "web": web(options["host"], options["port"], workers=options["workers"]),
                    "travail": parvis("db_worker", "--no-reload"),
                    "horloge": parvis("clock"),
                },
                stop=stop,
                say=lambda line: self.stderr.write(line),
                keep=(lock,),
            )
        if code:
            sys.exit(code)
