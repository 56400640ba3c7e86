"""A sheet in the editor's office, from the first word to the day nobody vouches for it any more:
sofia proposes it, claire comments on a passage and asks for changes, sofia mends it, claire
validates it, everybody reads it; then its time is over and its page says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from parvis.notices.models import Message
from parvis.toolbox.edit_due import review_sheets
from parvis.toolbox.models import MethodSheet, Sheet
from parvis.toolbox.office import desk_of
from tests.cast import make_cast
from tests.journeys.test_word_back import sign_in
from tests.toolbox.scene import a_sheet

TITLE = "Suivre un chantier depuis la rue"
SLOW = 30_000  # milliseconds: the editor's pages are heavy


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Any) -> Any:
    """The cast, with the lists that an installation loads."""
    settings.MEDIA_ROOT = tmp_path
    settings.SECOND_FACTOR = False
    # What is typed is saved on pressing a button: one that is pressed while the editor saves by
    # itself is told of two versions.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    call_command("load_lists", verbosity=0)
    return make_cast()


def enter(page: Page, site: str, person: Any) -> None:
    """Sign in and open the office."""
    sign_in(page, site, person)
    page.goto(f"{site}{reverse('toolbox:office')}")
    with page.expect_navigation():
        page.get_by_role("button", name="Ouvrir l’atelier").click()
    seen(page.get_by_role("heading", name="Que voulez-vous faire"))


def seen(what: Locator) -> None:
    expect(what).to_be_visible(timeout=SLOW)


def write(page: Page, name: str, words: str) -> None:
    """Type in a rich text of the form, in place of what it holds."""
    box = page.locator(f"[data-contentpath='{name}'] [contenteditable=true]")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    # The form has it a moment after the eye.
    kept = page.locator(f"input[name='{name}']")
    expect(kept).to_have_value(re.compile(re.escape(words)), timeout=SLOW)


def choose(page: Page, action: str) -> None:
    """Do what the menu at the foot of the form offers."""
    button = page.locator(f"footer [name='{action}']").first
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target='toggle']").click()
    with page.expect_navigation():
        page.locator(f"[name='{action}']:visible").first.click()


def workflow(page: Page, action: str, words: str) -> None:
    """Decide of the proposal, with a word to its author."""
    # The one that asks for a word, where there are two.
    name = f"[data-workflow-action-name='{action}'][data-workflow-action-modal-url]"
    if not page.locator(name).first.is_visible():
        page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator(f"{name}:visible").first.click()
    dialog = page.locator(".modal-dialog")
    dialog.locator("textarea").fill(words)
    with page.expect_navigation():
        dialog.locator("[type=submit]").click()


def comment(page: Page, field: str, words: str) -> None:
    """Comment on a part of the sheet, beside it."""
    part: Locator = page.locator(f"[data-contentpath='{field}']")
    part.hover()
    part.locator("[data-comment-add]").first.click()
    new = page.locator(".comment--mode-creating")
    new.locator("textarea").fill(words)
    new.locator("button[type=submit]").click()
    # The form has it a moment after the eye.
    kept = page.locator("input[name^='comments-'][name$='-text']")
    expect(kept.first).to_have_value(words, timeout=SLOW)
    with page.expect_navigation():
        page.locator("footer .action-save").first.click()


@pytest.mark.browser
def test_a_sheet_from_proposal_to_expiry(
    town: Any, live: Any, new_context: Callable[..., Any]
) -> None:
    sofia, claire, visitor = (new_context().new_page() for _ in range(3))
    for page in (sofia, claire):
        page.set_default_timeout(SLOW)
    desk = desk_of(town.town)

    # Proposed: what is missing is said first, and nothing typed is lost.
    enter(sofia, live.url, town.sofia)
    sofia.goto(
        live.url + reverse("wagtailadmin_pages:add", args=["toolbox", "methodsheet", desk.pk])
    )
    sofia.locator("[name=title]").fill(TITLE)
    sofia.locator("[name=question]").fill("Que regarder d’un chantier sans y entrer ?")
    write(sofia, "steps", "Faire le tour des palissades")
    choose(sofia, "action-submit")
    seen(sofia.get_by_text("Dites en une phrase ce que la fiche apporte."))
    expect(sofia.locator("[name=title]")).to_have_value(TITLE, timeout=SLOW)
    sofia.locator("[name=summary]").fill("Ce que chacun peut voir et signaler.")
    write(sofia, "who", "Le gardien et les habitants de la rue")
    choose(sofia, "action-submit")
    sheet = MethodSheet.objects.get()
    edit = live.url + reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    public = live.url + reverse("toolbox:sheet", args=[sheet.pk])
    assert visitor.request.get(public).status == 404

    # Read by the coordination, passage by passage.
    enter(claire, live.url, town.claire)
    seen(claire.get_by_role("link", name=TITLE).first)
    claire.goto(edit)
    comment(claire, "question", "Dites aussi à quelle heure.")
    workflow(claire, "reject", "Presque : une précision à ajouter.")
    assert Message.objects.filter(event__startswith="sheet.changes:").count() == 1

    # Mended and proposed again.
    sofia.goto(edit)
    expect(sofia.get_by_text("Dites aussi à quelle heure.").first).to_be_attached(timeout=SLOW)
    write(sofia, "steps", "Faire le tour des palissades à la tombée du jour")
    choose(sofia, "action-submit")

    # Validated: everybody reads it.
    claire.goto(edit)
    workflow(claire, "approve", "Merci.")
    visitor.goto(public)
    seen(visitor.get_by_role("heading", name=TITLE))
    found = Sheet.objects.get(pk=sheet.pk)
    assert (found.version, found.validated_on) == (1, timezone.localdate())

    # Carried away with two others, in one PDF.
    others = [a_sheet(town, title=title) for title in ("Préparer une marche", "Rendre compte")]
    for one in (found, *others):
        visitor.goto(live.url + reverse("toolbox:sheet", args=[one.pk]))
        with visitor.expect_navigation():
            visitor.get_by_role("button", name="Ajouter à mon livret").click()
    visitor.goto(live.url + reverse("toolbox:booklet"))
    seen(visitor.get_by_role("heading", name="3 fiches choisies"))
    visitor.get_by_label("Titre").fill("Nos trois fiches")
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Faire le PDF").click()
    booklet = visitor.get_by_role("link", name="Ouvrir le PDF").get_attribute("href")
    paper = visitor.request.get(f"{live.url}{booklet}").body()
    assert paper.startswith(b"%PDF")
    assert b"/StructTreeRoot" in paper

    # Its time is over: the page says so, and its authors are told.
    Sheet.objects.filter(pk=sheet.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert review_sheets() == 2
    visitor.goto(public)
    seen(visitor.get_by_text("n’est plus").first)
    sofia.goto(f"{live.url}{reverse('toolbox:edit_due')}?etat=perimees")
    seen(sofia.get_by_role("link", name=TITLE))
