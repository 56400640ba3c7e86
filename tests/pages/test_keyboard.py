"""The site by keyboard alone: focus is always seen, nothing holds it, all can be done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from parvis.reports.models import Report
from tests.pages.sheets import PAGES
from tests.pages.walk import sign_in, visit
from tests.pages.world import world

__all__ = ["world"]

pytestmark = pytest.mark.browser
FAR = 150  # stops of a page at most; more would be a burden, or a trap

# Where the focus is: its number on this page, what it is, and why it cannot be seen, if so.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    window.stops ??= new Map();
    if (!window.stops.has(one)) window.stops.set(one, window.stops.size);
    const marked = element => {
        const style = element && getComputedStyle(element);
        return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const box = one.getBoundingClientRect();
    const shown = box.width > 3 && box.height > 3 && box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth;
    const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.y + box.height / 2, 1), innerHeight - 2);
    const above = document.elementFromPoint(x, y);
    const near = one.closest('label') ?? one;
    const free = above && (near.contains(above) || above.contains(one));
    let fault = '';
    if (!marked(one) && !marked(one.closest('label, .choice, .field'))) fault = 'has no outline';
    else if (!shown) fault = 'is off the screen';
    else if (!free) fault = 'is behind ' + above?.outerHTML.slice(0, 80);
    return [window.stops.get(one), one.outerHTML.slice(0, 120), fault];
}"""


def stops(page: Any) -> list[list[Any]]:
    """Every stop of the Tab key, from the first to the last."""
    found: list[list[Any]] = []
    while len(found) < FAR:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or (found and stop[0] == 0):
            return found
        found.append(stop)
    raise AssertionError(f"{page.url}: the Tab key never comes out; last {found[-3:]}")


def tab_to(page: Any, target: Any) -> None:
    """Press Tab until the target has the focus, which must be seen at each stop."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert not stop or not stop[2], f"{page.url}: {stop}"
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{page.url}: the keyboard does not reach {target}")


def test_focus_is_seen_at_each_stop_and_never_held(live: Any, world: Any, new_context: Any) -> None:
    pages: dict[str, Any] = {}
    unseen = []
    for sheet in (one for one in PAGES if one.main):
        if sheet.who not in pages:
            pages[sheet.who] = new_context(reduced_motion="reduce").new_page()
            if sheet.who:
                sign_in(pages[sheet.who], live.url, getattr(world.cast, sheet.who))
        page = pages[sheet.who]
        visit(page, live.url, sheet, world)
        found = stops(page)
        assert len(found) > 5, sheet.path
        unseen += [f"{sheet.path}: {what} {why}" for _, what, why in found if why]
    assert not unseen, "\n".join(unseen)


def test_a_problem_is_reported_by_keyboard_alone(live: Any, world: Any, new_context: Any) -> None:
    before = Report.objects.count()
    page = new_context(reduced_motion="reduce").new_page()
    keys, main = page.keyboard, page.get_by_role("main")
    page.goto(live.url)
    tab_to(page, main.get_by_label("Votre résidence, votre quartier ou votre commune"))
    keys.type("tilleuls")
    keys.press("Enter")
    page.wait_for_url("**/signaler/?q=tilleuls")
    tab_to(page, main.get_by_role("link", name="Les Tilleuls"))
    keys.press("Enter")
    page.wait_for_url("**/signaler/?residence=*")
    tab_to(page, main.get_by_role("radio", name="Toute la résidence"))
    keys.press("ArrowDown")
    tab_to(page, main.get_by_role("radio", name="Ailleurs"))
    keys.press("ArrowDown")
    inside = page.evaluate("() => document.activeElement.value")
    tab_to(page, main.get_by_role("button", name="Continuer"))
    keys.press("Enter")
    page.wait_for_url("**/signaler/quoi/**")
    tab_to(page, main.locator("summary", has_text="Encombrants et dépôts"))
    keys.press("Enter")
    tab_to(page, main.get_by_role("link", name="Encombrants au pied ou dans l’immeuble"))
    keys.press("Enter")
    page.wait_for_url("**/signaler/dire/**")
    for group in main.locator("fieldset:has(input[type=radio])").all():
        tab_to(page, group.locator("input").first)
        keys.press("Space")
    tab_to(page, main.locator("[name=text]"))
    keys.type("Un matelas dans le hall.")
    tab_to(page, main.get_by_role("button", name="Envoyer le signalement"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Merci, votre signalement est envoyé")).to_be_visible()
    assert Report.objects.count() == before + 1
    assert Report.objects.latest("pk").inside == inside


def test_the_mandate_is_switched_by_keyboard(live: Any, world: Any, new_context: Any) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    sign_in(page, live.url, world.cast.claire)
    page.goto(f"{live.url}/a-traiter/")
    switch = page.locator(".tools details.switch")
    tab_to(page, switch.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, switch.get_by_role("button", name="Les Voisins"))
    page.keyboard.press("Enter")
    said = page.get_by_text("Vous agissez maintenant pour Les Voisins")
    expect(said).to_be_visible()


def test_a_part_is_moved_on_by_keyboard(live: Any, world: Any, new_context: Any) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    sign_in(page, live.url, world.cast.karim)
    page.goto(f"{live.url}/signalements/{world.report}/")
    main = page.get_by_role("main")
    tab_to(page, main.get_by_role("button", name="Prendre en charge"))
    page.keyboard.press("Space")
    expect(page.get_by_text("Vous avez pris cette part en charge.")).to_be_visible()
    tab_to(page, main.get_by_role("link", name="C’est réglé"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/etape/settle/"))
    tab_to(page, main.locator("[name=answer]"))
    page.keyboard.type("Le trottoir est dégagé.")
    tab_to(page, main.get_by_role("button", name="C’est réglé"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Part réglée.")).to_be_visible()
