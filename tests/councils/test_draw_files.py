"""The list and the rules as files: whatever comes in is read rightly or refused in words."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.councils.draw_list import list_digest, read_list
from parvis.councils.draw_rules import DrawRefused, read_rules, rules_from
from tests.councils.lists import RULES, rows, written

BY = rules_from(RULES)


def readable(text: str, encoding: str = "utf-8") -> list[tuple[int, int, tuple[str | None, ...]]]:
    return [(o.line, o.household, o.profile) for o in read_list(text.encode(encoding), BY)]


HEAD = "nom;adresse;sexe;age\n"
TWO = [(2, 1, ("18-29", "F")), (3, 2, (None, "H"))]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found_out(separator: str, end: str) -> None:
    text = "nom;adresse;sexe;age\nZoé;1 rue;F;18-29\nLéo;2 rue;H;75+\n"
    assert readable(text.replace(";", separator).replace("\n", end)) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_found_out(encoding: str) -> None:
    text = "prénom;adresse;sexe;age\nZoé;1 rue;F;18-29\nLéo;2 rue;H;75+\n"
    assert readable(text, encoding) == TWO


def test_quotes_and_line_ends_in_cells_move_no_line_number() -> None:
    text = HEAD + '"Zoé ""Z""; dite";"1 rue\nbâtiment B";F;18-29\n\nLéo;2 rue;H;75+\n'
    assert readable(text) == [(2, 1, ("18-29", "F")), (4, 2, (None, "H"))]


def test_one_address_written_in_several_ways_is_one_household() -> None:
    text = HEAD + "a;1  Rue X ;F;x\nb;1 rue x;H;x\nc;;F;x\nd;;F;x\n"
    assert [household for _, household, _ in readable(text)] == [1, 1, 2, 3]


def test_values_are_compared_without_their_blanks_and_with_their_capitals() -> None:
    text = HEAD + "a;1; F ;18-29\nb;2;f;18-29\n"
    assert [profile for *_, profile in readable(text)] == [("18-29", "F"), ("18-29", None)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pas de colonne « age »"),
        ("\n\n\n", "pas de colonne « age »"),
        (HEAD, "ne contient personne"),
        ("nom;adresse;sexe\nx;y;F\n", "pas de colonne « age »"),
        ("nom;adresse;sexe;age;sexe\nx;y;F;z;H\n", "colonnes 3 et 5 ont le même nom"),
        (HEAD + "x;y;F\n", "la ligne 2 n’a pas 4 cellules"),
        (HEAD + "x;y;F;z;more\n", "la ligne 2 n’a pas 4 cellules"),
        (HEAD + 'x;"y;F;z\n', "guillemet"),
        (HEAD + "x;\0;F;z\n", "octets nuls"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(text: str, told: str) -> None:
    with pytest.raises(DrawRefused, match=told):
        readable(text)


def test_a_refusal_repeats_nothing_of_the_people() -> None:
    for text in (HEAD + "Zoé;1 rue\n", "Zoé;1 rue;F;x\n", "Zoé;Zoé;F;x\n", HEAD + '"Zoé;1'):
        with pytest.raises(DrawRefused) as caught:
            readable(text)
        assert "Zoé" not in str(caught.value)


@pytest.mark.parametrize("raw", [b"a\x81;b\n", b"\xff\xfea\x00\x00\xd8"])
def test_bytes_that_are_no_text_are_told(raw: bytes) -> None:
    with pytest.raises(DrawRefused, match="pas du texte"):
        read_list(raw, BY)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_a_list_or_of_rules(raw: bytes) -> None:
    for read in (lambda: read_list(HEAD.encode() + raw, BY), lambda: read_rules(raw)):
        with suppress(DrawRefused):
            read()


def test_the_order_of_columns_changes_nobody() -> None:
    some = rows(50)
    turned = [dict(reversed(row.items())) for row in some]
    assert readable(written(some)) == readable(written(turned))


def test_the_digest_of_a_list_needs_its_salt() -> None:
    raw = written(rows(5)).encode()
    assert list_digest(raw, b"1" * 32) != list_digest(raw, b"2" * 32)
    assert list_digest(raw, b"1" * 32) != list_digest(raw + b"\n", b"1" * 32)


# --- Rules -----------------------------------------------------------------------------------


def test_rules_are_read() -> None:
    by = read_rules(json.dumps(RULES).encode("utf-8-sig"))
    assert (by.seats, by.reserve, by.household) == (4, 4, "adresse")
    assert by.limits() == [("age", "18-29", 1, 2), ("sexe", "F", 2, 2), ("sexe", "H", 2, 2)]


NOT_RULES: list[tuple[Any, str]] = [
    ([], "objet JSON"),
    ({}, "seats"),
    ({"seats": 0}, "seats"),
    ({"seats": -3}, "seats"),
    ({"seats": True}, "seats"),
    ({"seats": "20"}, "seats"),
    ({"seats": None}, "seats"),
    ({"seats": 10**15}, "seats"),
    ({"seats": 4, "reserve": -1}, "reserve"),
    ({"seats": 4, "reserve": None}, "reserve"),
    ({"seats": 4, "places": 4}, "inconnue « places »"),
    ({"seats": 4, "household": ""}, "household"),
    ({"seats": 4, "household": 3}, "household"),
    ({"seats": 4, "household": " adresse"}, "household"),
    ({"seats": 4, "quotas": []}, "quotas"),
    ({"seats": 4, "quotas": {"sexe": {}}}, "sexe"),
    ({"seats": 4, "quotas": {"sexe": []}}, "sexe"),
    ({"seats": 4, "quotas": {"": {"F": [0, 1]}}}, "quotas"),
    ({"seats": 4, "quotas": {"sexe": {"F": 3}}}, "minimum, maximum"),
    ({"seats": 4, "quotas": {"sexe": {"F": [1]}}}, "minimum, maximum"),
    ({"seats": 4, "quotas": {"sexe": {"F": [1, 2, 3]}}}, "minimum, maximum"),
    ({"seats": 4, "quotas": {"sexe": {"F": [2, 1]}}}, "plus grand que son maximum"),
    ({"seats": 4, "quotas": {"sexe": {"F": [-1, 1]}}}, "entier de 0"),
    ({"seats": 4, "quotas": {"sexe": {"F": [0, True]}}}, "entier de 0"),
    ({"seats": 4, "quotas": {"sexe": {"F": ["0", "1"]}}}, "entier de 0"),
    ({"seats": 4, "quotas": {"sexe": {"F": [0, 10**9]}}}, "entier de 0"),
    ({"seats": 4, "quotas": {"sexe": {"F": [3, 4], "H": [2, 4]}}}, "font 5 pour 4 places"),
    ({"seats": 4, "quotas": {"s": {str(n): [0, 1] for n in range(99)}}}, "1 à 60 valeurs"),
    ({"seats": 4, "quotas": {str(n): {"x": [0, 1]} for n in range(9)}}, "8 colonnes"),
    ({"seats": 4, "quotas": {"s": {"\ud800": [0, 1]}}}, "illisible"),
    ({"seats": 4, "quotas": {"s": {"x" * 101: [0, 1]}}}, "trop long"),
]


@pytest.mark.parametrize(("found", "told"), NOT_RULES)
def test_rules_that_cannot_be_used_say_why(found: Any, told: str) -> None:
    with pytest.raises(DrawRefused, match=told):
        read_rules(json.dumps(found).encode())


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "pas du JSON"),
        (b'{"seats": 4', "coupé"),
        (b'{"seats": 4.0}', "pas un nombre entier"),
        (b'{"seats": 4e1}', "pas un nombre entier"),
        (b'{"seats": NaN}', "pas un nombre entier"),
        (b'{"seats": -Infinity}', "pas un nombre entier"),
        (b'{"seats": ' + b"9" * 5_000 + b"}", "démesuré"),
        (b'{"seats": 4, "seats": 5}', "deux fois"),
        (b"[" * 100_000, "anormal"),
        ('{"household": "numéro"}'.encode("cp1252"), "UTF-8"),
    ],
)
def test_json_that_is_not_plain_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(DrawRefused, match=told):
        read_rules(raw)
