"""French words for days, money and counts."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from parvis.ui import words

NOON = datetime.datetime(2026, 3, 5, 11, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 signalement"),
        (1, "1 signalement"),
        (2, "2 signalements"),
        (1200, "1\u202f200 signalements"),
    ],
)
def test_zero_and_one_are_singular(number, expected):
    assert words.counted(number, "signalement", "signalements") == expected.replace(" ", "\u00a0")


def test_a_day_of_this_year_is_told_without_its_year():
    assert words.day_in_words(datetime.date(2026, 3, 3)) == "mardi 3\u00a0mars"


def test_a_day_of_another_year_is_told_with_it():
    assert words.day_in_words(datetime.date(2025, 8, 1)) == "vendredi 1er\u00a0août\u00a02025"


def test_a_moment_is_told_in_the_time_of_france_on_both_sides_of_the_clock_change():
    winter = datetime.datetime(2026, 3, 28, 17, 20, tzinfo=datetime.UTC)
    summer = datetime.datetime(2026, 3, 29, 17, 0, tzinfo=datetime.UTC)
    assert words.moment_in_words(winter) == "samedi 28\u00a0mars à\u00a018\u00a0h\u00a020"
    assert words.moment_in_words(summer) == "dimanche 29\u00a0mars à\u00a019\u00a0h"


def test_a_span_of_one_evening_says_the_day_once():
    start = datetime.datetime(2026, 3, 3, 17, 0, tzinfo=datetime.UTC)
    end = start + datetime.timedelta(hours=2)
    spoken = "mardi 3\u00a0mars de\u00a018\u00a0h à\u00a020\u00a0h"
    assert words.span_in_words(start, end) == spoken


def test_a_span_past_midnight_says_both_moments():
    start = datetime.datetime(2026, 3, 3, 21, 0, tzinfo=datetime.UTC)
    end = start + datetime.timedelta(hours=3)
    assert words.span_in_words(start, end).startswith("du mardi 3")
    assert " au mercredi 4" in words.span_in_words(start, end)


def test_a_moment_late_in_the_evening_utc_belongs_to_the_next_day_in_france():
    late = datetime.datetime(2026, 3, 3, 23, 30, tzinfo=datetime.UTC)
    assert words.day_in_words(late) == "mercredi 4\u00a0mars"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (Decimal("12345.67"), "12\u202f345,67\u202f€"),
        (Decimal("0.005"), "0,01\u202f€"),
        (0, "0,00\u202f€"),
        (-1240, "−1\u202f240,00\u202f€"),
        (1234567.1, "1\u202f234\u202f567,10\u202f€"),
    ],
)
def test_money_is_written_as_in_france(amount, expected):
    assert words.euros_in_words(amount) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0\u00a0ko"),
        (12, "1\u00a0ko"),
        (12_345, "12\u00a0ko"),
        (999_500, "1\u00a0Mo"),
        (3_449_000, "3,4\u00a0Mo"),
        (15_000_000, "15\u00a0Mo"),
        (1_234_560_000, "1\u202f234,6\u00a0Mo"),
    ],
)
def test_a_file_weighs_in_the_units_in_which_limits_are_told(count, expected):
    assert words.weight_in_words(count) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (3, "dans 3\u00a0jours"),
        (-2, "il y a 2\u00a0jours"),
    ],
)
def test_days_from_today_are_told_as_people_say_them(days, expected):
    assert words.days_from_today(timezone.localdate() + datetime.timedelta(days)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lens", "de Lens"),
        ("Anzin", "d’Anzin"),
        ("Inès Caron", "d’Inès Caron"),
        ("Émile", "d’Émile"),
        ("Œuvre", "d’Œuvre"),
        ("", "de "),
    ],
)
def test_de_is_cut_short_before_a_vowel(name, expected):
    assert words.of(name) == expected
