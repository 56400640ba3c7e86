"""Which tax year a convention opens first, and why: which rule, which date, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format

from parvis.tfpb.law import Deadline, Territory, deadlines, tax_years

WHAT = {
    "signed": "la signature de la convention par toutes les parties",
    "contract": "la signature du contrat de ville par le bailleur",
    "declared": "la déclaration au service des impôts",
}


@dataclass(frozen=True)
class Dates:
    """What is known of a convention. None: the date is not known, or the thing is not done."""

    territory: Territory
    signed: date | None  # by the last of its parties
    contract: date | None = None
    declared: date | None = None
    held_previous_year: bool = False  # the dwellings had the abatement before


@dataclass(frozen=True)
class FirstYear:
    """The answer: a year or none, the rule that gives it, and sentences in French.

    `missing` names each date that the rule asks for and nobody gave: the year holds only if that
    date turns out to be in time. `refused` says why each earlier year is not open.
    """

    year: int | None
    rule: Deadline | None = None
    reasons: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def first_tax_year(dates: Dates) -> FirstYear:
    """The first tax year that these dates open, by the rules of each year in their order.

    Source: article 1388 bis of the CGI and the finance laws named in data/rules.toml. A year after
    the last rule has no answer.
    """
    refused: list[str] = []
    years = tax_years()
    # No year is opened by a convention that was signed once it was over.
    first = dates.signed.year if dates.signed is not None else years[0]
    for year in range(max(first, years[0]), years[-1] + 1):
        for rule in deadlines():
            if not rule.applies_to(year, dates.territory):
                continue
            why_not = _why_not(rule, year, dates)
            if why_not:
                refused.append(f"{year} : {' ; '.join(why_not)} (règle : {rule.label}).")
                continue
            reasons, missing = _why(rule, year, dates)
            if rule.signed is not None and dates.signed is None:
                # Nothing is opened by a convention that is not known to be signed.
                return FirstYear(None, None, [], [_missing("signed")], refused)
            return FirstYear(year, rule, reasons, missing, refused)
    return FirstYear(None, None, [f"Aucune règle n’est connue après {years[-1]}."], [], refused)


def _why_not(rule: Deadline, year: int, dates: Dates) -> list[str]:
    """The known dates that come too late for this rule, as sentences without a full stop."""
    found = []
    if rule.held and not dates.held_previous_year:
        found.append(f"les logements n’avaient pas l’abattement en {year - 1}")
    for name, words in WHAT.items():
        limit, given = getattr(rule, name), getattr(dates, name)
        if limit is not None and given is not None and given > limit.of(year):
            found.append(
                f"{words}, le {_in_full(given)}, vient après le {_in_full(limit.of(year))}"
            )
    return found


def _why(rule: Deadline, year: int, dates: Dates) -> tuple[list[str], list[str]]:
    """What makes this rule hold, and which dates nobody gave."""
    reasons, missing = [], []
    if rule.held:
        reasons.append(f"Les logements avaient l’abattement en {year - 1}.")
    for name, words in WHAT.items():
        limit, given = getattr(rule, name), getattr(dates, name)
        if limit is None:
            continue
        last = _in_full(limit.of(year))
        if given is None:
            missing.append(f"{_missing(name)}, le {last} au plus tard")
        else:
            said = f"{words[0].upper()}{words[1:]}"
            reasons.append(f"{said}, le {_in_full(given)} : le {last} au plus tard.")
    return reasons, missing


def _missing(name: str) -> str:
    return f"la date de {WHAT[name]}"


def _in_full(day: date) -> str:
    """« 1er avril 2025 »: the year is always said, the day of the week never."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {date_format(day, 'F Y')}"
