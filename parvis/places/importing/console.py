"""What the import commands share: their options, their bar, their account."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.places.importing.outcome import Fault, FileRefused, Outcome
from parvis.places.importing.writing import Progress, no_progress

_SHOWN = 30  # remarks printed one by one; all of them with -v 2
_WIDTH = 30  # characters of the bar


MAPS = "GeoJSON, GeoPackage ou Shapefile zippé"
MAPS_AND_TABLES = "csv, xlsx, ods, GeoJSON, GeoPackage ou Shapefile zippé"


def add_file(parser: ArgumentParser, kinds: str) -> None:
    """The file, and what every import can do with it."""
    parser.add_argument("file", metavar="FICHIER", type=Path, help=kinds)
    parser.add_argument(
        "--dry-run", action="store_true", help="dit ce qui changerait, n’enregistre rien"
    )
    parser.add_argument("--encoding", default="", help="encodage des textes, par exemple cp1252")


def add_options(parser: ArgumentParser, kinds: str = MAPS) -> None:
    """Options of the imports of places."""
    add_file(parser, kinds)
    parser.add_argument("--crs", default="", help="système de coordonnées, par exemple EPSG:2154")
    parser.add_argument(
        "--layer", default="", help="couche ou feuille à lire quand le fichier en a plusieurs"
    )


def day(value: str) -> date:
    """An option that is a day."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"« {value} » n’est pas une date (exemple : 2024-01-01)") from error


def run(
    command: BaseCommand,
    what: str,
    importing: Callable[[Progress], Outcome],
    verbosity: int,
    *,
    feminine: bool = False,
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
    _print_untold(command, outcome)
    start = "Essai, rien n’est enregistré. " if outcome.dry_run else ""
    ending = "ées" if feminine else "és"
    command.stdout.write(
        f"{start}{what} : {outcome.created} cré{ending}, {outcome.changed} modifi{ending}, "
        f"{outcome.unchanged} inchang{ending}, {outcome.faulty} écart{ending}."
    )
    for note in outcome.notes:
        command.stdout.write(note)
    if outcome.communes_created:
        command.stdout.write(f"Communes créées sans contour : {outcome.communes_created}.")


def _print_faults(command: BaseCommand, faults: list[Fault]) -> None:
    for fault in faults:
        code = f" ({fault.code})" if fault.code else ""
        command.stderr.write(f"  Ligne {fault.number}{code} écartée : {fault.reason}.")


def _print_untold(command: BaseCommand, outcome: Outcome) -> None:
    if outcome.untold:
        command.stderr.write(f"  … et {outcome.untold} autres lignes écartées, non détaillées.")


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
