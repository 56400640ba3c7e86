"""Money is parted to the cent and never lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.tfpb.money import each, percent, share_out, times

euros = st.decimals(min_value=0, max_value=10**9, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=1, max_size=12)


@given(euros, weights.filter(any))
def test_the_parts_of_a_total_sum_to_it(total: Decimal, by: list[Decimal]) -> None:
    parts = share_out(total, by)
    assert sum(parts) == total
    assert all(part == round(part, 2) and part >= 0 for part in parts)


@given(euros, weights.filter(any))
def test_no_part_is_a_cent_away_from_its_share(total: Decimal, by: list[Decimal]) -> None:
    whole = sum(by)
    for part, weight in zip(share_out(total, by), by, strict=True):
        assert abs(part - total * weight / whole) < Decimal("0.01")


def test_the_cents_left_over_go_to_the_first_of_equals() -> None:
    assert share_out(Decimal("100.00"), [Decimal(1)] * 3) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@pytest.mark.parametrize("by", [[], [Decimal(0)], [Decimal(-1), Decimal(2)]])
def test_nothing_is_parted_by_nothing(by: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weigh"):
        share_out(Decimal(1), by)


def test_a_ratio_of_nothing_is_not_a_number() -> None:
    assert percent(Decimal(1), Decimal(0)) is None
    assert times(Decimal(1), None) is None
    assert each(Decimal(1), 0) is None
    assert percent(Decimal("9000"), Decimal("12000")) == Decimal("75.0")
