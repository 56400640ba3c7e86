"""Estimate an abatement from a rental value and a rate, step by step."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.tfpb.estimating import estimate_abatement
from parvis.tfpb.law import share, tax_years
from parvis.ui.words import euros_in_words

_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))


def _number(value: str) -> Decimal:
    """A number as people write it: 3000, 3 000,50 or 45.4; never negative."""
    try:
        number = Decimal(value.translate(_SPACES).replace(",", "."))
    except InvalidOperation as error:
        raise ArgumentTypeError(f"« {value} » n’est pas un nombre (exemple : 3000,50)") from error
    if not number.is_finite() or number < 0 or number > Decimal("1e12"):
        raise ArgumentTypeError(f"« {value} » : donnez un nombre positif")
    return number


class Command(BaseCommand):
    help = "Estime un abattement de TFPB à partir de la valeur locative et du taux."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rental-value",
            required=True,
            type=_number,
            metavar="EUR",
            help="valeur locative cadastrale, en euros par an",
        )
        parser.add_argument(
            "--rate",
            required=True,
            type=_number,
            metavar="PERCENT",
            help="taux de la commune et de l’EPCI ensemble, en pour cent",
        )
        parser.add_argument("--year", type=int, metavar="N", help="année d’imposition")

    def handle(
        self, *, rental_value: Decimal, rate: Decimal, year: int | None, **options: Any
    ) -> None:
        tax_year = year or timezone.localdate().year
        if tax_year not in tax_years():
            raise CommandError(f"Aucune règle n’est connue pour {tax_year}.")
        found = estimate_abatement(rental_value, rate, tax_year=tax_year)
        cadastral, abated = share("cadastral", tax_year), share("abatement", tax_year)
        percent = f"{rate.normalize():f}".replace(".", ",")
        lines = [
            euros_in_words(found.abatement),
            f"Valeur locative cadastrale : {euros_in_words(rental_value)}",
            f"Base imposée ({cadastral.percent} %, {cadastral.reference}) : "
            f"{euros_in_words(found.base)}",
            f"Taxe sans abattement ({percent} %) : {euros_in_words(found.tax)}",
            f"Base abattue ({abated.percent} %, {abated.reference}) : "
            f"{euros_in_words(found.abated_base)}",
            f"Abattement ({percent} % de la base abattue) : {euros_in_words(found.abatement)}",
            f"Taxe restante : {euros_in_words(found.due)}",
            "Chaque montant est arrondi une seule fois, au centime le plus proche.",
            "Sans la taxe d’ordures ménagères, les taxes spéciales ni les frais de gestion.",
        ]
        self.stdout.write("\n".join(lines))
