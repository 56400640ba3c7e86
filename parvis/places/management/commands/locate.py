"""Say in which commune and which quartiers a point is."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.places.locate import TOLERANCE_M, atlas, locate


def _degrees(value: str) -> float:
    try:
        number = float(value.replace(",", "."))
    except ValueError as error:
        raise ArgumentTypeError(f"« {value} » n’est pas un nombre (exemple : 50.3573)") from error
    if not -180 <= number <= 180:
        raise ArgumentTypeError(f"« {value} » n’est pas une coordonnée en degrés")
    return number


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"« {value} » n’est pas une date (exemple : 2024-01-01)") from error


class Command(BaseCommand):
    help = "Dit dans quelle commune et quels quartiers se trouve un point."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("latitude", metavar="LAT", type=_degrees, help="latitude en degrés")
        parser.add_argument("longitude", metavar="LON", type=_degrees, help="longitude en degrés")
        parser.add_argument("--on", type=_day, metavar="DATE", help="jour voulu (AAAA-MM-JJ)")

    def handle(self, *, latitude: float, longitude: float, on: date | None, **options: Any) -> None:
        if not -90 <= latitude <= 90:
            raise CommandError("La latitude va de -90 à 90. La latitude vient d’abord.")
        found = locate(latitude, longitude, on)
        if found.commune is None and not found.quartiers:
            self.stdout.write(self._nowhere(latitude, longitude, on))
            return
        if found.commune is None:
            self.stdout.write("Commune inconnue : aucun contour de commune ne contient ce point.")
        else:
            code, name = found.commune.code, found.commune.name
            self.stdout.write(f"{code} {name}{_doubt(found.commune.to_confirm)}")
        for quartier in found.quartiers:
            self.stdout.write(f"{quartier.code} {quartier.name}{_doubt(quartier.to_confirm)}")
        if not found.quartiers:
            self.stdout.write("Aucun quartier à ce point.")
        if found.to_confirm:
            self.stdout.write(
                f"À confirmer : ce point est à moins de {TOLERANCE_M} m d’une limite, "
                "les contours ne sont pas plus précis."
            )

    def _nowhere(self, latitude: float, longitude: float, on: date | None) -> str:
        outlines = atlas()
        if not outlines.communes and not outlines.quartiers:
            return (
                "Aucun contour n’est chargé. Chargez-les avec « parvis import_communes » "
                "et « parvis import_quartiers »."
            )
        told = "Ce point n’est dans aucune commune ni aucun quartier connus."
        if -90 <= longitude <= 90:
            swapped = locate(longitude, latitude, on)
            if swapped.commune or swapped.quartiers:
                told += " Avez-vous inversé ? La latitude vient d’abord, puis la longitude."
        return told


def _doubt(to_confirm: bool) -> str:
    return " (à confirmer)" if to_confirm else ""
