"""What a browser keeps of reports: one begun, one that waits, one that was refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from parvis.reports.links import token_of
from parvis.reports.models import Contact, Report, SpentChallenge, Voice
from tests.cast import Cast
from tests.reports.pages import TELL
from tests.reports.scene import filed, make_public

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "#8c5a48").save(out, "JPEG")
    return {"name": "trou.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def begin(page: Page, site: str, **fields: str) -> None:
    """Step 3, with words and a photo."""
    page.goto(site + TELL)
    for name, value in {"text": "Un grand trou", **fields}.items():
        page.fill(f"[name={name}]", value)
    page.set_input_files("input[type=file]", picture())
    page.wait_for_function("() => JSON.parse(localStorage.getItem('parvis:report')).photos === 1")


def how_many_photos(page: Page) -> int:
    found: int = page.evaluate("() => document.querySelector('input[type=file]').files.length")
    return found


def test_a_report_begun_is_offered_again_with_its_photos(
    live: Any, town: Cast, new_context: Any
) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, live.url, email="lea@exemple.test")
    page.close()

    page = context.new_page()
    page.goto(live.url + "/signaler/")
    expect(page.get_by_text("Vous aviez commencé un signalement")).to_be_visible()
    page.get_by_role("link", name="Reprendre votre signalement").click()
    expect(page.locator("[name=text]")).to_have_value("Un grand trou")
    page.wait_for_function("() => document.querySelector('input[type=file]').files.length === 1")
    assert page.input_value("[name=email]") == ""  # the device may be shared
    page.click("[data-send]")
    page.wait_for_selector("[data-sent]")
    assert Report.objects.get().photos.count() == 1
    page.goto(live.url + "/signaler/")
    expect(page.get_by_text("Vous aviez commencé")).to_have_count(0)


def test_somebody_else_sees_no_word_of_it_unless_they_ask_and_may_erase_it(
    live: Any, town: Cast, new_context: Any
) -> None:
    context = new_context()
    begin(context.new_page(), live.url)
    page = context.new_page()
    page.goto(live.url + TELL)
    page.get_by_role("button", name="Effacer").click()
    expect(page.get_by_text("Vous aviez commencé")).to_have_count(0)
    assert (page.input_value("[name=text]"), how_many_photos(page)) == ("", 0)
    page.reload()
    assert page.evaluate("() => localStorage.getItem('parvis:report')") is None


def test_a_week_later_it_is_forgotten(live: Any, town: Cast, phone: Any) -> None:
    begin(phone, live.url)
    phone.evaluate(
        """() => {
            const kept = JSON.parse(localStorage.getItem('parvis:report'));
            kept.at -= 7 * 24 * 3600 * 1000 + 1000;
            localStorage.setItem('parvis:report', JSON.stringify(kept));
        }"""
    )
    phone.goto(live.url + TELL)
    assert phone.input_value("[name=text]") == ""
    assert phone.evaluate("() => localStorage.getItem('parvis:report')") is None


def test_when_the_answer_is_lost_the_report_is_sent_again_and_counts_once(
    live: Any, town: Cast, new_context: Any, faults: list[str]
) -> None:
    page = new_context(service_workers="block").new_page()

    def received_but_not_told(route: Route) -> None:
        route.fetch()
        route.abort()

    begin(page, live.url)
    page.route("**/signaler/envoi/", received_but_not_told)
    page.click("[data-send]")
    expect(page.get_by_text("1 signalement attend le réseau")).to_be_visible()
    assert Report.objects.count() == 1
    page.unroute("**/signaler/envoi/")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("[data-reference]").first).to_have_text(Report.objects.get().reference)
    assert (Report.objects.count(), Voice.objects.count()) == (1, 1)
    faults.clear()


def test_what_is_refused_later_is_corrected_with_its_photos(
    live: Any, town: Cast, new_context: Any, faults: list[str], axe: Any
) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, live.url, phone="06 12")
    context.set_offline(True)
    page.click("[data-send]")
    expect(page.get_by_text("1 signalement attend le réseau")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Un signalement n’a pas pu être reçu")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Corriger").click()
    expect(page.get_by_role("alert")).to_contain_text("pas complet")
    assert page.input_value("[name=text]") == "Un grand trou"
    page.fill("[name=phone]", "06 12 34 56 78")
    page.click("[data-send]")
    page.wait_for_selector("[data-sent]")
    assert Report.objects.get().photos.count() == 1
    assert Contact.objects.get().phone == "+33612345678"
    page.goto(live.url + "/signaler/")
    expect(page.locator("[data-kept]")).to_be_empty()
    faults.clear()


def test_moi_aussi_waits_for_the_network_too(
    live: Any, town: Cast, new_context: Any, faults: list[str]
) -> None:
    report = make_public(filed().report)
    context = new_context()
    page = context.new_page()
    page.goto(f"{live.url}/signaler/moi-aussi/{report.reference}/")
    context.set_offline(True)
    page.click("[data-send]")
    expect(page.get_by_text("1 signalement attend le réseau")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("[data-reference]").first).to_have_text(report.reference)
    report.refresh_from_db()
    assert report.voice_count == 2
    faults.clear()


def test_what_waits_may_be_given_up(
    live: Any, town: Cast, new_context: Any, faults: list[str]
) -> None:
    context = new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    begin(page, live.url)
    context.set_offline(True)
    page.click("[data-send]")
    page.get_by_role("button", name="Abandonner").click()
    expect(page.locator("[data-kept]")).to_be_empty()
    context.set_offline(False)
    page.goto(live.url + "/signaler/")
    assert not Report.objects.exists()
    faults.clear()


def test_the_work_is_done_while_the_person_types(live: Any, town: Cast, phone: Any) -> None:
    with phone.expect_event("worker"):
        phone.goto(live.url + TELL)
    phone.fill("[name=text]", "Un trou")
    phone.click("[data-send]")
    phone.wait_for_selector("[data-sent]")
    assert SpentChallenge.objects.count() == 1


def named(name: str) -> dict[str, Any]:
    return {**picture(), "name": name}


def test_photos_taken_one_after_the_other_all_leave(live: Any, town: Cast, phone: Any) -> None:
    """A phone's camera gives one photo at a time, and the field alone forgets the former ones."""
    phone.goto(live.url + TELL)
    for name in ("trou.jpg", "mur.jpg", "porte.jpg"):
        phone.set_input_files("input[type=file]", named(name))
    expect(phone.locator("[data-photos] .photos img")).to_have_count(3)
    phone.get_by_role("button", name="Enlever mur.jpg").click()
    expect(phone.locator("[data-photos] .photos img")).to_have_count(2)
    assert how_many_photos(phone) == 2
    phone.click("[data-send]")
    phone.wait_for_selector("[data-sent]")
    assert Report.objects.get().photos.count() == 2


def test_what_is_no_picture_for_this_browser_is_shown_by_its_name(
    live: Any, town: Cast, phone: Any
) -> None:
    phone.goto(live.url + TELL)
    heic = {"name": "IMG_2.HEIC", "mimeType": "image/heic", "buffer": b"not for this browser"}
    phone.set_input_files("input[type=file]", heic)
    expect(phone.locator("[data-photos] .photos li")).to_contain_text("IMG_2.HEIC")
    expect(phone.locator("[data-photos] .photos img")).to_have_count(0)


def test_the_follow_page_takes_several_photos_too(
    live: Any, town: Cast, phone: Any, axe: Any
) -> None:
    phone.goto(live.url + "/suivre/" + token_of(filed()) + "/")
    phone.locator("#ajouter > summary").tap()
    for name in ("trou.jpg", "mur.jpg"):
        phone.set_input_files("#ajouter input[type=file]", named(name))
    expect(phone.locator("#ajouter .photos img")).to_have_count(2)
    axe(phone)
    phone.locator("#ajouter").get_by_role("button", name="Envoyer").tap()
    expect(phone.locator(".photos a img")).to_have_count(2)
    assert Report.objects.get().photos.count() == 2
