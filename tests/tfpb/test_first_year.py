"""Which year a convention opens first, at each boundary day of each rule, and what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from parvis.tfpb.first_year import Dates, first_tax_year
from parvis.tfpb.law import Territory, deadlines, tax_years

METROPOLE, OUTREMER = Territory.METROPOLE, Territory.OUTREMER
LONG_AGO = date(2014, 6, 1)


def year_of(
    signed: date, declared: date | None = None, territory: Territory = METROPOLE, **more: object
) -> int | None:
    """With a contrat de ville signed long ago and a declaration on the day of signature."""
    given = {"contract": LONG_AGO, "declared": declared or signed, **more}
    return first_tax_year(Dates(territory, signed, **given)).year  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("signed", "year"),
    [
        (date(2017, 3, 31), 2017),
        (date(2017, 4, 1), 2018),
        (date(2018, 2, 28), 2018),
        (date(2018, 3, 1), 2019),
        (date(2018, 9, 30), 2019),
        (date(2018, 10, 1), 2020),
        (date(2021, 9, 30), 2022),
        (date(2021, 10, 1), 2023),
        (date(2023, 9, 30), 2024),
        (date(2023, 10, 1), 2025),
        (date(2025, 3, 31), 2025),
        (date(2025, 4, 1), 2026),
        (date(2026, 1, 2), 2027),
        (date(2029, 12, 31), 2030),
        (date(2030, 1, 2), None),
    ],
)
def test_the_day_of_signature_decides_at_each_boundary(signed: date, year: int | None) -> None:
    # From 2017 on a convention is asked for; the contrat de ville is signed too late for 2016.
    declared = min(signed, date(signed.year, 12, 31))
    found = first_tax_year(Dates(METROPOLE, signed, date(2016, 1, 1), declared))
    assert found.year == year


def boundaries() -> list[tuple[str, int, Territory, str]]:
    """Each last day of each rule: its code, tax year, territory and which date it bounds."""
    return [
        (rule.code, year, territory, name)
        for rule in deadlines()
        for year in range(rule.years[0], rule.years[1] + 1)
        for territory in Territory
        for name in ("signed", "contract", "declared")
        if rule.applies_to(year, territory) and getattr(rule, name) is not None
    ]


@pytest.mark.parametrize(("code", "year", "territory", "name"), boundaries())
def test_each_last_day_of_each_rule_holds_and_the_day_after_does_not(
    code: str, year: int, territory: Territory, name: str
) -> None:
    rule = next(one for one in deadlines() if one.code == code)
    last = {
        one: limit.of(year)
        for one in ("signed", "contract", "declared")
        if (limit := getattr(rule, one)) is not None
    }
    held = Dates(territory, **{"signed": None, **last}, held_previous_year=rule.held)
    late = replace(held, **{name: last[name] + timedelta(days=1)})
    day = f"{'1er' if last[name].day == 1 else last[name].day} "
    found = first_tax_year(held)
    if found.rule == rule:
        assert found.year == year
        assert any(f"le {day}" in words and "au plus tard" in words for words in found.reasons)
    else:
        # A kinder rule of that year, or one that asks for less, comes first.
        assert found.year is not None
        assert found.year <= year
    refused = [
        words for words in first_tax_year(late).refused if f"(règle : {rule.label})" in words
    ]
    assert first_tax_year(late).rule != rule or first_tax_year(late).year != year
    if found.rule == rule:
        assert any(
            words.startswith(f"{year} :") and f"vient après le {day}" in words for words in refused
        )


@pytest.mark.parametrize(
    ("signed", "held", "year", "code"),
    [
        (date(2020, 9, 30), False, 2021, "octobre-2022"),
        (date(2020, 10, 1), False, 2022, "octobre-2022"),
        (date(2021, 2, 28), True, 2021, "avenant-2021"),
        (date(2021, 3, 1), True, 2022, "octobre-2022"),
        (date(2021, 2, 28), False, 2022, "octobre-2022"),  # no convention ran: not an avenant
        (date(2022, 9, 30), False, 2023, "octobre-2023"),
        (date(2022, 10, 1), False, 2024, "octobre-2024"),
    ],
)
def test_extensions_and_the_avenants_of_2021(
    signed: date, held: bool, year: int, code: str
) -> None:
    found = first_tax_year(Dates(METROPOLE, signed, LONG_AGO, signed, held))
    assert found.rule is not None
    assert (found.year, found.rule.code) == (year, code)


def test_a_contract_signed_by_the_end_of_2015_opens_2016_without_a_convention() -> None:
    assert first_tax_year(Dates(METROPOLE, None, date(2015, 12, 31))).year == 2016
    assert first_tax_year(Dates(METROPOLE, None, date(2016, 1, 1))).year is None


@pytest.mark.parametrize(
    ("declared", "year"),
    [(date(2025, 12, 31), 2026), (date(2026, 1, 1), 2027), (date(2027, 1, 1), 2028)],
)
def test_a_late_declaration_shifts_the_year(declared: date, year: int) -> None:
    found = first_tax_year(Dates(METROPOLE, date(2025, 6, 1), date(2024, 3, 1), declared))
    assert found.year == year


@pytest.mark.parametrize(("contract", "year"), [(date(2026, 1, 1), 2026), (date(2026, 1, 2), 2027)])
def test_a_late_contract_shifts_the_year(contract: date, year: int) -> None:
    found = first_tax_year(Dates(METROPOLE, date(2025, 6, 1), contract, date(2025, 6, 2)))
    assert found.year == year


def test_the_first_of_january_2026_is_in_time_and_the_declaration_must_come_before() -> None:
    dates = Dates(METROPOLE, date(2026, 1, 1), LONG_AGO.replace(year=2024), date(2025, 12, 31))
    assert first_tax_year(dates).year == 2026


def test_the_derogation_of_2025_is_for_metropolitan_france() -> None:
    signed, contract = date(2025, 3, 1), date(2024, 3, 1)
    here = first_tax_year(Dates(METROPOLE, signed, contract, signed))
    there = first_tax_year(Dates(OUTREMER, signed, contract, signed))
    assert (here.year, there.year) == (2025, 2026)
    assert here.rule is not None
    assert "article 114" in here.rule.reference


def test_overseas_dwellings_that_had_it_in_2024_keep_it_in_2025() -> None:
    late = date(2025, 12, 1)
    found = first_tax_year(Dates(OUTREMER, late, late, late, held_previous_year=True))
    # The transition of 2015 asks for the same of 2014: this convention is of ten years later.
    assert found.rule is not None
    assert found.rule.held


def test_a_missing_date_is_named() -> None:
    found = first_tax_year(Dates(METROPOLE, date(2025, 6, 1)))
    assert any("déclaration" in words for words in found.missing)
    assert any("contrat de ville" in words for words in found.missing)


def test_no_missing_date_is_named_when_all_are_known() -> None:
    found = first_tax_year(Dates(METROPOLE, date(2025, 6, 1), date(2024, 3, 1), date(2025, 7, 1)))
    assert (found.year, found.missing) == (2026, [])


def test_the_answer_says_why_each_earlier_year_is_not_open() -> None:
    found = first_tax_year(Dates(METROPOLE, date(2025, 4, 1), date(2024, 3, 1), date(2025, 4, 1)))
    assert found.year == 2026
    late = [words for words in found.refused if words.startswith("2025")]
    assert late
    assert all("avril 2025" in words for words in late)


def test_each_rule_names_its_reference_and_real_days() -> None:
    for rule in deadlines():
        assert rule.reference, rule.code
        for year in range(rule.years[0], rule.years[1] + 1):
            for limit in (rule.signed, rule.contract, rule.declared):
                assert limit is None or abs(limit.of(year).year - year) <= 1


def test_every_year_has_a_rule_on_both_territories() -> None:
    for year in tax_years():
        for territory in Territory:
            assert any(rule.applies_to(year, territory) for rule in deadlines()), year


some_day = st.dates(date(2016, 1, 1), date(2029, 12, 31))


@given(some_day, some_day, some_day, st.sampled_from(list(Territory)))
def test_signing_a_day_later_never_opens_an_earlier_year(
    signed: date, contract: date, declared: date, territory: Territory
) -> None:
    def year(offset: int) -> int:
        later = signed + timedelta(days=offset)
        return first_tax_year(Dates(territory, later, contract, declared)).year or 9999

    assert year(0) <= year(1) <= year(400)


def printed(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("first_tax_year", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_prints_the_year_then_the_rule_and_its_reference() -> None:
    lines = printed(
        *("--territory", "metropole", "--signed", "2025-03-31"),
        *("--declared", "2025-03-31", "--contract-signed", "2024-03-31"),
    )
    assert lines[0] == "2025"
    assert lines[1] == "Règle : Convention et déclaration acceptées jusqu’au 31 mars 2025."
    assert "2025-127" in lines[2]


def test_the_command_names_what_is_missing_and_what_is_not_confirmed() -> None:
    lines = printed(
        *("--territory", "metropole", "--signed", "2022-05-01"),
        *("--contract-signed", "2022-01-01"),
    )
    assert lines[0] == "2023"
    assert "(à confirmer)" in lines[2]
    assert any(line.startswith("À condition de connaître la date de la décla") for line in lines)


def test_the_command_answers_none_after_the_last_rule() -> None:
    lines = printed("--territory", "outremer", "--signed", "2030-06-01")
    assert lines[0] == "aucune"
    assert "après 2030" in lines[1]


def test_the_command_refuses_what_is_no_date() -> None:
    with pytest.raises(CommandError, match="n’est pas une date"):
        printed("--territory", "metropole", "--signed", "31/03/2025")
