"""Rows chosen and moved on without a mouse, and shortcuts that can be turned off."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from parvis.reports.models import Part, Report
from tests.cast import Cast
from tests.pages.walk import sign_in
from tests.reports.scene import filed

pytestmark = pytest.mark.browser


@pytest.fixture
def desk_of_karim(live: Any, town: Cast, desk: Any) -> Any:
    for _ in range(3):
        filed()
    sign_in(desk, live.url, town.karim)
    desk.goto(f"{live.url}/signalements/")
    return desk


def states() -> list[str]:
    return list(Part.objects.order_by("-report__at", "-report_id").values_list("state", flat=True))


def test_rows_are_walked_ticked_taken_and_undone(desk_of_karim: Any, axe: Any) -> None:
    page = desk_of_karim
    for key in "jjxjx":
        page.keyboard.press(key)
    expect(page.locator("[data-count]")).to_have_text("2 cochés")
    page.keyboard.press("e")
    expect(page.get_by_role("status").first).to_contain_text("2 faites")
    assert states() == ["new", "taken", "taken"]
    axe(page)
    page.keyboard.press("u")
    expect(page.get_by_role("status").first).to_contain_text("2 annulées")
    assert states() == ["new"] * 3


def test_a_row_is_opened_and_its_part_taken(desk_of_karim: Any) -> None:
    page = desk_of_karim
    page.keyboard.press("j")
    page.keyboard.press("o")
    report = Report.objects.order_by("-at", "-pk")[0]
    page.wait_for_url(f"**/signalements/{report.reference}/")
    page.keyboard.press("e")
    expect(page.get_by_text("Vous avez pris cette part en charge")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Aucun message n’est parti")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/a-traiter/")


def test_letters_that_are_typed_are_letters(desk_of_karim: Any) -> None:
    page = desk_of_karim
    page.keyboard.press("/")
    page.keyboard.type("jex?")
    assert page.input_value("[name=q]") == "jex?"
    assert page.locator("input[name=r]:checked").count() == 0
    assert not page.locator("dialog").is_visible()


def test_shortcuts_are_told_and_turned_off_on_this_device(desk_of_karim: Any, axe: Any) -> None:
    page = desk_of_karim
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    page.get_by_label("Utiliser les raccourcis").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    for key in ("j", "x", "e", "?", "/"):
        page.keyboard.press(key)
    assert page.locator("input[name=r]:checked").count() == 0
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Raccourcis clavier").click()
    page.get_by_label("Utiliser les raccourcis").check()
    page.get_by_role("button", name="Fermer").click()
    page.keyboard.press("j")
    assert page.evaluate("() => document.activeElement.tagName") == "A"


def test_all_rows_of_the_page_are_ticked_at_once(desk_of_karim: Any) -> None:
    page = desk_of_karim
    page.get_by_role("link", name="Tout cocher").click()
    expect(page.locator("[data-count]")).to_have_text("3 cochés")
    page.get_by_role("link", name="Tout décocher").click()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("[data-count]")).to_have_text("Cochez d’abord des signalements.")
