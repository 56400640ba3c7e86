"""Folding and stemming: what a word becomes before any database sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.search.words import LONGEST_WORD, fold, stem, words_of


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_of_words_are_the_same_words(text):
    assert words_of(" ".join(words_of(text))) == words_of(text)


@given(st.text(alphabet="abcdeéèirsxt", min_size=1))
def test_a_stem_has_no_further_stem(word):
    assert stem(stem(fold(word))) == stem(fold(word))


def test_threads_do_not_mix_up_their_stems():
    words = [f"{start}{middle}ements" for start in "bcdfgl" for middle in ("ar", "og", "ois", "ab")]
    expected = [stem(word) for word in words]
    stem.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem, words * 200)) == expected * 200


@given(st.text())
def test_words_hold_letters_and_digits_only(text):
    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words_of(text))


@given(st.text())
def test_a_stem_is_never_empty(text):
    assert all(stem(word) for word in words_of(text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉCLAIRAGE", "eclairage"),
        ("e\u0301clairage", "eclairage"),
        ("Cœur de vœux", "coeur de voeux"),
        ("ŒUVRE", "oeuvre"),
        ("Lætitia", "laetitia"),
        ("garçon naïf", "garcon naif"),
        ("ＰＯＲＴＥ", "porte"),
        ("ﬁltre", "filtre"),
        ("Straße", "strasse"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("sign", ["'", "’", "ʼ"])
def test_an_elided_article_is_no_word(sign):
    assert words_of(f"l{sign}éclairage qu{sign}on éteint d{sign}ici") == [
        "eclairage",
        "on",
        "eteint",
        "ici",
    ]


def test_articles_are_left_out():
    assert words_of("la lumière de la rue") == ["lumiere", "rue"]


def test_hyphens_and_underscores_part_words():
    assert words_of("Bruay-sur-l’Escaut porte_d’entrée") == [
        "bruay",
        "sur",
        "escaut",
        "porte",
        "entree",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("logements", "logement"),
        ("éclairages", "eclairage"),
        ("cassée", "cassés"),
        ("réparation", "réparations"),
        ("municipaux", "municipal"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert stem(fold(one)) == stem(fold(other))
