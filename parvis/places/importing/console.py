"""What the two import commands share: their options, their bar, their account."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.places.importing.outcome import Fault, FileRefused, Outcome
from parvis.places.importing.writing import Progress, no_progress

_SHOWN = 30  # remarks printed one by one; all of them with -v 2
_WIDTH = 30  # characters of the bar


def add_options(parser: ArgumentParser) -> None:
    """Options of both commands."""
    parser.add_argument(
        "file", metavar="FICHIER", type=Path, help="GeoJSON, GeoPackage ou Shapefile zippé"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="dit ce qui changerait, n’enregistre rien"
    )
    parser.add_argument("--crs", default="", help="système de coordonnées, par exemple EPSG:2154")
    parser.add_argument("--layer", default="", help="couche à lire quand le fichier en a plusieurs")
    parser.add_argument("--encoding", default="", help="encodage des textes d’un Shapefile")


def run(
    command: BaseCommand, what: str, importing: Callable[[Progress], Outcome], verbosity: int
) -> None:
    """Run the import and tell it; a refused file ends with status 1."""
    try:
        outcome = importing(_bar if sys.stderr.isatty() else no_progress)
    except FileRefused as refusal:
        _clear_bar()
        _print_faults(command, refusal.faults)
        raise CommandError(
            f"Import refusé, rien n’a été enregistré. {refusal.message}"
        ) from refusal
    _clear_bar()
    shown = outcome.remarks if verbosity > 1 else outcome.remarks[:_SHOWN]
    for remark in shown:
        command.stdout.write(f"  {remark}")
    if hidden := len(outcome.remarks) - len(shown):
        command.stdout.write(f"  … et {hidden} autres remarques (-v 2 pour les voir toutes).")
    _print_faults(command, outcome.faults)
    start = "Essai, rien n’est enregistré. " if outcome.dry_run else ""
    command.stdout.write(
        f"{start}{what} : {outcome.created} créés, {outcome.changed} modifiés, "
        f"{outcome.unchanged} inchangés, {len(outcome.faults)} écartés."
    )
    if outcome.communes_created:
        command.stdout.write(f"Communes créées sans contour : {outcome.communes_created}.")


def _print_faults(command: BaseCommand, faults: list[Fault]) -> None:
    for fault in faults:
        code = f" ({fault.code})" if fault.code else ""
        command.stderr.write(f"  Ligne {fault.number}{code} écartée : {fault.reason}.")


def _bar(done: int, total: int) -> None:
    # Redrawn a hundred times at most, whatever the number of rows.
    if done == total or done % max(total // 100, 1) == 0:
        full = _WIDTH * done // max(total, 1)
        bar = "█" * full + "·" * (_WIDTH - full)
        sys.stderr.write(f"\r{bar} {done}/{total}")
        sys.stderr.flush()


def _clear_bar() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (_WIDTH + 20) + "\r")
        sys.stderr.flush()
