"""Every marked word is translated, in both languages, with all that is to be filled in."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from parvis.ui.catalogues import SOURCES, compile_catalogues
from parvis.ui.marks import marked

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
HOLES = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]+>")


def catalogue(language: str) -> Any:
    with (SOURCES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_is_marked_and_nothing_else(language: str) -> None:
    wanted = {(one.one, one.several) if one.several else one.one for one in marked()}
    kept = {one.id for one in catalogue(language) if one.id}
    assert kept == wanted, "run `parvis update_catalogues`, then translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated_and_fills_the_same_holes(language: str) -> None:
    found = catalogue(language)
    faults = []
    for one in found:
        if not one.id:
            continue
        if one.fuzzy or not (all(one.string) if isinstance(one.string, tuple) else one.string):
            faults.append(f"not translated: {one.id}")
        elif isinstance(one.id, tuple):
            # The number may be left out where the words say it: « بلاغان » are two.
            if len(one.string) != found.num_plurals or "{n}" not in one.string[-1]:
                faults.append(f"wrong forms: {one.id}")
        elif sorted(HOLES.findall(one.id)) != sorted(HOLES.findall(one.string)):
            faults.append(f"other holes: {one.id} -> {one.string}")
    assert not faults, "\n".join(faults)


def test_compiling_again_costs_nothing(settings: Any, tmp_path: Any) -> None:
    settings.COMPILED_LOCALE = tmp_path
    assert len(compile_catalogues()) == len(LANGUAGES)
    start = time.perf_counter()
    assert compile_catalogues() == []
    assert time.perf_counter() - start < 0.2


def test_a_catalogue_that_changed_is_compiled_anew(settings: Any, tmp_path: Any) -> None:
    settings.COMPILED_LOCALE = tmp_path
    first, *_ = compile_catalogues()
    first.touch()
    assert compile_catalogues() == [first]
