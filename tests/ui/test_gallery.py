"""The gallery in a real browser: every component, at every width, in both themes."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.ui import budget

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.ui.gallery_urls"),
]

WIDE_CHILDREN = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.map, .scroll, .vh, svg, .skip')
                   && one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName + '.' + one.className)"""


@pytest.fixture
def gallery(live):
    return f"{live.url}/ui/"


def maps_ready(page):
    for box in page.locator("[data-map], [data-picker]").all():
        box.locator("[data-canvas]").scroll_into_view_if_needed()
        expect(box).to_have_attribute("data-ready", "")
    page.evaluate("() => scrollTo(0, 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_gallery_is_clean_at_every_width_in_both_themes(
    new_context, gallery, axe, width, scheme
):
    page = new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    page.goto(gallery)
    maps_ready(page)
    axe(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDE_CHILDREN) == []


def test_text_a_third_longer_keeps_its_place_on_a_small_phone(new_context, gallery):
    page = new_context(viewport={"width": 320, "height": 700}).new_page()
    page.goto(gallery)
    page.evaluate("""() => {
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const node = walk.currentNode, words = node.data.trim();
            if (words && !node.parentElement.closest('script')) {
                const more = words.slice(0, Math.ceil(words.length * .3));
                node.data = node.data.trimEnd() + ' ' + more;
            }
        }
    }""")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_everything_to_touch_is_large_enough(phone, gallery):
    phone.goto(gallery)
    small = phone.evaluate("""() => [...document.querySelectorAll(
            'button, .btn, summary, select, textarea, input:not([type=hidden]), .choice')]
        .filter(one => one.checkVisibility() && !one.closest('.choice > *'))
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)""")
    assert small == []


def test_the_first_tab_leads_to_the_content(page, gallery):
    page.goto(gallery)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_by_keyboard_and_closes_by_escape(phone, gallery):
    phone.goto(gallery)
    menu = phone.locator("summary", has_text="Menu")
    menu.focus()
    phone.keyboard.press("Enter")
    link = phone.get_by_role("navigation", name="Menu").get_by_role("link", name="Quartiers")
    expect(link).to_be_visible()
    phone.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_slash_leads_to_the_search_but_not_while_one_writes(page, gallery):
    page.goto(gallery)
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Chercher")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")


def test_choosing_in_the_list_shows_on_the_map_and_the_other_way_round(page, gallery):
    page.goto(gallery)
    maps_ready(page)
    row = page.locator(".list [data-feature='2']")
    pin = page.get_by_role("button", name="Éclairage de la coursive")
    row.get_by_role("link").focus()
    expect(pin).to_have_attribute("data-chosen", "")
    other = page.get_by_role("button", name="Encombrants, entrée 12")
    other.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".list [data-feature='1']")).to_have_attribute("data-chosen", "")
    expect(row).not_to_have_attribute("data-chosen", "")
    expect(page.locator(".leaflet-popup").get_by_role("link")).to_have_text(
        "Encombrants, entrée 12"
    )


def test_a_crowded_map_is_no_trap_for_the_keyboard(page, gallery):
    page.goto(gallery)
    page.evaluate("""() => {
        const data = document.querySelector('[data-features] script');
        const all = JSON.parse(data.textContent);
        const point = all.features.at(-1);
        for (let n = 0; n < 60; n++) all.features.push(
            {...point, properties: {...point.properties, id: `x${n}`}});
        data.textContent = JSON.stringify(all);
    }""")
    maps_ready(page)
    pins = page.locator("[data-map] .pin")
    expect(pins).to_have_count(63)
    expect(page.locator("[data-map] .pin.dot")).to_have_count(61)
    expect(page.locator("[data-map] .pin[tabindex]")).to_have_count(0)


def test_the_list_is_complete_without_a_script(new_context, gallery):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(gallery)
    expect(page.locator(".list [data-feature]")).to_have_count(4)
    expect(page.get_by_role("button", name="Je suis sur place")).to_be_hidden()


def test_here_gives_the_place_of_the_phone(new_context, gallery):
    context = new_context(
        viewport={"width": 360, "height": 740},
        geolocation={"latitude": 50.3571, "longitude": 3.5182, "accuracy": 12},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto(gallery)
    page.get_by_role("button", name="Je suis sur place").click()
    expect(page.locator("[data-picker] [data-status]")).to_contain_text("Position reçue, à 10 m")
    assert page.locator("input[name=latitude]").input_value() == "50.357100"
    assert page.locator("input[name=longitude]").input_value() == "3.518200"


def test_a_phone_that_keeps_its_place_to_itself_is_told_the_other_ways(phone, gallery):
    phone.goto(gallery)
    phone.get_by_role("button", name="Je suis sur place").click()
    expect(phone.locator("[data-picker] [data-status]")).to_contain_text("écrivez l’adresse")
    assert phone.locator("input[name=latitude]").input_value() == ""


def test_a_place_can_be_picked_by_keyboard_and_taken_back(page, gallery):
    page.goto(gallery)
    maps_ready(page)
    page.get_by_role("button", name="Choisir le centre de la carte").press("Enter")
    assert re.fullmatch(r"\d+\.\d{6}", page.locator("input[name=latitude]").input_value())
    page.get_by_role("button", name="Enlever le repère").press("Enter")
    assert page.locator("input[name=latitude]").input_value() == ""
    expect(page.get_by_role("button", name="Je suis sur place")).to_be_focused()


def test_what_was_typed_comes_back_and_can_be_thrown_away(page, gallery):
    page.goto(gallery)
    page.get_by_label("Que se passe-t-il ?").first.fill("Un canapé devant l’entrée")
    page.get_by_role("radio", name="Éclairage").first.check()
    page.get_by_label("La nuit").check()
    page.get_by_label("Où exactement ?").first.select_option("stairs")
    page.reload()
    expect(page.get_by_text("Nous avons retrouvé")).to_be_visible()
    expect(page.get_by_label("Que se passe-t-il ?").first).to_have_value(
        "Un canapé devant l’entrée"
    )
    expect(page.get_by_role("radio", name="Éclairage").first).to_be_checked()
    expect(page.get_by_label("La nuit")).to_be_checked()
    expect(page.get_by_label("Où exactement ?").first).to_have_value("stairs")
    page.get_by_role("button", name="Recommencer à zéro").click()
    expect(page.get_by_label("Que se passe-t-il ?").first).to_have_value("")
    page.reload()
    expect(page.get_by_text("Nous avons retrouvé")).to_have_count(0)


def test_a_draft_is_forgotten_once_sent_and_after_a_week(page, gallery):
    page.goto(gallery)
    for at, found in (("Date.now()", 1), ("Date.now() - 8 * 864e5", 0)):
        page.evaluate(
            "([at, words]) => localStorage.setItem('parvis-draft-gallery',"
            " JSON.stringify({at, values: words}))",
            [page.evaluate(f"() => {at}"), {"words": "Un canapé"}],
        )
        page.reload()
        expect(page.get_by_text("Nous avons retrouvé")).to_have_count(found)


def test_a_draft_keeps_no_hidden_value_and_no_file(page, gallery):
    page.goto(gallery)
    page.get_by_label("Votre e-mail").first.fill("quelquun@example.org")
    page.locator("input[name=latitude]").evaluate("one => { one.value = '50.3' }")
    page.get_by_label("Votre e-mail").first.blur()
    kept = json.loads(page.evaluate("() => localStorage.getItem('parvis-draft-gallery')"))
    assert set(kept["values"]) == {"email"}


def test_two_taps_send_once(page, gallery):
    page.goto(gallery)
    sent = page.evaluate("""() => {
        const form = document.querySelector('form[data-draft]');
        let sent = 0;
        addEventListener('submit', event => {
            if (!event.defaultPrevented) sent++;
            event.preventDefault();
        });
        for (let tap = 0; tap < 3; tap++) form.dispatchEvent(
            new SubmitEvent('submit', {bubbles: true, cancelable: true}));
        return sent;
    }""")
    assert sent == 1


def test_it_moves_little_for_those_who_ask_for_calm(new_context, gallery):
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(gallery)
    moves = "one => getComputedStyle(one).transitionProperty"
    assert page.locator(".btn").first.evaluate(moves) == "none"


def test_printing_leaves_the_menus_out(page, gallery):
    page.goto(gallery)
    page.emulate_media(media="print")
    expect(page.locator(".tabs")).to_be_hidden()
    expect(page.locator(".fil").first).to_be_visible()


def test_a_page_in_arabic_is_laid_out_from_the_right(page, gallery):
    page.goto(gallery)
    page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
    first = page.locator(".fil > li").first.bounding_box()
    heading = page.locator(".fil > li h3 a").first.bounding_box()
    assert heading["x"] + heading["width"] > first["x"] + first["width"] / 2


def test_a_page_without_a_map_in_sight_keeps_within_its_budget(phone, gallery):
    cost = budget.cost_of(phone, lambda: phone.goto(gallery))
    assert cost.stylesheets == 1
    assert cost.total <= budget.PAGE
    assert cost.scripts <= budget.SCRIPTS


def test_maps_keep_within_theirs(page, gallery):
    def visit():
        page.goto(gallery)
        maps_ready(page)

    assert budget.SCRIPTS < budget.cost_of(page, visit).scripts <= budget.SCRIPTS_WITH_MAP
