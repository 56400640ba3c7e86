"""The menu of who signs in: calm on a desk, whole by keyboard and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import expect

from parvis.partners.models import Organisation, Role
from parvis.partners.rights import PARTNERS, doors
from parvis.portal import menu
from parvis.ui import languages
from parvis.ui.components import MenuGroup
from tests.cast import Cast
from tests.pages.walk import sign_in

EVERY = [(role, kind) for role in Role.values for kind in Organisation.Kind.values]
EVERY.append(("gardien", "bailleur"))  # with the telephone of a lodge
ON_ONE_LINE = """() => new Set([...document.querySelectorAll('.tabs .wrap > ul > li')]
    .map(one => one.getBoundingClientRect().top)).size"""


@pytest.mark.parametrize(("role", "kind"), EVERY)
def test_no_entry_leads_to_a_door_that_is_shut_to_this_role(role: str, kind: str) -> None:
    for item in menu.flat(menu.for_partners(role, kind)):
        door = doors()[resolve(item.url).view_name]
        if door.opens_to == PARTNERS and door.roles:
            assert role in door.roles, item.label


@pytest.mark.parametrize(("role", "kind"), EVERY)
def test_each_page_stands_once_in_the_menu(role: str, kind: str) -> None:
    entries = menu.for_partners(role, kind)
    addresses = [item.url for item in menu.flat(entries)]
    assert len(addresses) == len(set(addresses))
    assert len(entries) <= 8


def test_everybody_opens_each_page_of_their_menu(cast: Cast, client: Client) -> None:
    for person in (cast.claire, cast.luc, cast.sofia, cast.hugo):
        client.force_login(person)
        actor = cast.actor(person)
        for item in menu.flat(menu.for_partners(actor.role, actor.kind)):
            assert client.get(item.url).status_code == 200, (actor.role, item.label)


def test_the_group_of_the_page_that_is_open_is_marked(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    answer = client.get("/points-noirs/")
    groups = [one for one in answer.context["menu"] if isinstance(one, MenuGroup)]
    assert [one.label for one in groups if one.current] == ["Terrain"]
    assert answer.content.decode().count('<summary aria-current="true">') == 2


@pytest.mark.browser
def test_on_a_desk_the_menu_takes_one_line_for_each_of_them(
    live: Any, cast: Cast, new_context: Any
) -> None:
    for person in (cast.claire, cast.karim, cast.luc, cast.yasmine):
        page = new_context().new_page()
        sign_in(page, live.url, person)
        page.goto(live.url + "/points-noirs/")
        assert page.evaluate(ON_ONE_LINE) == 1, person.email


@pytest.mark.browser
@pytest.mark.parametrize("width", [1024, 1153, 1280])
@pytest.mark.parametrize("tongue", ["fr", "en", "ar"])
def test_on_a_desk_the_menu_of_residents_takes_one_line(
    live: Any, cast: Cast, new_context: Any, tongue: str, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.context.add_cookies([{"name": languages.COOKIE, "value": tongue, "url": live.url}])
    for entry in menu.for_residents():  # the one that is open stands in bold
        page.goto(live.url + entry.url)
        assert page.evaluate(ON_ONE_LINE) == 1, entry.url


@pytest.mark.browser
def test_a_group_opens_and_is_left_by_keyboard(live: Any, cast: Cast, new_context: Any) -> None:
    page = new_context().new_page()
    sign_in(page, live.url, cast.claire)
    page.goto(live.url + "/signalements/")
    tabs = page.get_by_role("navigation", name="Principale")
    group, link = tabs.locator("summary", has_text="Organisation"), tabs.get_by_text("Envois")
    group.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(group).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(link).to_be_hidden()


@pytest.mark.browser
def test_without_a_script_one_group_is_open_at_a_time(
    live: Any, cast: Cast, new_context: Any
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live.url, cast.claire)
    page.goto(live.url + "/signalements/")
    tabs = page.get_by_role("navigation", name="Principale")
    tabs.locator("summary", has_text="Terrain").click()
    tabs.locator("summary", has_text="Organisation").click()
    expect(tabs.get_by_role("link", name="Points noirs")).to_be_hidden()
    tabs.get_by_role("link", name="Envois").click()
    expect(page).to_have_title("Envois – Parvis")


@pytest.mark.browser
def test_on_a_phone_the_group_of_the_page_is_open(live: Any, cast: Cast, phone: Any) -> None:
    sign_in(phone, live.url, cast.claire)
    phone.goto(live.url + "/points-noirs/")
    phone.locator(".burger > summary").tap()
    shown = phone.get_by_role("navigation", name="Menu")
    expect(shown.get_by_role("link", name="Points noirs")).to_have_attribute("aria-current", "page")
    shown.locator("summary", has_text="Engagements").tap()
    expect(shown.get_by_role("link", name="Abattement TFPB")).to_be_visible()
