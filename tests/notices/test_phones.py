from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from parvis.notices.phones import normalise, spoken


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06-12-34-56-78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("+330612345678", "+33612345678"),
        (" 03 27 00 00 00 ", "+33327000000"),
        ("09 70 00 00 00", "+33970000000"),
        ("+32 470 12 34 56", "+32470123456"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_number_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "06 12 34 56",
        "06 12 34 56 78 9",
        "112",
        "le soir",
        "06 12 34 56 7x",
        "00 12",
        "+33",
        "+0612345678",
        "1234567890",
        "٠٦١٢٣٤٥٦٧٨x",
    ],
)
def test_what_nobody_could_call_back_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="n’est pas complet"):
        normalise(typed)


def test_a_premium_number_is_refused_with_its_own_words() -> None:
    with pytest.raises(ValidationError, match="en 08"):
        normalise("08 99 12 34 56")


def test_a_number_is_read_in_pairs() -> None:
    assert spoken("+33612345678") == "06 12 34 56 78"
    assert spoken("+32470123456") == "+32470123456"


@given(st.text(max_size=30))
def test_any_text_is_either_kept_or_refused(typed: str) -> None:
    try:
        kept = normalise(typed)
    except ValidationError:
        return
    assert kept == "" or (kept.startswith("+") and kept[1:].isdecimal() and kept.isascii())
    assert normalise(kept) == kept
