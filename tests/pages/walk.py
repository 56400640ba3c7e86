"""Walking through pages in a browser: as whom, at which width, and what must hold there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.signals import template_rendered

from parvis.partners.actors import SESSION_KEY
from parvis.partners.models import Mandate
from tests.pages.sheet import Sheet

PHONE, DARK_DESK = (360, "light"), (1280, "dark")
SIX = [(width, scheme) for width in (320, 768, 1280) for scheme in ("light", "dark")]

# Elements that stick out, though something may hide it from the page's own width.
WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.map, .scroll, .vh, svg, .skip')
                   && one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName.toLowerCase() + '.' + one.className)"""
DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""
# Blocks whose words are broken letter by letter for want of room.
SQUEEZED = """() => [...document.querySelectorAll('main *')]
    .filter(one => {
        const {width, height} = one.getBoundingClientRect();
        return width < 60 && height > 3 * width && one.checkVisibility()
            && !one.closest('.vh, thead')
            && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    })
    .map(one => one.tagName.toLowerCase() + ' ' + one.textContent.trim().slice(0, 40))"""
LONGER = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, words = node.data.trim();
        if (words && !node.parentElement.closest('script'))
            node.data = node.data.trimEnd() + ' ' + words.slice(0, Math.ceil(words.length * .3));
    }
}"""


def sign_in(page: Any, site: str, person: Any) -> None:
    """Give a browser the session of a person, who acts under their first mandate given."""
    client = Client()
    client.force_login(person)
    session = client.session
    mandate = Mandate.objects.filter(person=person).order_by("pk").first()
    if mandate:
        session[SESSION_KEY] = mandate.pk
        session.save()
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


@contextmanager
def templates_rendered() -> Iterator[set[str]]:
    """The names of templates rendered meanwhile by the live server, a thread of this process."""
    names: set[str] = set()

    def note(template: Any, **_: Any) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


def visit(page: Any, site: str, sheet: Sheet, world: Any) -> None:
    """Go to a page, and make sure that it is the one that was meant."""
    with templates_rendered() as names:
        answer = page.goto(site + sheet.path.format(**vars(world)))
        if sheet.arrive:
            sheet.arrive(page)
        else:
            assert answer.status == sheet.status, f"{sheet.path}: {answer.status}"
    missing = {sheet.template, *sheet.pieces} - names
    assert not missing, f"{sheet.path} does not show {missing}"


def look(page: Any, width: int, scheme: str) -> None:
    """The same page on another screen."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRAWN)


def sticking_out(page: Any) -> list[str]:
    """What is wider than the screen, or squeezed by what is beside it."""
    wide = [*page.evaluate(WIDE), *page.evaluate(SQUEEZED)]
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        wide.append("the page itself")
    return wide
