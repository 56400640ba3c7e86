"""The first tax year of a convention: its own dates put before the rules, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from parvis.partners.models import Organisation, Signature
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.first_year import Dates, FirstYear, first_tax_year
from parvis.tfpb.law import Deadline, Territory, deadlines, tax_years


@dataclass(frozen=True)
class Opening:
    """What a convention opens. `lacking` says in French what its own dates do not say: who has not
    signed, which contrat de ville is not linked. Without every signature nothing is opened."""

    dates: Dates
    answer: FirstYear
    lacking: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Limit:
    """The last day, included, to do something for a tax year, and the rule that says so."""

    day: date
    tax_year: int
    rule: Deadline


def opening_of(convention: Convention, signatures: list[Signature] | None = None) -> Opening:
    """The first tax year that this convention opens, by the dates of all its parties.

    No query when `signatures` are given with their organisations, and those of the contrat de
    ville are prefetched.
    """
    if signatures is None:
        signatures = list(
            convention.agreement.signatures.select_related("organisation").order_by("pk")
        )
    signed, lacking = _signed_by_all(signatures)
    contract, said = _contract_signed(convention)
    dates = Dates(
        territory=Territory(convention.territory),
        signed=signed,
        contract=contract,
        declared=convention.declared_on,
        held_previous_year=convention.held_previous_year,
    )
    # The rules of 2015 and 2016 ask for no convention: this one is not what opened those years.
    answer = first_tax_year(dates) if signed is not None else FirstYear(None)
    if convention.declared_on is None and signed is None:  # the answer says it otherwise
        said = [*said, "La date de déclaration aux impôts n’est pas notée."]
    return Opening(dates, answer, [*lacking, *said])


def last_day(what: str, tax_year: int, territory: str) -> Limit | None:
    """Until when the convention is `signed`, or `declared`, for that tax year: the latest of the
    rules of that year. None when no rule asks for it."""
    limits = [
        Limit(asked.of(tax_year), tax_year, rule)
        for rule in deadlines()
        if rule.applies_to(tax_year, Territory(territory))
        and (asked := getattr(rule, what)) is not None
    ]
    return max(limits, key=lambda one: one.day, default=None)


def next_limit(what: str, territory: str, on: date) -> Limit | None:
    """The next last day, from that day on; None after the last rule."""
    for tax_year in tax_years():
        found = last_day(what, tax_year, territory)
        if found is not None and found.day >= on:
            return found
    return None


def _signed_by_all(signatures: list[Signature]) -> tuple[date | None, list[str]]:
    """The day on which the last party signed, or who has not."""
    if not signatures:
        return None, ["Aucune partie n’est encore nommée."]
    waited = [one for one in signatures if one.signed_on is None]
    lacking = [
        f"{one.organisation.name} refuse de signer."
        if one.refused_on
        else f"{one.organisation.name} n’a pas encore signé."
        for one in waited
    ]
    if waited:
        return None, lacking
    return max(one.signed_on for one in signatures if one.signed_on), []


def _contract_signed(convention: Convention) -> tuple[date | None, list[str]]:
    """The day on which the landlord itself signed the contrat de ville, or what is missing."""
    if convention.contract is None:
        return None, ["Aucun contrat de ville n’est relié à cette convention."]
    landlord: Organisation = convention.landlord
    for one in convention.contract.signatures.all():
        if one.organisation_id == landlord.pk:
            if one.signed_on is None:
                return None, [f"{landlord.name} n’a pas signé le contrat de ville."]
            return one.signed_on, []
    return None, [f"{landlord.name} n’est pas parmi les signataires du contrat de ville."]
