"""What an abatement is worth before the tax notice says it. Amounts in euros, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from parvis.tfpb.law import share

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Estimate:
    """An estimate and its steps, in euros; each is rounded to the cent for itself (half up), and
    none is computed from a rounded one."""

    base: Decimal  # the part of the rental value that is taxed
    tax: Decimal  # without the abatement
    abated_base: Decimal
    abatement: Decimal
    due: Decimal  # tax less abatement, to the cent


def estimate_abatement(rental_value: Decimal, rate: Decimal, *, tax_year: int) -> Estimate:
    """The abatement of dwellings of that rental value (valeur locative cadastrale, euros a year)
    where commune and EPCI together tax at `rate` percent.

    Rental value x 50 % x 30 % x rate (CGI, articles 1388 and 1388 bis; shares dated in
    data/rules.toml). TEOM, special taxes and the costs of the State are left out: how the
    abatement bears on them is not confirmed. ValueError for a negative amount or rate.
    """
    if rental_value < 0 or rate < 0:
        raise ValueError("a rental value and a rate are not negative")
    base = rental_value * share("cadastral", tax_year).percent / HUNDRED
    abated = base * share("abatement", tax_year).percent / HUNDRED
    tax, abatement = _cents(base * rate / HUNDRED), _cents(abated * rate / HUNDRED)
    return Estimate(
        base=_cents(base),
        tax=tax,
        abated_base=_cents(abated),
        abatement=abatement,
        due=tax - abatement,
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
