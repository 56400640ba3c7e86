"""A report written without a network, in a browser that is killed: received once, with photos."""

from __future__ import annotations

import contextlib
import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from parvis.reports.models import Contact, Report, SpentChallenge
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def town(transactional_db: None) -> Cast:
    """The cast, with the lists that an installation loads."""
    call_command("load_lists", verbosity=0)
    return make_cast()


@pytest.fixture
def open_browser(
    playwright: Any, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[], BrowserContext]]:
    """Opens a browser that keeps its things in one folder, as a telephone does."""
    opened: list[BrowserContext] = []

    def start() -> BrowserContext:
        context: BrowserContext = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", **browser_type_launch_args, **PHONE, locale="fr-FR"
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield start
    opened[-1].close()


def kill(folder: Path) -> None:
    """SIGKILL to the browser whose profile is this folder: nothing is tidied up."""
    mark = f"--user-data-dir={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def photo(name: str, colour: str) -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def wait_for_worker(page: Page) -> None:
    """Until the filing pages are kept."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def test_a_report_survives_a_dead_network_and_a_killed_browser(
    live: Any, town: Cast, open_browser: Callable[[], BrowserContext], tmp_path: Path, axe: Any
) -> None:
    # A first visit, some day, with a network.
    first = open_browser()
    page = first.pages[0]
    page.goto(f"{live.url}/signaler/?residence={town.tilleuls.pk}")
    wait_for_worker(page)

    # In the cellar there is none: the page opens all the same.
    first.set_offline(True)
    page.goto(f"{live.url}/signaler/")
    expect(page.get_by_role("heading", name="Signaler sans réseau")).to_be_visible()
    axe(page)
    page.locator("[name=residence]").select_option(label="Les Tilleuls, Anzin")
    page.locator("[name=category]").select_option("trou_chaussee")
    page.locator("[name=text]").fill("Un trou devant le hall")
    page.locator("[name=email]").fill("lea@exemple.test")
    page.locator("input[type=file]").set_input_files(
        [photo("un.jpg", "#8c5a48"), photo("deux.jpg", "#485a8c")]
    )
    page.get_by_role("button", name="Envoyer dès que possible").click()
    expect(page.get_by_text("1 signalement attend le réseau")).to_be_visible()
    axe(page)
    assert not Report.objects.exists()

    # The telephone dies.
    kill(tmp_path / "profile")

    # Later, elsewhere, with a network.
    second = open_browser()
    page = second.pages[0]
    page.goto(f"{live.url}/signaler/")
    expect(page.get_by_text("Votre signalement est reçu")).to_be_visible()
    axe(page)
    report = Report.objects.get()
    assert (report.text, report.residence_id) == ("Un trou devant le hall", town.tilleuls.pk)
    assert report.photos.count() == 2
    assert Contact.objects.get().email == "lea@exemple.test"
    assert SpentChallenge.objects.count() == 1
    expect(page.locator("[data-reference]").first).to_have_text(report.reference)

    # The receipt stays until it was noted; nothing leaves again.
    page.reload()
    page.get_by_role("button", name="C’est noté").click()
    expect(page.get_by_text("Votre signalement est reçu")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Où cela se passe-t-il ?")).to_be_visible()
    assert Report.objects.count() == 1
