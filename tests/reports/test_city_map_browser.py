"""The map of a city with many reports: numbers from afar, each report from near."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.cast import Cast
from tests.figures.crowd import crowd

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_a_crowded_map_shows_numbers_and_then_reports(
    live: Any, town: Cast, request: pytest.FixtureRequest, axe: Any, screen: str
) -> None:
    crowd(town, 1_600, indexed=False)
    page = request.getfixturevalue(screen)
    page.goto(f"{live.url}/signalements/")
    page.locator("#carte").scroll_into_view_if_needed()
    page.locator("[data-map][data-ready]").wait_for()
    numbers = page.locator(".bubble")
    assert numbers.count() >= 1
    assert page.locator(".pin").count() == 0
    shown = sum(int(words) for words in numbers.all_inner_texts())
    assert shown == 1_066  # those that are public
    axe(page)
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{screen}-city.png", full_page=True)
    for _ in range(4):
        if page.locator(".pin").count():
            break
        numbers.first.click()
        page.wait_for_timeout(900)
    page.locator(".pin").first.wait_for()
    assert numbers.count() == 0
    axe(page)
    if folder:
        page.locator("#carte").screenshot(path=f"{folder}/{screen}-street.png")
