"""A walk with no network from start to end: two telephones, one killed midway, a session that
ended, an answer that was lost; everything arrives, once."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, Route, expect

from parvis.walks.models import Answer, Observation, Picture, Presence, Walk
from tests.cast import Cast, make_cast
from tests.walks.foot import PHONE, fill_in, foot_of, joined_of, kept_page, note, sign_in
from tests.walks.scene import a_check, found, walked, walking

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
FIRST, SECOND, THIRD = "1. Pied des Tilleuls", "2. Rue des Lilas", "3. Placette de l’Écluse"


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    """The cast, with the lists that an installation loads."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_lists", verbosity=0)
    return make_cast()


@pytest.fixture
def open_telephone(
    playwright: Any, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[str], BrowserContext]]:
    """Opens the browser of a telephone, which keeps its things in a folder of its own."""
    opened: dict[str, BrowserContext] = {}

    def start(whose: str) -> BrowserContext:
        context: BrowserContext = playwright.chromium.launch_persistent_context(
            tmp_path / whose, **browser_type_launch_args, **PHONE, locale="fr-FR"
        )
        context.set_default_timeout(20_000)
        opened[whose] = context
        return context

    yield start
    for context in opened.values():
        context.close()


def kill(folder: Path) -> None:
    """SIGKILL to the browser whose profile is this folder: nothing is tidied up."""
    mark = f"--user-data-dir={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def arrive(page: Page, address: str) -> None:
    """Open the walk with a network, once, some day before."""
    page.goto(address)
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    kept_page(page)


def next_stop(page: Page, name: str) -> None:
    page.get_by_role("button", name="Arrêt suivant").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def waiting(page: Page) -> Any:
    return page.get_by_role("link", name=re.compile("^Envoi"))


def lose_one_answer(page: Page, address: str) -> list[str]:
    """The next sending there is received, but its answer never comes back."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        assert route.fetch().status == 200
        route.abort()

    page.route(address, lose)
    return lost


def test_a_walk_without_a_network_is_received_whole_and_once(
    live: Any,
    town: Cast,
    open_telephone: Callable[[str], BrowserContext],
    tmp_path: Path,
    axe: Any,
) -> None:
    walk = walking(town)
    check = a_check(walk, ("observation", found(town, walked(town)).pk), town)
    of_claire, of_link = f"{live.url}{foot_of(walk)}", f"{live.url}{joined_of(walk)}"

    # At the desk, both telephones open the page once.
    claire, guest = open_telephone("claire"), open_telephone("guest")
    sign_in(claire, live.url, town.claire)
    hers, theirs = claire.pages[0], guest.pages[0]
    arrive(hers, of_claire)
    arrive(theirs, of_link)
    for context in (claire, guest):
        context.set_offline(True)

    # In the street there is no network; both pages open all the same.
    hers.reload()
    theirs.reload()
    expect(theirs.get_by_role("heading", name=FIRST)).to_be_visible()

    # claire: five findings, four photos, a check, two presences.
    note(hers, "claire 1", look="Propreté des abords", photos=2)
    note(hers, "claire 2", look="Plantations", strength=True)
    hers.get_by_role("region", name="À vérifier ici").get_by_role("button").nth(2).click()
    hers.get_by_label("Note").fill("Le tas a doublé")
    hers.get_by_role("button", name="Garder", exact=True).click()
    expect(hers.get_by_text(re.compile("^Noté : "))).to_be_visible()
    next_stop(hers, SECOND)
    note(hers, "claire 3", photos=1)
    next_stop(hers, THIRD)
    note(hers, "claire 4", photos=1)
    hers.get_by_label("Aller à un arrêt").select_option("En chemin (sans arrêt)")
    note(hers, "claire 5")
    hers.get_by_role("link", name="Présents").click()
    hers.get_by_role("group", name="Ville d’Anzin").get_by_label("Là", exact=True).check()
    hers.get_by_role("button", name="Une de plus").click()
    axe(hers)
    # 5 findings, 1 answer, 2 presences, 4 photos
    expect(waiting(hers)).to_have_text("Envoi (12)")

    # The guest: three findings, two photos; a fourth half written when the telephone dies.
    note(theirs, "guest 1", look="Propreté des abords", photos=2)
    note(theirs, "guest 2")
    next_stop(theirs, SECOND)
    note(theirs, "guest 3", strength=True)
    theirs.get_by_role("button", name="Ajouter un constat").click()
    fill_in(theirs, "guest 4", photos=1)
    theirs.wait_for_timeout(500)
    kill(tmp_path / "guest")

    # Opened again, still without a network: nothing is lost, and the walk goes on.
    guest = open_telephone("guest")
    guest.set_offline(True)
    theirs = guest.pages[0]
    theirs.goto(of_link)
    expect(theirs.get_by_role("heading", name=SECOND)).to_be_visible()
    expect(waiting(theirs)).to_have_text("Envoi (5)")
    theirs.get_by_role("link", name="Reprendre").click()
    expect(theirs.get_by_label("Note")).to_have_value("guest 4")
    expect(theirs.locator("[data-photos] > li")).to_have_count(1)
    theirs.get_by_role("button", name="Garder", exact=True).click()
    next_stop(theirs, THIRD)
    for number in (5, 6, 7):
        note(theirs, f"guest {number}", photos=1 if number == 7 else 0)
    expect(waiting(theirs)).to_have_text("Envoi (11)")
    assert not Observation.objects.filter(walk=walk).exists()
    assert not Presence.objects.exists()

    # Back at the desk claire's session is over: all is kept, and she is asked to sign in.
    Session.objects.all().delete()
    claire.set_offline(False)
    expect(hers.get_by_text("Votre session est terminée.").first).to_be_visible()
    hers.reload()
    expect(waiting(hers)).to_have_text("Envoi (12)")
    axe(hers)
    assert not Observation.objects.filter(walk=walk).exists()
    way = hers.get_by_role("link", name="Se connecter").first.get_attribute("href")
    sign_in(claire, live.url, town.claire)
    # An answer of the server is lost on the way, for what was noted and for a photo.
    lost = [lose_one_answer(hers, "**/envoi/"), lose_one_answer(hers, "**/photo/")]
    hers.goto(f"{live.url}{way}")
    send = hers.get_by_role("button", name="Envoyer maintenant")
    waiting(hers).click()
    expect(hers.get_by_text("Pas de réseau.")).to_be_visible()
    send.click()
    expect(hers.get_by_text("À envoyer : 4 photos.")).to_be_visible()
    send.click()
    expect(hers.get_by_text("Tout ce qui a été noté ici est reçu.")).to_be_visible()
    assert all(lost)

    # The guest's page sends by itself.
    guest.set_offline(False)
    expect(waiting(theirs)).to_have_text("Envoi")

    # Everything is there, once: twelve findings, eight photos, what was checked, who came.
    everything_arrived(walk, check.pk)
    for page in (hers, theirs):
        page.reload()
        expect(waiting(page)).to_have_text("Envoi")
    everything_arrived(walk, check.pk)


def everything_arrived(walk: Walk, check: int) -> None:
    found_here = Observation.objects.filter(walk=walk)
    wanted = [f"claire {number}" for number in range(1, 6)]
    wanted += [f"guest {number}" for number in range(1, 8)]
    assert sorted(found_here.values_list("note", flat=True)) == wanted
    assert len(wanted) == 12
    pictures = Picture.objects.filter(observation__walk=walk)
    assert pictures.count() == 8
    for one in found_here:
        assert one.pictures.count() == one.pictures_told, one.note
    places = {one.note: one.stop.title if one.stop else "" for one in found_here}
    assert places["claire 3"] == places["guest 4"] == "Rue des Lilas"
    assert places["claire 5"] == ""
    assert found_here.filter(strength=True).count() == 2
    answer = Answer.objects.get(about=check)
    assert (answer.result, answer.note) == ("worse", "Le tas a doublé")
    assert Presence.objects.filter(walk=walk).count() == 2
    assert walk.gathering.guests.get(organisation__name="Ville d’Anzin").came is True
