"""Every page, on a phone and on a dark desktop, is clean for axe and keeps within its width."""

from __future__ import annotations

import errno
import re
from functools import partial
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from parvis.operations import failures
from tests.pages.sheet import STRANGER, Sheet
from tests.pages.sheets import OLDER, PAGES, ROOMS, TURNED_AWAY
from tests.pages.walk import DARK_DESK, LONGER, PHONE, SIX, look, sign_in, sticking_out, visit
from tests.pages.world import furnish, world
from tests.templates import template_names

__all__ = ["world"]

# The gallery and the editor's office have tests of their own; mails are not pages.
ELSEWHERE = re.compile(
    r"^ui/(shell|gallery|components/.*)\.html$|^wagtailadmin/|^toolbox/edit_(help|welcome)\.html$|"
    r"^portal/my_data_file\.html$|"  # a file to take away
    r"^django/forms/|/notices/|^notices/(mail|asked|news|digest)\.|\.(txt|svg)$"
)

RESIDENTS = [one for one in OLDER if not one.who and one.status == 200]
GROUPS = {  # of much the same length: each worker takes some
    "the front door": [one for one in RESIDENTS if not one.template.startswith("reports/")],
    "telling and following": [one for one in RESIDENTS if one.template.startswith("reports/")],
    "what partners read": [one for one in OLDER if one.who and one.status == 200],
    "what went wrong": [one for one in OLDER if one.status != 200],
    **{
        # A large room says how its pages are shared out: "councils, opinions".
        group: sheets
        for room, module in ROOMS.items()
        for group, sheets in getattr(module, "GROUPS", {room: module.SHEETS}).items()
    },
}


def test_every_template_of_a_page_is_walked() -> None:
    walked = {name for sheet in PAGES for name in (sheet.template, *sheet.pieces)}
    ours = {name for name in template_names() if not ELSEWHERE.search(name)}
    assert ours == walked


def test_ten_pages_are_the_main_ones() -> None:
    assert sum(sheet.main for sheet in PAGES) == 10


def faults_of(page: Any, axe: Any, sheet: Sheet) -> list[str]:
    """What is wrong with the page that is open, on each screen it must suit."""
    found = []
    screens = [PHONE, *(SIX if sheet.main else [DARK_DESK])]
    for width, scheme in screens:
        look(page, width, scheme)
        where = f"{sheet.path} ({sheet.who or 'stranger'}), {width} px {scheme}: "
        if wide := sticking_out(page):
            found.append(f"{where}sticks out: {wide}")
        try:
            axe(page)
        except AssertionError as violations:
            found.append(f"{where}{violations}")
    look(page, 320, "light")
    page.evaluate(LONGER)
    if wide := sticking_out(page):
        found.append(f"{sheet.path}, text 30 % longer: sticks out: {wide}")
    return found


def _without_room(*args: Any, **kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.browser
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_clean_on_every_screen(
    group: str,
    live: Any,
    world: Any,
    new_context: Any,
    axe: Any,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = group.partition(",")[0]
    if room in ROOMS:
        furnish(world, room)
    pages: dict[str, Any] = {}
    found: list[str] = []
    for sheet in GROUPS[group]:
        if sheet.who not in pages:
            # Colours must not be read half way from one theme to the other.
            pages[sheet.who] = new_context(reduced_motion="reduce").new_page()
            if sheet.who != STRANGER:
                sign_in(pages[sheet.who], live.url, getattr(world.cast, sheet.who))
        page = pages[sheet.who]
        look(page, *PHONE)
        with monkeypatch.context() as patch:
            if sheet.status == 500:
                patch.setattr("parvis.portal.sketch.draw", lambda *_, **__: 1 / 0)
            if sheet.status in TURNED_AWAY:
                calm = failures._calm
                page_of_it = partial(calm, sheet.template, sheet.status)
                patch.setattr(failures, "_calm", lambda *_, page=page_of_it: page())
                patch.setattr("parvis.portal.sketch.draw", _without_room)
            if sheet.status == 429:
                limits = {"login": "1/m/ip"}
                patch.setattr(django_settings, "ACCOUNT_RATE_LIMITS", limits)
                Client().post(sheet.path)
            visit(page, live.url, sheet, world)
        found += faults_of(page, axe, sheet)
        if sheet.status != 200:  # the console says it too
            said = f"responded with a status of {sheet.status}"
            faults[:] = [one for one in faults if said not in one]
    assert not found, "\n\n".join(found)
