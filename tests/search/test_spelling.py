"""Misspelt words: corrected by what a kind has learnt, the same on both databases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.search import spelling
from parvis.search.models import Word
from parvis.search.spelling import corrected, distance

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamps() -> None:
    spelling.learn("report", ["L’Éclairage de l’entrée", "Ascenseur en panne", "Rue du Cœur 12bis"])
    spelling.learn("other", ["Piscine"])


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("eclairege", "éclairage"),
        ("éclairrage", "éclairage"),
        ("celairage", "éclairage"),
        ("ascensur", "ascenseur"),
        ("acsenceur", "ascenseur"),
        ("pane", "panne"),
        ("pqnxe", ""),  # too short for two faults
        ("entre", ""),  # the beginning of a word is not a fault
        ("éclairage", ""),
        ("piscine", ""),  # another kind's word
        ("eclairege rue", "éclairage rue"),
        ("pane d’eclairage", "panne éclairage"),  # what was right is written as people do
        ("pane du dépôt", "panne dépôt"),
        ("rue 1234", ""),
        ("xyzzyx", ""),
        ("", ""),
        ("' ; -- %_", ""),
    ],
)
def test_an_unknown_word_is_replaced_by_the_nearest_one(
    lamps: None, typed: str, better: str
) -> None:
    assert corrected("report", typed) == better


def test_a_word_learnt_twice_is_kept_once(lamps: None) -> None:
    spelling.learn("report", ["ÉCLAIRAGE"])
    assert [one.spelt for one in Word.objects.filter(folded="eclairage")] == ["éclairage"]


@pytest.mark.parametrize("written", ["Poussière", "Poussie\u0300re"])
def test_who_writes_first_without_accents_does_not_take_them_from_all(written: str) -> None:
    spelling.learn("report", ["POUSSIERE"])
    assert corrected("report", "pousiere") == "poussiere"
    spelling.learn("report", [written])
    assert corrected("report", "pousiere") == "poussière"


def test_a_word_that_only_links_others_is_neither_proposed_nor_replaced() -> None:
    spelling.learn("report", ["De l’eau dans la cave", "Une danse"])
    assert corrected("report", "dasn") == ""
    assert corrected("report", "dans") == ""
    assert corrected("report", "dnase") == "danse"


def test_what_is_forgotten_corrects_no_more(lamps: None) -> None:
    spelling.forget("report")
    assert corrected("report", "eclairege") == ""
    assert Word.objects.filter(kind="other").exists()


def test_one_query_at_most(lamps: None, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        corrected("report", "eclairege ascensur entrre")


def plain_distance(one: str, other: str) -> int:
    """The textbook's definition (letters swapped with the next included)."""
    table = {(-1, -1): 0}
    for i in range(len(one) + 1):
        table[i, 0] = i
    for j in range(len(other) + 1):
        table[0, j] = j
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(one=st.text("abc", max_size=7), other=st.text("abc", max_size=7), most=st.integers(1, 3))
def test_faults_are_counted_as_the_textbook_does(one: str, other: str, most: int) -> None:
    true = plain_distance(one, other)
    assert (
        (distance(one, other, most) == true) if true <= most else distance(one, other, most) > most
    )
