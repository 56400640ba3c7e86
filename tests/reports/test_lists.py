from __future__ import annotations

import zipfile
from pathlib import Path

import lucide
import pytest

from parvis.reports import categories
from parvis.reports.lists import load
from parvis.reports.models import Category
from parvis.reports.stops import stop_of, stops
from parvis.upkeep.themes import themes

ROWS = categories.tree()
LEAVES = [row for row in ROWS if row["parent"]]


def test_every_icon_exists() -> None:
    archive = zipfile.ZipFile(Path(lucide.__file__).parent / "lucide.zip")
    names = {Path(name).stem for name in archive.namelist()}
    assert {row["icon"] for row in ROWS} <= names


def test_every_theme_is_in_the_list_of_themes() -> None:
    assert {row["theme_code"] for row in ROWS} <= set(themes())


def test_every_stop_message_exists_and_is_used() -> None:
    assert {row["stop"] for row in LEAVES} - {""} == set(stops())


def test_every_number_says_where_it_was_read() -> None:
    for stop in stops().values():
        assert stop.numbers
        assert all(number.source and number.label for number in stop.numbers)


def test_the_gas_message_gives_the_gas_number_first() -> None:
    stop = stop_of("gaz")
    assert stop is not None
    assert stop.numbers[0].number == "0 800 47 33 33"
    assert stop.numbers[0].href == "tel:0800473333"
    assert stop_of("") is None


def test_114_is_written_to() -> None:
    stop = stop_of("danger")
    assert stop is not None
    assert {number.href for number in stop.numbers} >= {"tel:112", "sms:114"}


@pytest.mark.parametrize("row", LEAVES, ids=lambda row: row["code"])
def test_a_category_asks_little(row: dict) -> None:
    assert len(row["questions"]) <= 3
    assert 1 <= row["delay_days"] <= 15
    for question in row["questions"]:
        assert question["label"]
        assert len(question["choices"]) == len(set(question["choices"])) >= 2


@pytest.mark.parametrize(
    "family", ["tranquillite", "logements_vacants", "chauffage_eau_ventilation"]
)
def test_what_concerns_people_at_home_is_never_public(family: str) -> None:
    assert not any(row["may_be_public"] for row in ROWS if family in (row["code"], row["parent"]))


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    load()
    before = list(Category.objects.order_by("pk").values())
    assert load().startswith("21 familles")
    assert list(Category.objects.order_by("pk").values()) == before
    assert all(row["parent_id"] for row in before if row["code"] in {r["code"] for r in LEAVES})


@pytest.mark.django_db
def test_what_left_the_file_is_kept_but_no_longer_offered() -> None:
    Category.objects.create(code="ancienne", label="Ancienne", theme_code="proprete")
    load()
    assert not Category.objects.get(code="ancienne").active
    assert Category.objects.get(code="salete").active
