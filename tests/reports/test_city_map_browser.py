"""The map of a city with many reports: numbers from afar, each report from near."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import expect

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


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_number_is_opened_by_keyboard(live: Any, town: Cast, desk: Any, key: str) -> None:
    crowd(town, 1_600, indexed=False)
    desk.goto(f"{live.url}/signalements/")
    desk.locator("#carte").scroll_into_view_if_needed()
    desk.locator("[data-map][data-ready]").wait_for()
    for _ in range(4):
        if desk.locator(".pin").count():
            break
        desk.locator(".bubble").first.focus()
        desk.keyboard.press(key)
        expect(desk.locator("[data-canvas]")).to_be_focused()
        desk.wait_for_timeout(900)
    desk.locator(".pin").first.wait_for()


def test_what_a_crowd_hid_from_the_keyboard_is_reached_from_nearer(
    live: Any, town: Cast, phone: Any
) -> None:
    crowd(town, 1_600, indexed=False)
    left = [60, 5]  # reports in sight: from a street, then from its corner

    def few(route: Any) -> None:
        answer = route.fetch()
        data = answer.json()
        shown = left.pop(0) if len(left) > 1 else left[0]
        long = ["Encombrants au pied de l’immeuble ou dans l’immeuble"] * len(data["labels"])
        here = {"points": data["points"][:shown], "labels": long}
        route.fulfill(response=answer, json={**data, **here})

    phone.route("**/carte.json?box=*", few)
    phone.goto(f"{live.url}/signalements/")
    phone.locator("#carte").scroll_into_view_if_needed()
    phone.locator("[data-map][data-ready]").wait_for()
    pins = phone.locator(".pin")
    for _ in range(4):
        if pins.count():
            break
        phone.locator(".bubble").first.click()
        phone.wait_for_timeout(900)
    expect(pins).to_have_count(60)
    expect(phone.locator(".pin[tabindex]")).to_have_count(0)
    phone.locator("[data-canvas]").focus()
    phone.keyboard.press("+")
    expect(phone.locator(".pin[tabindex='0']")).to_have_count(5)
    pins.first.focus()
    phone.keyboard.press("Enter")
    link = phone.locator(".leaflet-popup a[href^='/signalements/']")
    expect(link).to_be_focused()
    phone.keyboard.press("Escape")
    expect(pins.first).to_be_focused()
    phone.keyboard.press("Enter")
    expect(link).to_be_focused()
    close = phone.locator(".leaflet-popup").get_by_role("button", name="Fermer")
    expect(close).to_be_visible()
    phone.wait_for_timeout(600)  # the map glides until the popup is in it
    edge, box = phone.locator("[data-canvas]").bounding_box(), close.bounding_box()
    assert box["x"] + box["width"] <= edge["x"] + edge["width"]
    link.press("Enter")
    phone.wait_for_url("**/signalements/R-*/")


def test_a_popup_opens_below_the_buttons_of_the_map(live: Any, town: Cast, phone: Any) -> None:
    crowd(town, 20, indexed=False)
    phone.goto(f"{live.url}/signalements/")
    phone.locator("#carte").scroll_into_view_if_needed()
    phone.locator("[data-map][data-ready]").wait_for()
    canvas, pin = phone.locator("[data-canvas]"), phone.locator(".pin").first
    canvas.focus()
    for _ in range(9):  # until the pin stands at the top of the map
        if pin.bounding_box()["y"] - canvas.bounding_box()["y"] < 90:
            break
        phone.keyboard.press("ArrowDown")
        phone.wait_for_timeout(400)
    pin.focus()
    phone.keyboard.press("Enter")
    words = phone.locator(".leaflet-popup-content-wrapper")
    expect(words).to_be_visible()
    phone.wait_for_timeout(600)  # the map glides until the popup is in it
    expect(words).to_be_in_viewport()  # and its line in the list did not take the map away
    buttons = canvas.locator(".leaflet-control-zoom").bounding_box()
    assert words.bounding_box()["y"] >= buttons["y"] + buttons["height"]
