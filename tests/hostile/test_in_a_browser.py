"""Pages full of hostile words, taken apart by the parser that people's browsers have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest

from parvis.documents import pdf
from tests import guards
from tests.access.test_every_url import Worlds
from tests.hostile.readers import attribute_faults
from tests.hostile.strings import MARK
from tests.hostile.test_stored import plant_everywhere
from tests.hostile.walking import once_each, opened

SAMPLE = 6  # one page in so many
# Every element with its attributes, as [tag, [[name, value], …], text of scripts and styles].
TAKE_APART = """text => Array.from(
  new DOMParser().parseFromString(text, "text/html").querySelectorAll("*"),
  one => [
    one.localName,
    Array.from(one.attributes, held => [held.name, held.value]),
    ["script", "style"].includes(one.localName) ? one.textContent : "",
  ])"""


@pytest.fixture(autouse=True)
def people_may_write_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere template code in a page is a fault of ours; here somebody wrote it."""
    monkeypatch.setattr(guards._InlineFinder, "handle_data", lambda finder, data: None)
    monkeypatch.setattr(pdf, "_compile", lambda _: b"%PDF-1.7")  # pages alone are looked at


def sampled(worlds: Worlds) -> Iterator[tuple[str, str]]:
    """(name and reader, text) of one page in so many that shows what was planted."""
    for stop in once_each(worlds):
        if crc32(stop.name.encode()) % SAMPLE:
            continue
        response, content = opened(worlds, stop.who, stop.url)
        if response.get("Content-Type", "").startswith("text/html") and MARK.encode() in content:
            yield f"{stop.name} {stop.who}", content.decode()


def faults_of(elements: list[Any]) -> list[str]:
    """What would run, or was never ours, in a page that a browser took apart."""
    faults = []
    for tag, attributes, inside in elements:
        if MARK in tag or tag in ("iframe", "object", "embed", "base"):
            faults.append(f"an element {tag}")
        if MARK in inside and dict(attributes).get("type") != "application/json":
            faults.append(f"words inside a {tag}")
        for name, value in attributes:
            faults += attribute_faults(tag, name, value, mail=False)
    return faults


@dataclass
class Seen:
    """A page of a browser that fetches nothing, and what ran in it by the name MARK."""

    page: Any
    ran: list[Any]

    def faults(self, text: str) -> list[str]:
        """What a page holds that is not inert, and whether it ran: shown without our policy, which
        would hide a fault. Escaping alone must hold."""
        found = faults_of(self.page.evaluate(TAKE_APART, text))
        self.page.set_content(text, wait_until="load")
        found += ["it ran"] * bool(self.ran)
        self.ran.clear()
        return found


@pytest.fixture
def seen(browser: Any) -> Iterator[Seen]:
    page, ran = browser.new_page(), []
    page.route("**/*", lambda route: route.fulfill(status=204))
    page.expose_function(MARK, lambda *given: ran.append(given))
    yield Seen(page, ran)
    page.close()


@pytest.mark.browser
@pytest.mark.django_db
def test_a_browser_finds_no_element_of_theirs_and_runs_nothing(worlds: Worlds, seen: Seen) -> None:
    assert plant_everywhere(0) > 500
    looked_at, wrong = 0, []
    for what, text in sampled(worlds):
        wrong += [f"{what}: {fault}" for fault in seen.faults(text)]
        looked_at += 1
    assert not wrong, "\n".join(wrong)
    assert looked_at > 25


@pytest.mark.browser
@pytest.mark.parametrize(
    "text",
    [
        f"<script>{MARK}(1)</script>",
        f"<img src='data:,' onerror='{MARK}(1)'>",
        f"<svg onload={MARK}(1)>",
        f"<title></title><style></style><{MARK}>",
        f"<a href=' java\nscript:{MARK}(1)'>a</a>",
    ],
)
def test_what_would_run_is_seen(seen: Seen, text: str) -> None:
    assert seen.faults(f"<!doctype html><main>{text}</main>")
