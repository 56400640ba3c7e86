"""The first tax year of a convention, by the dates of its own parties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from parvis.partners.models import Agreement, Signature
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_year import last_day, next_limit, opening_of
from tests.cast import Cast
from tests.tfpb.scene import a_convention


def contract(cast: Cast, signed_on: date | None = date(2024, 3, 29), **fields: Any) -> Agreement:
    """A contrat de ville that Escaut Habitat signed in March 2024."""
    made = Agreement.objects.create(code="CV-ESCAUT", title="Contrat de ville")
    signing = fields.get("by", cast.landlord)
    Signature.objects.create(agreement=made, organisation=signing, signed_on=signed_on)
    return made


def signed_on(convention: Convention, *days: date) -> Convention:
    """Its parties sign on these days, in their order; the others have not."""
    rows = list(convention.agreement.signatures.order_by("pk"))
    for place, row in enumerate(rows):
        row.signed_on = days[place] if place < len(days) else None
        row.save()
    return convention


@pytest.mark.parametrize(
    ("last", "year"),
    [
        (date(2025, 3, 31), 2025),  # the derogation of metropolitan France
        (date(2025, 4, 1), 2026),
        (date(2026, 1, 1), 2026),
        (date(2026, 1, 2), 2027),
    ],
)
def test_the_last_party_to_sign_decides(cast: Cast, last: date, year: int) -> None:
    early = date(2024, 11, 4)
    # Declared by the last day of the rule, so that signatures alone decide.
    made = a_convention(cast, contract=contract(cast), declared_on=min(last, date(2025, 12, 31)))
    signed_on(made, early, last, early, early)
    found = opening_of(made)
    assert (found.dates.signed, found.answer.year, found.lacking) == (last, year, [])


@pytest.mark.parametrize(("signed", "year"), [(date(2025, 1, 1), 2025), (date(2025, 1, 2), 2026)])
def test_its_landlord_s_own_signature_of_the_contract_counts(
    cast: Cast, signed: date, year: int
) -> None:
    early = date(2024, 11, 4)
    made = a_convention(cast, contract=contract(cast, signed), declared_on=date(2025, 3, 31))
    assert opening_of(signed_on(made, early, early, early, early)).answer.year == year


def test_who_has_not_signed_is_named_and_nothing_is_opened(cast: Cast) -> None:
    made = a_convention(cast, contract=contract(cast), held_previous_year=True)
    signed_on(made, date(2024, 11, 4), date(2024, 11, 4))
    town = made.agreement.signatures.get(organisation=cast.agglomeration)
    town.refused_on, town.refusal = date(2024, 12, 1), "Pas assez d’actions."
    town.save()
    found = opening_of(made)
    assert found.answer.year is None
    assert found.lacking == [
        "Agglomération de l’Escaut refuse de signer.",
        "Direction des territoires n’a pas encore signé.",
        "La date de déclaration aux impôts n’est pas notée.",
    ]


def test_a_contract_that_is_missing_or_that_the_landlord_did_not_sign_is_said(cast: Cast) -> None:
    made = a_convention(cast)
    assert "Aucun contrat de ville n’est relié à cette convention." in opening_of(made).lacking
    assert any("contrat de ville" in words for words in opening_of(made).answer.missing)
    made.contract = contract(cast, by=cast.town)
    lacking = opening_of(made).lacking
    assert "Escaut Habitat n’est pas parmi les signataires du contrat de ville." in lacking


def test_a_rule_that_is_not_confirmed_gives_its_year_and_says_so(cast: Cast) -> None:
    made = a_convention(cast, contract=contract(cast, date(2021, 6, 1)))
    day = date(2022, 5, 4)
    made.declared_on = date(2022, 12, 31)
    found = opening_of(signed_on(made, day, day, day, day))
    assert found.answer.year == 2023
    assert found.answer.rule is not None
    assert not found.answer.rule.confirmed


def test_last_days_come_from_the_rules_of_each_year() -> None:
    derogation = last_day("signed", 2025, "metropole")
    assert derogation is not None
    assert derogation.day == date(2025, 3, 31)
    for on, day, year in (
        (date(2026, 1, 1), date(2026, 1, 1), 2026),
        (date(2026, 1, 2), date(2027, 1, 1), 2027),
    ):
        found = next_limit("signed", "metropole", on)
        assert found is not None
        assert (found.day, found.tax_year) == (day, year)
    assert next_limit("signed", "outremer", date(2030, 1, 2)) is None


@time_machine.travel("2026-11-26 09:00")
def test_the_page_says_which_rule_which_date_and_why_not_before(cast: Cast, client: Any) -> None:
    made = a_convention(cast, contract=contract(cast), declared_on=date(2025, 6, 1))
    signed_on(made, *[date(2025, 4, 1)] * 4)
    client.force_login(cast.claire)
    page = client.get(f"/tfpb/conventions/{made.pk}/").content.decode().replace("\xa0", " ")
    for words in (
        '<p class="figure">2026</p>',
        "loi 2023-1322",
        "le 1er avril 2025 : le 1er janvier 2026 au plus tard.",
        "Pourquoi pas avant",
        "vient après le 31 mars 2025",
    ):
        assert words in page, words
