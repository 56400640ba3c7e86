"""Say which tax year a convention opens first, and by which rule."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from parvis.tfpb.first_year import Dates, first_tax_year
from parvis.tfpb.law import Territory


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"« {value} » n’est pas une date (exemple : 2024-12-31)") from error


class Command(BaseCommand):
    help = (
        "Dit la première année d’abattement de TFPB qu’ouvre une convention, et par quelle règle."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        territories = [one.value for one in Territory]
        parser.add_argument("--territory", required=True, choices=territories, help="territoire")
        parser.add_argument(
            "--signed", required=True, type=_day, metavar="DATE", help="dernière signature"
        )
        parser.add_argument("--declared", type=_day, metavar="DATE", help="déclaration aux impôts")
        parser.add_argument(
            "--contract-signed",
            type=_day,
            metavar="DATE",
            help="signature du contrat de ville par le bailleur",
        )
        parser.add_argument(
            "--held-previous-year",
            action="store_true",
            help="les logements avaient déjà l’abattement l’année d’avant",
        )

    def handle(self, **options: Any) -> None:
        answer = first_tax_year(
            Dates(
                territory=Territory(options["territory"]),
                signed=options["signed"],
                contract=options["contract_signed"],
                declared=options["declared"],
                held_previous_year=options["held_previous_year"],
            )
        )
        self.stdout.write(str(answer.year or "aucune"))
        if answer.rule is not None:
            self.stdout.write(f"Règle : {answer.rule.label}.")
            doubt = "" if answer.rule.confirmed else " (à confirmer)"
            self.stdout.write(f"Référence : {answer.rule.reference}{doubt}.")
        for sentence in answer.reasons:
            self.stdout.write(sentence)
        for name in answer.missing:
            self.stdout.write(f"À condition de connaître {name}.")
        if answer.refused:
            self.stdout.write("Pas avant :")
            for sentence in answer.refused:
                self.stdout.write(f"- {sentence}")
