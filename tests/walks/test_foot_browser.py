"""The page on foot in a telephone's browser: what is noted is kept, shown, corrected, sent once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, Route, expect

from parvis.gatherings.models import Gathering
from parvis.walks.models import Walk
from tests.cast import Cast
from tests.tfpb.bilan_scene import running
from tests.ui import budget
from tests.walks.foot import (
    PHONE,
    fill_in,
    foot_of,
    joined_of,
    kept_page,
    note,
    photo,
    rows,
    sign_in,
)
from tests.walks.scene import a_check, a_picture, first_stop, found, walked, walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STOP = "1. Pied des Tilleuls"
OWN_POINT = "Le lieu de l’arrêt."


class Desk:
    """The receiving end, as the contract says it: what came, and what it is told to answer."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.photos: list[str] = []
        self.refusals: dict[str, str] = {}  # why, by the note of the finding
        self.early = 0  # how many times a photo is told to come later
        self.fulfil: dict[str, Any] | None = None  # any other answer

    def items_came(self, route: Route) -> None:
        if self.fulfil:
            return route.fulfill(**self.fulfil)
        sent = json.loads(route.request.post_data or "")
        kept, refused = [], {}
        for item in sent["items"]:
            if why := self.refusals.get(item.get("note", "")):
                refused[item["uid"]] = why
            else:
                kept.append(item["uid"])
                self.items.append(item)
        return route.fulfill(json={"kept": kept, "refused": refused, "at": sent["sent_at"]})

    def photo_came(self, route: Route) -> None:
        body = (route.request.post_data_buffer or b"").decode("latin-1")
        uid = body.split('name="uid"\r\n\r\n')[1].split("\r\n")[0]
        if self.early:
            self.early -= 1
            return route.fulfill(status=409, json={"wait": True, "error": "Pas encore."})
        self.photos.append(uid)
        return route.fulfill(json={"kept": [uid]})


def until(page: Page, came: Callable[[], Any]) -> None:
    """Wait for what the desk is to receive: the page counts it a moment later."""
    for _ in range(200):
        if came():
            return
        page.wait_for_timeout(100)


@pytest.fixture
def desk_end() -> Desk:
    return Desk()


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walking(cast)


@pytest.fixture
def telephone(
    new_context: Callable[..., BrowserContext], live: Any, cast: Cast, walk: Walk, desk_end: Desk
) -> BrowserContext:
    """claire's telephone, signed in; what it sends reaches the desk."""
    context = new_context(**PHONE)
    sign_in(context, live.url, cast.claire)
    context.route("**/envoi/", desk_end.items_came)
    context.route("**/photo/", desk_end.photo_came)
    return context


@pytest.fixture
def page(telephone: BrowserContext, live: Any, walk: Walk) -> Page:
    """The walk, open at its first stop and ready for no network."""
    page = telephone.new_page()
    page.goto(f"{live.url}{foot_of(walk)}")
    expect(page.get_by_role("heading", name=STOP)).to_be_visible()
    kept_page(page)
    return page


@pytest.fixture
def cut(telephone: BrowserContext, page: Page, faults: list[str]) -> Iterator[Page]:
    """The same, once the network is gone: what the browser says about that is no fault."""
    telephone.set_offline(True)
    yield page
    faults[:] = [one for one in faults if "ERR_INTERNET_DISCONNECTED" not in one]


def reconnect(page: Page) -> None:
    page.context.set_offline(False)


def to_send(page: Page) -> Any:
    """The tab that counts what waits."""
    return page.get_by_role("link", name=re.compile("Envoi"))


# --- Noting ---------------------------------------------------------------------------------------


def test_what_is_noted_without_a_network_is_sent_once_it_is_back(cut: Page, desk_end: Desk) -> None:
    note(cut, "Des matelas", look="Propreté des abords", photos=2)
    note(cut, "Un beau massif", look="Plantations", strength=True)
    expect(to_send(cut)).to_have_text("Envoi (4)")
    assert not desk_end.items
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    first, second = desk_end.items
    assert (first["theme"], first["strength"], first["severity"]) == ("proprete", False, 2)
    assert (second["theme"], second["strength"], second["severity"]) == (
        "espaces_verts",
        True,
        None,
    )
    assert (first["pictures"], second["pictures"]) == (2, 0)
    assert first["uid"] != second["uid"]
    assert len(set(desk_end.photos)) == len(desk_end.photos) == 2
    assert rows(cut, "bytes") == []  # a photo that was received weighs nothing any more
    expect(cut.get_by_text("Reçu · 2 photos")).to_be_visible()


def test_a_finding_lies_at_its_stop_unless_one_says_where(
    cut: Page, telephone: BrowserContext, walk: Walk, desk_end: Desk
) -> None:
    stop = first_stop(walk)
    note(cut, "À l’arrêt", look="Plantations")
    cut.get_by_role("button", name="Plantations").click()
    fill_in(cut, "Sur le plan", look="Plantations")
    expect(cut.get_by_text(OWN_POINT)).to_be_visible()
    cut.locator(".foot-plan").click(position={"x": 20, "y": 20})
    expect(cut.get_by_text("Point touché sur le plan.")).to_be_visible()
    cut.get_by_role("button", name="Garder", exact=True).click()
    telephone.grant_permissions(["geolocation"])
    telephone.set_geolocation({"latitude": 50.37, "longitude": 3.51, "accuracy": 12})
    cut.get_by_role("button", name="Plantations").click()
    fill_in(cut, "Ici", look="Plantations")
    cut.get_by_role("button", name="Ma position").click()
    expect(cut.get_by_text("Position reçue, à 10 mètres près.")).to_be_visible()
    cut.get_by_role("button", name="Garder", exact=True).click()
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    usual, touched, here = desk_end.items
    assert (usual["lat"], usual["lon"]) == (stop.latitude, stop.longitude)
    assert stop.latitude is not None
    assert stop.longitude is not None
    assert touched["lat"] > stop.latitude
    assert touched["lon"] < stop.longitude + 0.001
    assert (here["lat"], here["lon"]) == (50.37, 3.51)


def test_a_finding_on_the_way_belongs_to_no_stop(cut: Page, desk_end: Desk) -> None:
    cut.get_by_label("Aller à un arrêt").select_option("En chemin (sans arrêt)")
    expect(cut.get_by_role("heading", name="En chemin")).to_be_visible()
    note(cut, "Un banc cassé")
    cut.get_by_role("button", name="Arrêt suivant").click()
    expect(cut.get_by_role("heading", name=STOP)).to_be_visible()
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert desk_end.items[0]["stop"] is None


def test_what_is_missing_is_said_and_nothing_is_lost(cut: Page) -> None:
    cut.get_by_role("button", name="Ajouter un constat").click()
    cut.get_by_label("Note").fill("Des matelas")
    cut.get_by_role("button", name="Garder", exact=True).click()
    alert = cut.get_by_role("alert")
    expect(alert).to_contain_text("point fort ou un point faible")
    cut.get_by_label("Point faible", exact=True).check()
    cut.get_by_role("button", name="Garder", exact=True).click()
    expect(alert).to_contain_text("combien ça gêne")
    expect(cut.get_by_label("Note")).to_have_value("Des matelas")


def test_five_photos_at_most_and_people_are_told(cut: Page, desk_end: Desk) -> None:
    cut.get_by_role("button", name="Plantations").click()
    fill_in(cut, "Foule", look="Plantations")
    cut.locator("[data-camera]").set_input_files([photo(f"{n}.jpg", "#485a8c") for n in range(6)])
    expect(cut.locator("[data-photos] > li")).to_have_count(5)
    expect(cut.locator("[data-take]")).to_be_hidden()
    expect(cut.get_by_text("sans son accord signé").first).to_be_visible()
    cut.get_by_label("On reconnaît quelqu’un").nth(1).check()
    cut.get_by_role("button", name="Retirer cette photo").first.click()
    expect(cut.locator("[data-photos] > li")).to_have_count(4)
    cut.get_by_role("button", name="Garder", exact=True).click()
    expect(to_send(cut)).to_have_text("Envoi (5)")
    assert [one["people"] for one in rows(cut, "photos")].count(True) == 1
    assert len(rows(cut, "bytes")) == 4


def test_a_finding_half_written_survives_a_closed_tab(
    cut: Page, telephone: BrowserContext, live: Any, walk: Walk
) -> None:
    cut.get_by_role("button", name="Plantations").click()
    fill_in(cut, "À moitié", look="Plantations", photos=1)
    cut.wait_for_timeout(400)
    cut.close()
    again = telephone.new_page()
    again.goto(f"{live.url}{foot_of(walk)}")
    again.get_by_role("link", name="Reprendre").click()
    expect(again.get_by_label("Note")).to_have_value("À moitié")
    expect(again.get_by_label("Gêne vraiment")).to_be_checked()
    expect(again.locator("[data-photos] > li")).to_have_count(1)
    again.get_by_role("button", name="Garder", exact=True).click()
    expect(to_send(again)).to_have_text("Envoi (2)")


@pytest.mark.parametrize("online", [False, True])
def test_two_tabs_of_one_draft_lose_nothing(
    online: bool, page: Page, telephone: BrowserContext, desk_end: Desk, faults: list[str]
) -> None:
    telephone.set_offline(not online)
    page.get_by_role("button", name="Ajouter un constat").click()
    fill_in(page, "Un trou", photos=1)
    page.wait_for_timeout(400)  # its words are in the draft
    # The same code read again opens another tab, where the finding is finished.
    other = telephone.new_page()
    other.goto(f"{page.url.split('#')[0]}#noter")
    expect(other.get_by_label("Note")).to_have_value("Un trou")
    other.get_by_role("button", name="Garder", exact=True).click()
    expect(other.get_by_role("button", name="Ajouter un constat")).to_be_visible()
    if online:
        expect(to_send(other)).to_have_text("Envoi")
    other.get_by_role("button", name="Ajouter un constat").click()
    fill_in(other, "Le suivant")
    # Back to the first tab, whose form still stands: other words are another finding.
    page.bring_to_front()
    page.get_by_label("Note").fill("Un banc cassé")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_role("button", name="Ajouter un constat")).to_be_visible()
    other.get_by_role("button", name="Garder", exact=True).click()
    expect(other.get_by_role("button", name="Ajouter un constat")).to_be_visible()
    telephone.set_offline(False)
    for _ in range(50):  # the two tabs send one after the other
        page.wait_for_timeout(100)
        if len(desk_end.items) == 3 and desk_end.photos:
            break
    notes = {item["note"]: item for item in desk_end.items}
    assert set(notes) == {"Un trou", "Un banc cassé", "Le suivant"}
    assert (notes["Un trou"]["pictures"], len(desk_end.photos)) == (1, 1)
    assert len({item["uid"] for item in desk_end.items}) == 3
    faults[:] = [one for one in faults if "ERR_INTERNET_DISCONNECTED" not in one]


def test_keeping_again_what_another_tab_kept_doubles_nothing(
    cut: Page, telephone: BrowserContext, desk_end: Desk
) -> None:
    cut.get_by_role("button", name="Ajouter un constat").click()
    fill_in(cut, "Un trou", photos=1)
    cut.wait_for_timeout(400)
    other = telephone.new_page()
    other.goto(f"{cut.url.split('#')[0]}#noter")
    expect(other.get_by_label("Note")).to_have_value("Un trou")
    for tab in (other, cut):
        tab.get_by_role("button", name="Garder", exact=True).click()
        expect(tab.get_by_role("button", name="Ajouter un constat")).to_be_visible()
    other.close()
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert [item["note"] for item in desk_end.items] == ["Un trou"]
    assert len(desk_end.photos) == 1


def test_what_was_not_sent_is_corrected_or_taken_back(cut: Page, desk_end: Desk) -> None:
    note(cut, "Des matelats", look="Plantations", photos=1)
    note(cut, "En trop", look="Plantations")
    noted = cut.get_by_role("region", name="Noté ici sur ce téléphone")
    noted.get_by_role("listitem").filter(has_text="En trop").get_by_role(
        "button", name="Retirer"
    ).click()
    expect(noted.get_by_role("listitem")).to_have_count(1)
    noted.get_by_role("button", name="Corriger").click()
    expect(cut.get_by_label("Note")).to_have_value("Des matelats")
    expect(cut.locator("[data-photos] > li")).to_have_count(1)
    cut.get_by_label("Note").fill("Des matelas")
    reconnect(cut)  # what is being corrected does not leave
    cut.wait_for_timeout(500)
    assert not desk_end.items
    cut.get_by_role("button", name="Garder", exact=True).click()
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert [item["note"] for item in desk_end.items] == ["Des matelas"]
    assert len(desk_end.photos) == 1
    expect(cut.get_by_role("button", name="Corriger")).to_have_count(0)


def test_a_correction_that_is_given_up_leaves_what_was_noted(cut: Page, desk_end: Desk) -> None:
    note(cut, "Des matelas", look="Plantations", photos=1)
    cut.get_by_role("button", name="Corriger").click()
    expect(cut.get_by_label("Note")).to_have_value("Des matelas")
    cut.get_by_label("Note").fill("Autre chose")
    cut.get_by_role("button", name="Retirer cette photo").click()
    cut.get_by_role("button", name="Abandonner").click()
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert [item["note"] for item in desk_end.items] == ["Des matelas"]
    assert len(desk_end.photos) == 1


# --- Checks and presence --------------------------------------------------------------------------


def test_a_check_is_answered_in_its_own_words(
    telephone: BrowserContext, live: Any, cast: Cast, walk: Walk, desk_end: Desk
) -> None:
    check = a_check(walk, ("observation", found(cast, walk).pk), cast)
    page = telephone.new_page()
    page.goto(f"{live.url}{foot_of(walk)}")
    here = page.get_by_role("region", name="À vérifier ici")
    expect(here.get_by_role("button")).to_have_count(3)
    words = here.get_by_role("button").all_inner_texts()
    here.get_by_role("button", name=words[2], exact=True).click()
    page.get_by_label("Note").fill("Deux fois plus haut")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(here.get_by_text(f"Noté : {words[2]}")).to_be_visible()
    until(page, lambda: desk_end.items)
    expect(to_send(page)).to_have_text("Envoi")
    [item] = desk_end.items
    assert (item["kind"], item["check"], item["result"]) == ("answer", check.pk, "worse")
    assert item["note"] == "Deux fois plus haut"


def test_who_writes_what_everybody_will_read_is_told_first(
    telephone: BrowserContext, live: Any, cast: Cast, walk: Walk, desk_end: Desk, axe: Any
) -> None:
    _, line, _ = running(cast)
    a_check(walk, ("tfpb_line", line.pk), cast)
    page = telephone.new_page()
    page.goto(f"{live.url}{foot_of(walk)}")
    page.get_by_role("button", name="Fait, vu sur place").click()
    expect(page.get_by_label("Note")).to_have_accessible_description(
        re.compile("Tout le monde lira ce texte")
    )
    expect(page.get_by_text("Tout le monde lira ce texte")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Abandonner").click()
    page.get_by_role("button", name="Ajouter un constat").click()
    expect(page.get_by_label("Note")).to_be_visible()
    expect(page.get_by_text("Tout le monde lira ce texte")).to_be_hidden()


def test_an_answer_that_has_not_left_is_changed_and_not_doubled(
    cut: Page, cast: Cast, walk: Walk, desk_end: Desk
) -> None:
    reconnect(cut)
    a_check(walk, ("observation", found(cast, walk).pk), cast)
    cut.reload()
    here = cut.get_by_role("region", name="À vérifier ici")
    expect(here.get_by_role("button")).to_have_count(3)
    cut.context.set_offline(True)
    for place in (0, 1):
        here.get_by_role("button").nth(place).click()
        cut.get_by_role("button", name="Garder", exact=True).click()
        expect(here.get_by_text("Noté :")).to_be_visible()
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert [item["result"] for item in desk_end.items] == ["unseen"]


def test_what_was_noted_at_a_stop_taken_off_the_route_is_sent_without_it(
    cut: Page, walk: Walk, desk_end: Desk
) -> None:
    desk_end.refusals["Des matelas"] = "Cet arrêt n’est plus sur le parcours."
    note(cut, "Des matelas", look="Plantations")
    first_stop(walk).delete()
    reconnect(cut)
    expect(cut.get_by_role("heading", name="1. Rue des Lilas")).to_be_visible()
    to_send(cut).click()
    cut.get_by_role("button", name="Corriger").click()
    desk_end.refusals.clear()
    expect(cut.get_by_text("En chemin", exact=True)).to_be_visible()
    cut.get_by_role("button", name="Garder", exact=True).click()
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    assert desk_end.items[0]["stop"] is None
    assert desk_end.items[0]["lat"] is not None


def test_the_picture_of_what_is_looked_at_again_is_taken_along(
    telephone: BrowserContext, live: Any, cast: Cast, walk: Walk, faults: list[str]
) -> None:
    finding = found(cast, walked(cast))
    a_picture(finding)
    a_check(walk, ("observation", finding.pk), cast)
    page = telephone.new_page()
    page.goto(f"{live.url}{foot_of(walk)}")
    expect(page.get_by_alt_text("La photo d’avant")).to_be_visible()
    kept_page(page)
    telephone.set_offline(True)
    page.reload()
    picture = page.get_by_alt_text("La photo d’avant")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    faults[:] = [one for one in faults if "ERR_INTERNET_DISCONNECTED" not in one]


def test_presence_is_noted_for_organisations_and_others(
    cut: Page, walk: Walk, desk_end: Desk
) -> None:
    cut.get_by_role("link", name="Présents").click()
    town = cut.get_by_role("group", name="Ville d’Anzin")
    town.get_by_label("Là", exact=True).check()
    town.get_by_label("Pas là", exact=True).check()  # the last word counts, and leaves alone
    for _ in range(3):
        cut.get_by_role("button", name="Une de plus").click()
    expect(to_send(cut)).to_have_text("Envoi (2)")
    reconnect(cut)
    until(cut, lambda: desk_end.items)
    expect(to_send(cut)).to_have_text("Envoi")
    said, counted = desk_end.items
    guest = walk.gathering.guests.get(organisation__name="Ville d’Anzin")
    assert (said["kind"], said["guest"], said["came"]) == ("presence", guest.pk, False)
    assert counted["count"] == 3


# --- Sending --------------------------------------------------------------------------------------


def test_an_answer_that_is_lost_sends_nothing_twice(
    page: Page, desk_end: Desk, faults: list[str]
) -> None:
    lost: list[list[str]] = []

    def lose(route: Route) -> None:
        if lost:
            return route.fallback()
        lost.append([item["uid"] for item in json.loads(route.request.post_data or "")["items"]])
        return route.abort()

    page.context.route("**/envoi/", lose)
    note(page, "Des matelas", look="Plantations")
    to_send(page).click()
    expect(page.get_by_text("Pas de réseau.")).to_be_visible()
    expect(page.get_by_text("ne se corrige plus").first).to_be_visible()
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.get_by_text("Rien n’attend.")).to_be_visible()
    assert [item["uid"] for item in desk_end.items] == lost[0]
    faults[:] = [one for one in faults if "ERR_FAILED" not in one]


def test_what_is_refused_says_why_and_waits_for_a_decision(
    page: Page, desk_end: Desk, axe: Any
) -> None:
    desk_end.refusals["Vide"] = "Ce constat ne dit rien."
    note(page, "Vide", look="Plantations", photos=1)
    note(page, "Plein", look="Plantations")
    to_send(page).click()
    refused = page.get_by_role("region", name="Refusé : à vous de décider")
    expect(refused.get_by_text("Ce constat ne dit rien.")).to_be_visible()
    axe(page)
    until(page, lambda: desk_end.items)
    assert [item["note"] for item in desk_end.items] == ["Plein"]
    assert desk_end.photos == []
    refused.get_by_role("button", name="Corriger").click()
    page.get_by_label("Note").fill("Rempli")
    page.get_by_role("button", name="Garder", exact=True).click()
    until(page, lambda: desk_end.photos)
    assert [item["note"] for item in desk_end.items] == ["Plein", "Rempli"]
    assert len(desk_end.photos) == 1
    expect(to_send(page)).to_have_text("Envoi")


def test_one_thing_that_is_not_understood_does_not_hold_the_others(
    cut: Page, desk_end: Desk, faults: list[str]
) -> None:
    def picky(route: Route) -> None:
        items = json.loads(route.request.post_data or "")["items"]
        if any(item["note"] == "Bancal" for item in items):
            return route.fulfill(status=400, json={"error": "Illisible."})
        return route.fallback()

    cut.context.route("**/envoi/", picky)
    for words in ("Un", "Bancal", "Deux"):
        note(cut, words, look="Plantations")
    reconnect(cut)
    expect(to_send(cut)).to_have_text("Envoi (1)")
    assert [item["note"] for item in desk_end.items] == ["Un", "Deux"]
    faults[:] = [one for one in faults if "400" not in one]


def test_a_photo_that_comes_too_early_goes_later(
    page: Page, desk_end: Desk, faults: list[str]
) -> None:
    desk_end.early = 1
    note(page, "Des matelas", look="Plantations", photos=1)
    to_send(page).click()
    expect(page.get_by_text("À envoyer : 1 photo.")).to_be_visible()
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.get_by_text("Rien n’attend.")).to_be_visible()
    assert len(desk_end.photos) == 1
    faults[:] = [one for one in faults if "409" not in one]


def test_a_session_that_ended_keeps_all_and_signing_in_sends(
    page: Page, live: Any, cast: Cast, desk_end: Desk, axe: Any
) -> None:
    Session.objects.all().delete()
    note(page, "Des matelas", look="Plantations", photos=1)
    expect(page.get_by_text("Votre session est terminée.").first).to_be_visible()
    axe(page)
    page.reload()  # the page opens all the same, with what it keeps
    expect(page.get_by_role("heading", name=STOP)).to_be_visible()
    expect(to_send(page)).to_have_text("Envoi (2)")
    note(page, "Encore", look="Plantations")
    page.get_by_role("link", name="Se connecter").first.click()
    expect(page).to_have_url(re.compile(r"/connexion/\?next=/diagnostics/\d+/sur-place/"))
    back = re.search(r"next=([^&]+)", page.url)
    assert back
    sign_in(page.context, live.url, cast.claire)
    page.goto(f"{live.url}{back[1].replace('%3F', '?')}")
    until(page, lambda: desk_end.photos)  # they leave last
    assert [item["note"] for item in desk_end.items] == ["Des matelas", "Encore"]
    assert len(desk_end.photos) == 1
    expect(to_send(page)).to_have_text("Envoi")


def test_a_closed_link_keeps_all_and_says_whom_to_ask(
    new_context: Callable[..., BrowserContext],
    live: Any,
    walk: Walk,
    desk_end: Desk,
    faults: list[str],
) -> None:
    context = new_context(**PHONE)
    context.route("**/envoi/", desk_end.items_came)
    page = context.new_page()
    page.goto(f"{live.url}{joined_of(walk)}")
    expect(page.get_by_role("heading", name=STOP)).to_be_visible()
    kept_page(page)
    Walk.objects.filter(pk=walk.pk).update(nonce="another")
    note(page, "Des matelas", look="Plantations")
    page.reload()
    to_send(page).click()
    expect(page.get_by_text("demandez le lien à l’organisateur")).to_be_visible()
    walk.refresh_from_db()
    page.goto(f"{live.url}{joined_of(walk)}")
    until(page, lambda: desk_end.items)
    expect(to_send(page)).to_have_text("Envoi")
    assert [item["note"] for item in desk_end.items] == ["Des matelas"]
    faults[:] = [one for one in faults if "404" not in one]


# --- What stays on the telephone ------------------------------------------------------------------


def test_a_walk_that_is_over_leaves_the_telephone_once_all_is_sent(
    cut: Page, walk: Walk, desk_end: Desk, live: Any
) -> None:
    note(cut, "Des matelas", look="Plantations")
    past = walk.gathering.starts_at - timedelta(days=2)
    Gathering.objects.filter(pk=walk.gathering_id).update(
        starts_at=past, ends_at=past + timedelta(hours=2)
    )
    reconnect(cut)
    expect(cut.get_by_text("Ce diagnostic est terminé").first).to_be_visible()
    expect(cut.get_by_text("plus rien de ce diagnostic n’est gardé")).to_be_visible()
    assert len(desk_end.items) == 1
    cut.goto(f"{live.url}/diagnostics/hors-ligne/")
    expect(cut.get_by_text("Aucun diagnostic n’est gardé ici.")).to_be_visible()
    assert [rows(cut, shelf) for shelf in ("walks", "items", "photos", "bytes", "drafts")] == [
        []
    ] * 5


def test_erasing_warns_of_what_waits(cut: Page, axe: Any) -> None:
    note(cut, "Des matelas", look="Plantations", photos=1)
    to_send(cut).click()
    cut.get_by_role("button", name="Effacer de ce téléphone").click()
    expect(cut.get_by_text("Serait perdu : 1 constat, 1 photo.")).to_be_visible()
    axe(cut)
    cut.get_by_role("button", name="Garder", exact=True).click()
    assert len(rows(cut, "items")) == 1
    cut.get_by_role("button", name="Effacer de ce téléphone").click()
    cut.get_by_role("button", name="Effacer quand même").click()
    expect(cut.get_by_role("heading", name="Diagnostics gardés sur ce téléphone")).to_be_visible()
    expect(cut.get_by_text("Aucun diagnostic n’est gardé ici.")).to_be_visible()
    assert rows(cut, "walks") == []


def test_the_list_without_a_network_leads_to_the_walks_that_are_kept(
    cut: Page, live: Any, axe: Any
) -> None:
    note(cut, "Des matelas", look="Plantations")
    cut.goto(f"{live.url}/diagnostics/hors-ligne/")
    expect(cut.get_by_text("À envoyer : 1 constat")).to_be_visible()
    axe(cut)
    cut.get_by_role("link", name="Diagnostic des Rives").click()
    expect(cut.get_by_role("heading", name=STOP)).to_be_visible()


def test_a_walk_that_was_never_opened_says_what_to_do(
    cut: Page, cast: Cast, live: Any, axe: Any
) -> None:
    cut.goto(f"{live.url}/diagnostics/999/sur-place/")
    expect(cut.get_by_text("Ouvrez cette page une fois avec du réseau")).to_be_visible()
    axe(cut)


# --- One hand, a keyboard, a small budget ---------------------------------------------------------


def test_every_target_is_48_pixels(cut: Page, cast: Cast) -> None:
    small = """() => [...document.querySelectorAll('main :is(a, button, select, .choice)')]
        .filter(one => one.checkVisibility())
        .map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
        .map(([what, box]) => `${what} ${box.width}x${box.height}`)"""
    assert cut.evaluate(small) == []
    note(cut, "Des matelas", look="Plantations")
    cut.get_by_role("button", name="Plantations").click()
    fill_in(cut, "Encore", look="Plantations", photos=1)
    assert cut.evaluate(small) == []
    cut.get_by_role("button", name="Abandonner").click()
    for tab in ("Présents", "Envoi"):
        cut.get_by_role("link", name=re.compile(tab)).click()
        assert cut.evaluate(small) == [], tab


def test_a_finding_is_noted_with_the_keyboard_alone(cut: Page, desk_end: Desk) -> None:
    cut.get_by_role("button", name="Plantations").focus()
    cut.keyboard.press("Enter")
    expect(cut.get_by_role("heading", name="Ajouter un constat")).to_be_focused()
    cut.keyboard.press("Tab")
    cut.keyboard.press("Space")  # strength
    cut.get_by_label("Note").focus()
    cut.keyboard.type("Au clavier")
    cut.get_by_role("button", name="Garder", exact=True).focus()
    cut.keyboard.press("Enter")
    expect(cut.get_by_role("heading", name=STOP)).to_be_focused()
    assert rows(cut, "items")[0]["body"]["note"] == "Au clavier"


def test_the_page_keeps_within_its_budget(
    live: Any, walk: Walk, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(**PHONE, service_workers="block").new_page()

    def to_the_end() -> None:
        page.goto(f"{live.url}{joined_of(walk)}")
        expect(page.get_by_role("heading", name=STOP)).to_be_visible()

    cost = budget.cost_of(page, to_the_end)
    assert cost.scripts <= 30_000, cost
    assert cost.total <= budget.PAGE, cost


def test_a_form_opened_and_left_as_it_was_leaves_nothing_begun(
    telephone: BrowserContext, live: Any, walk: Walk
) -> None:
    page = telephone.new_page()
    page.goto(live.url + foot_of(walk))
    page.get_by_role("button", name="Ajouter un constat").click()
    expect(page.get_by_role("button", name="Garder")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=STOP)).to_be_visible()
    expect(page.get_by_text("Un constat commencé est gardé.")).to_be_hidden()
    page.get_by_role("button", name="Ajouter un constat").click()
    page.get_by_label("Note").fill("Un banc cassé")
    page.go_back()
    expect(page.get_by_text("Un constat commencé est gardé.")).to_be_visible()
