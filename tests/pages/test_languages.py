"""Residents' pages in English and Arabic: whole, the right way round, and clean on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import resolve

from parvis.ui.catalogues import SOURCES
from parvis.ui.languages import COOKIE
from tests.pages.sheet import STRANGER, Sheet
from tests.pages.sheets import OLDER, ROOMS
from tests.pages.walk import PHONE, look, sticking_out, visit
from tests.pages.world import furnish, world

__all__ = ["world"]

# Read alike in every language: names, codes, examples, what people wrote.
ALIKE = re.compile(
    r"Parvis|R-\d{4}-|@|https?:|^[\W\d]+$|^\d|Rives|Faubourg|Tilleuls|Escaut|Anzin|Hainaut|"
    r"Valenciennes|Raismes|^(csv|ods|xlsx|geojson)$"
)
SKIPPED = {"script", "style", "svg", "option", "template"}
VOID = {"meta", "link", "img", "input", "br", "hr", "path", "rect", "source"}


class Words(HTMLParser):
    """The words of a page, but for those that it says to be French."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        apart = tag in SKIPPED or (tag != "html" and "lang" in given)
        hidden = apart or any(one for _, one in self.open)
        if not hidden:
            spoken = ("aria-label", "placeholder", "alt")
            self.said.update(given[name].strip() for name in spoken if given.get(name))  # type: ignore[union-attr]
        if tag not in VOID:
            self.open.append((tag, apart))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(one for _, one in self.open):
            self.said.add(" ".join(data.split()))


def in_every_language(sheet: Sheet) -> bool:
    """Whether a stranger arrives there by a link, and reads it in the language they chose."""
    if sheet.who != STRANGER or sheet.arrive or sheet.status != 200:
        return False
    view = resolve(sheet.path.partition("?")[0]).func
    return getattr(view, "in_every_language", False)


def shared(world: Any) -> list[Sheet]:
    """The pages that residents read; rooms give the same name to things of their own, so each
    page is named as soon as its room is furnished."""
    found = [replace(one, path=one.path.format(**vars(world))) for one in OLDER if "{" in one.path]
    found += [one for one in OLDER if "{" not in one.path]
    for room in ("portal", "gatherings", "notices"):
        furnish(world, room)
        sheets = ROOMS[room].SHEETS
        found += [replace(one, path=one.path.format(**vars(world))) for one in sheets]
    return [one for one in found if in_every_language(one)]


def same_in(language: str) -> set[str]:
    """The words of the catalogue that this language shares with French."""
    with (SOURCES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = read_po(file, locale=language)
    return {one.id for one in known if one.id and one.string == one.id}


def left_in_french(french: str, other: str, language: str) -> set[str]:
    both = (Words(french).said & Words(other).said) - same_in(language)
    return {words for words in both if not ALIKE.search(words) and re.search(r"[a-zà-ÿ]{3}", words)}


@pytest.mark.django_db
def test_no_french_word_is_left_on_pages_of_residents(world: Any) -> None:
    left: dict[str, set[str]] = {}
    sheets = shared(world)
    for sheet in sheets:
        path = sheet.path
        french = Client().get(path).content.decode()
        for language in ("en", "ar"):
            reader = Client()
            reader.cookies[COOKIE] = language
            page = reader.get(path).content.decode()
            head = f'<html lang="{language}"' + (' dir="rtl"' if language == "ar" else "")
            assert head in page, path
            if found := left_in_french(french, page, language):
                left[f"{path} {language}"] = found
    assert len(sheets) > 20
    assert not left, "\n".join(f"{where}: {words}" for where, words in left.items())


OUT = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.map, .scroll, .vh, svg, .skip')
                   && one.getBoundingClientRect().left < -1)
    .map(one => one.tagName.toLowerCase() + '.' + one.className)"""


@pytest.mark.browser
def test_pages_in_arabic_are_clean_on_a_phone(
    live: Any, world: Any, new_context: Any, axe: Any, faults: list[str]
) -> None:
    context = new_context(reduced_motion="reduce")
    context.add_cookies([{"name": COOKIE, "value": "ar", "url": live.url}])
    page = context.new_page()
    found = []
    for sheet in shared(world):
        look(page, *PHONE)
        visit(page, live.url, sheet, world)
        if wide := [*sticking_out(page), *page.evaluate(OUT)]:
            found.append(f"{sheet.path}: sticks out: {wide}")
        try:
            axe(page)
        except AssertionError as violations:
            found.append(f"{sheet.path}: {violations}")
    assert not found, "\n\n".join(found)


@pytest.mark.browser
def test_a_map_keeps_its_controls_and_what_points_ahead_turns_round(
    live: Any, world: Any, new_context: Any
) -> None:
    context = new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": COOKIE, "value": "ar", "url": live.url}])
    page = context.new_page()
    page.goto(f"{live.url}/signaler/")
    zoom = page.locator(".leaflet-control-zoom")
    zoom.wait_for()
    canvas = page.locator("[data-canvas]").bounding_box()
    box = zoom.bounding_box()
    assert box["x"] - canvas["x"] < 20  # at its left, as on every map
    assert page.locator(".leaflet-control-zoom-in").get_attribute("title") == "تقريب"
    page.goto(f"{live.url}/quartiers/{world.rives}/")
    arrow = page.locator(".crumbs .ahead").first
    assert arrow.evaluate("one => getComputedStyle(one).transform").startswith("matrix(-1")
