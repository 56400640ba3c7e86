"""What an abatement is worth: exact steps, one rounding each, and never a float."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from parvis.tfpb.estimating import CENT, estimate_abatement
from parvis.tfpb.law import share

values = st.decimals(0, 10_000_000, places=2)
rates = st.decimals(0, 150, places=2)


def test_the_example_of_the_fact_sheet() -> None:
    found = estimate_abatement(Decimal(3000), Decimal(45), tax_year=2025)
    assert found.base == Decimal("1500.00")
    assert found.tax == Decimal("675.00")
    assert found.abatement == Decimal("202.50")
    assert found.due == Decimal("472.50")


@given(values, rates)
def test_an_abatement_is_the_exact_product_rounded_once(value: Decimal, rate: Decimal) -> None:
    found = estimate_abatement(value, rate, tax_year=2025)
    exact = value * rate * Decimal("0.0015")
    assert abs(found.abatement - exact) <= CENT / 2
    assert found.due + found.abatement == found.tax
    assert Decimal(0) <= found.abatement <= found.tax


@given(values, rates)
def test_no_amount_is_a_float_and_each_has_two_decimals(value: Decimal, rate: Decimal) -> None:
    for amount in vars(estimate_abatement(value, rate, tax_year=2026)).values():
        assert isinstance(amount, Decimal)
        assert amount == amount.quantize(CENT)


def test_half_a_cent_is_rounded_up() -> None:
    # 10 x 50 % x 30 % x 1 % = 0.015
    assert estimate_abatement(Decimal(10), Decimal(1), tax_year=2025).abatement == Decimal("0.02")


@pytest.mark.parametrize(("value", "rate"), [("-1", "45"), ("3000", "-1")])
def test_nothing_negative_is_estimated(value: str, rate: str) -> None:
    with pytest.raises(ValueError, match="not negative"):
        estimate_abatement(Decimal(value), Decimal(rate), tax_year=2025)


def test_a_share_is_unknown_before_its_first_year() -> None:
    with pytest.raises(ValueError, match="2014"):
        share("abatement", 2014)


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("estimate_abatement", *arguments, stdout=out)
    return out.getvalue().replace("\u202f", " ")


@pytest.mark.parametrize("value", ["3000", "3 000,00", "3\u202f000", "3000.00"])
def test_the_command_prints_the_amount_then_its_steps(value: str) -> None:
    lines = printed("--rental-value", value, "--rate", "45", "--year", "2025").splitlines()
    assert lines[0] == "202,50 €"
    assert any("1 500,00 €" in line for line in lines)
    assert any("arrondi une seule fois" in line for line in lines)


@pytest.mark.parametrize("value", ["trois mille", "-5", "NaN", "Infinity"])
def test_the_command_refuses_what_is_no_amount(value: str) -> None:
    with pytest.raises(CommandError):
        printed(f"--rental-value={value}", "--rate", "45")


def test_the_command_refuses_a_year_without_a_rule() -> None:
    with pytest.raises(CommandError, match="2031"):
        printed("--rental-value", "3000", "--rate", "45", "--year", "2031")
